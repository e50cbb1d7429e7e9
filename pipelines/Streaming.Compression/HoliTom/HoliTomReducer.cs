using Streaming.Models;

namespace Streaming.Compression.HoliTom;

/// <summary>HoliTom's outer stage over the frames of one call; they must all have a token at every place.</summary>
/// <remarks>It looks at all frames before it decides; a live stream needs the causal form.</remarks>
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
        (int Start, int Count)[] frames = TokenFrames.Of(tokens);
        int places = frames[0].Count;
        if (Array.Exists(frames, frame => frame.Count != places))
            throw new ArgumentException("HoliTom needs whole frames: all of them with as many tokens.", nameof(tokens));
        HoliTomOptions asked = options with { RetainRatio = Math.Max(double.Epsilon, (double)budget / tokens.Count) };
        _reduction.Reduce(new TokenVolume(frames.Length, places, tokens.Hidden, tokens.Features.Span, tokens.Saliency.Span), asked, budget);
        ReadOnlySpan<ReducedToken> kept = _reduction.Tokens;
        var origins = new TokenOrigin[kept.Length];
        var weights = new float[kept.Length];
        var saliency = new float[kept.Length];
        for (int i = 0; i < kept.Length; i++)
            (origins[i], weights[i], saliency[i]) = (tokens.Origins.Span[kept[i].Frame * places + kept[i].Place], kept[i].Weight, kept[i].Saliency);
        return new VisualTokens(tokens.Hidden, _reduction.Features.ToArray(), origins, weights, saliency);
    }
}
