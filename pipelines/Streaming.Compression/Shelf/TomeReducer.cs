using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// Token merging (ToMe, arXiv 2210.09461) of what lies before the language model: tokens alternate between two sets, each of the first finds
/// its likest in the second, and the likest pairs merge; again until the budget is met.
/// </summary>
/// <param name="withinFrames">As AIM (arXiv 2412.03248) has it: frame by frame, in order of place. Otherwise over the whole sequence.</param>
public sealed class TomeReducer(bool withinFrames) : IVisualTokenReducer
{
    public string Name => withinFrames ? "aim" : "tome";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (!withinFrames)
            return MergeTo(tokens, budget);
        (int Start, int Count)[] frames = TokenFrames.Of(tokens);
        int[] shares = TokenFrames.EqualShares(frames, budget);
        return frames.Select((frame, i) => MergeTo(tokens.Slice(frame.Start, frame.Count), shares[i])).ToArray().Join(tokens.Hidden);
    }

    private static VisualTokens MergeTo(VisualTokens tokens, int budget)
    {
        if (budget == 0)
            return tokens.Take([]);
        while (tokens.Count > budget)
            tokens = MergeOnce(tokens, tokens.Count - budget);
        return tokens;
    }

    /// <summary>One bipartite round: tokens of even number join their likest of odd number, the likest pairs first; at most half of the tokens go.</summary>
    private static VisualTokens MergeOnce(VisualTokens tokens, int most)
    {
        float[] unit = TokenFrames.UnitRows(tokens);
        int hidden = tokens.Hidden, sources = (tokens.Count + 1) / 2;
        var best = new int[sources];
        var ranking = new ulong[sources];
        for (int a = 0; a < sources; a++)
        {
            float likest = float.NegativeInfinity;
            for (int b = 1; b < tokens.Count; b += 2)
            {
                float likeness = TokenFrames.Likeness(unit, hidden, 2 * a, b);
                if (likeness > likest)
                    (likest, best[a]) = (likeness, b);
            }
            ranking[a] = Ranking.HighestFirst(likest, a);
        }
        Array.Sort(ranking);
        int[] into = [.. Enumerable.Range(0, tokens.Count)];
        foreach (ulong rank in ranking.AsSpan(0, Math.Min(most, tokens.Count / 2)))
            into[2 * Ranking.IndexOf(rank)] = best[Ranking.IndexOf(rank)];
        return tokens.Merge(into);
    }
}
