using Streaming.Models;

namespace Streaming.Compression.HoliTom;

/// <summary>The causal form over the frames of one call, as a live stream would have reduced them; they must all have a token at every place.</summary>
/// <param name="options">The retain ratio is what the budget of a call makes it.</param>
public sealed class CausalHoliTomReducer(CausalHoliTomOptions options) : IVisualTokenReducer
{
    public string Name => "holitom-causal";

    /// <exception cref="ArgumentException">A frame has more or fewer tokens than the first.</exception>
    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        int places = TokenFrames.PlacesOfWhole(tokens), frames = tokens.Count / places;
        HoliTomOptions asked = options.HoliTom with { RetainRatio = Math.Max(double.Epsilon, (double)budget / tokens.Count) };
        var causal = new CausalHoliTom(places, tokens.Hidden, options with { HoliTom = asked });
        var parts = new List<VisualTokens>();
        for (int frame = 0; frame < frames; frame++)
        {
            VisualTokens pushed = tokens.Slice(frame * places, places);
            causal.Push(pushed.Features.Span, pushed.Saliency.Span);
            parts.Add(causal.Final.ToVisualTokens(token => tokens.Origins.Span[token.Frame * places + token.Place]));
        }
        parts.Add(causal.Flush().ToVisualTokens(token => tokens.Origins.Span[token.Frame * places + token.Place]));
        return parts.Join(tokens.Hidden);
    }
}
