using System.Numerics.Tensors;
using Streaming.Compression.HoliTom;
using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// PruneVid's merging (arXiv 2412.16117) before the language model: frames are clustered into segments, places that stay alike through a
/// segment are averaged over it, and what stands still and what moves are each clustered by density peaks to the budget's share.
/// </summary>
public sealed class PruneVidReducer : IVisualTokenReducer
{
    /// <summary>The published shares and thresholds: a quarter as many segments as frames, cosine 0.8 for a place that stands still, 7 neighbours.</summary>
    private const double SegmentShare = 0.25, Still = 0.8;
    private const int Neighbours = 7;

    private readonly DensityPeaks _peaks = new();

    public string Name => "prunevid";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        (int Start, int Count)[] frames = TokenFrames.Of(tokens);
        int[] into = [.. Enumerable.Range(0, tokens.Count)];
        foreach ((int first, int last) in Segments(tokens, frames))
            MergeStill(tokens, frames.AsSpan(first, last - first + 1), into);
        VisualTokens merged = tokens.Merge(into);
        return merged.Count <= budget ? merged : Cluster(merged, budget);
    }

    /// <summary>Clusters of frame means as runs: a frame that stands alone between two frames of another cluster belongs to that run.</summary>
    private List<(int First, int Last)> Segments(VisualTokens tokens, (int Start, int Count)[] frames)
    {
        int segments = Math.Max(1, (int)Math.Round(frames.Length * SegmentShare));
        _peaks.Cluster(TokenFrames.Means(tokens, frames), tokens.Hidden, segments, Neighbours, published: false);
        int[] cluster = _peaks.Clusters.ToArray();
        for (int frame = 1; frame + 1 < cluster.Length; frame++)
        {
            if (cluster[frame] != cluster[frame - 1] && cluster[frame - 1] == cluster[frame + 1])
                cluster[frame] = cluster[frame - 1];
        }
        var runs = new List<(int, int)>();
        for (int first = 0, last; first < cluster.Length; first = last + 1)
        {
            for (last = first; last + 1 < cluster.Length && cluster[last + 1] == cluster[first]; last++)
            {
            }
            runs.Add((first, last));
        }
        return runs;
    }

    /// <summary>A place whose tokens are alike over the segment, on average over all pairs, becomes one token with the first of them.</summary>
    private static void MergeStill(VisualTokens tokens, ReadOnlySpan<(int Start, int Count)> segment, int[] into)
    {
        if (segment.Length < 2)
            return;
        var places = new Dictionary<(short, short), List<int>>();
        foreach ((int start, int count) in segment)
        {
            for (int i = start; i < start + count; i++)
            {
                var place = (tokens.Origins.Span[i].Row, tokens.Origins.Span[i].Column);
                (places.TryGetValue(place, out List<int>? seen) ? seen : places[place] = []).Add(i);
            }
        }
        foreach (List<int> alike in places.Values)
        {
            if (alike.Count < 2 || MeanLikeness(tokens, alike) <= Still)
                continue;
            foreach (int i in alike)
                into[i] = alike[0];
        }
    }

    /// <summary>The mean cosine over all pairs: of m unit rows with sum s it is (|s|² - m) / (m² - m).</summary>
    private static double MeanLikeness(VisualTokens tokens, List<int> alike)
    {
        var sum = new float[tokens.Hidden];
        foreach (int i in alike)
        {
            float norm = TensorPrimitives.Norm(tokens[i]);
            if (norm > 0)
                TensorPrimitives.MultiplyAdd(tokens[i], 1 / norm, sum, sum);
        }
        double m = alike.Count;
        return (TensorPrimitives.SumOfSquares<float>(sum) - m) / (m * m - m);
    }

    /// <summary>Tokens of one weight class after the other: merged ones, and those of single frames, each in proportion.</summary>
    private VisualTokens Cluster(VisualTokens tokens, int budget)
    {
        int[] still = [.. Enumerable.Range(0, tokens.Count).Where(i => tokens.Weights.Span[i] > 1)];
        int[] moving = [.. Enumerable.Range(0, tokens.Count).Where(i => tokens.Weights.Span[i] <= 1)];
        var shares = new int[2];
        TokenBudget.Share(budget, [0, 0], [still.Length, moving.Length], [still.Length, moving.Length], shares);
        var into = new int[tokens.Count];
        into.AsSpan().Fill(-1);
        ClusterInto(tokens, still, shares[0], into);
        ClusterInto(tokens, moving, shares[1], into);
        return tokens.Merge(into);
    }

    private void ClusterInto(VisualTokens tokens, int[] members, int count, int[] into)
    {
        if (count == 0)
            return;
        VisualTokens some = tokens.Take(members);
        _peaks.Cluster(some.Features.Span, tokens.Hidden, count, Neighbours, published: false);
        for (int i = 0; i < members.Length; i++)
            into[members[i]] = members[_peaks.Centres[_peaks.Clusters[i]]];
    }
}
