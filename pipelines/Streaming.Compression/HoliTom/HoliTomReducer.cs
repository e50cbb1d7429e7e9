using Streaming.Models;

namespace Streaming.Compression.HoliTom;

/// <summary>HoliTom's outer stage over the frames of one call; they must all have a token at every place.</summary>
/// <remarks>It looks at all frames before it decides; a live stream needs <see cref="CausalHoliTom"/>.</remarks>
public sealed class HoliTomReducer(HoliTomOptions options) : IVisualTokenReducer
{
    private readonly HoliTomReduction _reduction = new();

    public string Name => "holitom";

    /// <exception cref="ArgumentException">A frame has more or fewer tokens than the first.</exception>
    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        int places = TokenFrames.PlacesOfWhole(tokens);
        HoliTomOptions asked = options with { RetainRatio = Math.Max(double.Epsilon, (double)budget / tokens.Count) };
        _reduction.Reduce(new TokenVolume(tokens.Count / places, places, tokens.Hidden, tokens.Features.Span, tokens.Saliency.Span), asked, budget);
        return _reduction.Kept.ToVisualTokens(token => tokens.Origins.Span[token.Frame * places + token.Place]);
    }
}
