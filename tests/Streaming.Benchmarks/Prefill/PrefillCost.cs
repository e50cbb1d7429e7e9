using Streaming.Models;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Benchmarks.Prefill;

/// <summary>What reading visual tokens costs a language model, as the papers on fewer tokens count it.</summary>
public static class PrefillCost
{
    /// <summary>
    /// FLOPs of the visual tokens alone: 4nd² + 2n²d + 2ndm a layer, of n tokens of width d and a feed-forward m wide. So FastV
    /// (arXiv 2403.06764, section 4.1) and HoliTom (arXiv 2505.21334) have it; it counts neither words nor clustering.
    /// </summary>
    /// <param name="tokens">How many there are before the first layer.</param>
    /// <param name="reducer">What happens to them between the layers; null: nothing.</param>
    public static double Flops(DecoderShape shape, int tokens, InnerReducer? reducer = null)
    {
        double flops = 0;
        var (layer, count) = (0, tokens);
        foreach (var cut in reducer?.Cuts ?? [])
        {
            int next = cut.LayerOf(shape.Layers);
            flops += (next - layer) * OfLayer(shape, count);
            (layer, count) = (next, (int)Math.Round(tokens * cut.Keep));
        }
        return flops + ((shape.Layers - layer) * OfLayer(shape, count));
    }

    private static double OfLayer(DecoderShape shape, double tokens) =>
        (4 * tokens * shape.Hidden * shape.Hidden) + (2 * tokens * tokens * shape.Hidden) + (2 * tokens * shape.Hidden * shape.Inner);
}
