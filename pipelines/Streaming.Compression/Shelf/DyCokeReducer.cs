using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// DyCoke's first stage (arXiv 2411.15024), token merging in time: of every four frames the first is whole, the second and fourth keep what
/// is least like the frame before, the third what is least like the first. The share they keep is what the budget leaves.
/// </summary>
public sealed class DyCokeReducer : IVisualTokenReducer
{
    private const int Group = 4;

    public string Name => "dycoke";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        (int Start, int Count)[] frames = TokenFrames.Of(tokens);
        int[] shares = Shares(frames, budget);
        var kept = new List<int>(budget);
        for (int frame = 0; frame < frames.Length; frame++)
        {
            int reference = (frame % Group) switch { 0 => frame, 2 => frame - 2, _ => frame - 1 };
            kept.AddRange(LeastLike(tokens, frames[frame], frames[reference], shares[frame]));
        }
        return tokens.Take(kept);
    }

    /// <summary>First frames whole while that leaves room, the others equally; below that all frames equally.</summary>
    private static int[] Shares((int Start, int Count)[] frames, int budget)
    {
        int whole = frames.Where((_, frame) => frame % Group == 0).Sum(frame => frame.Count);
        if (whole > budget)
            return TokenFrames.EqualShares(frames, budget);
        var shares = new int[frames.Length];
        int[] least = [.. frames.Select((frame, i) => i % Group == 0 ? frame.Count : 0)], sizes = [.. frames.Select(frame => frame.Count)];
        double[] ones = [.. frames.Select(_ => 1.0)];
        TokenBudget.Share(budget, least, sizes, ones, shares);
        return shares;
    }

    /// <summary>The tokens least like the one at the same place of the reference, a token without one first; of a frame that is its own reference the most salient.</summary>
    private static IEnumerable<int> LeastLike(VisualTokens tokens, (int Start, int Count) frame, (int Start, int Count) reference, int count)
    {
        if (frame == reference)
            return TokenFrames.MostSalient(tokens, frame.Start, frame.Count, count);
        var places = new Dictionary<(short, short), int>();
        for (int i = reference.Start; i < reference.Start + reference.Count; i++)
            places[(tokens.Origins.Span[i].Row, tokens.Origins.Span[i].Column)] = i;
        var ranking = new ulong[frame.Count];
        for (int i = 0; i < frame.Count; i++)
        {
            TokenOrigin origin = tokens.Origins.Span[frame.Start + i];
            float novelty = places.TryGetValue((origin.Row, origin.Column), out int other)
                ? 1 - TensorPrimitives.CosineSimilarity(tokens[frame.Start + i], tokens[other])
                : float.PositiveInfinity;
            ranking[i] = Ranking.HighestFirst(float.IsNaN(novelty) ? 0 : novelty, frame.Start + i);
        }
        Array.Sort(ranking);
        return ranking.Take(count).Select(Ranking.IndexOf).Order();
    }
}
