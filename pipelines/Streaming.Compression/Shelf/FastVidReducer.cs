using System.Numerics.Tensors;
using Streaming.Compression.HoliTom;
using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// FastVID (arXiv 2503.11187): segments where neighbouring frames are alike; of each frame's budget 60 % go to the most salient tokens, the
/// rest to anchors on every fourth frame of the segment, chosen by density peaks, into which all else of the segment merges.
/// </summary>
public sealed class FastVidReducer : IVisualTokenReducer
{
    /// <summary>The published settings: at least 7 cuts and one wherever frames are less alike than 0.9, 40 % of the budget for context,
    /// an anchor frame every 4, 4 neighbours, an anchor's own share at least 0.6.</summary>
    private const int Cuts = 7, AnchorStep = 4, Neighbours = 4;
    private const double CutBelow = 0.9, ContextShare = 0.4;
    private const float OwnShare = 0.6f;

    private readonly DensityPeaks _peaks = new();

    public string Name => "fastvid";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        (int Start, int Count)[] frames = TokenFrames.Of(tokens);
        int[] shares = TokenFrames.EqualShares(frames, budget);
        float[] unit = TokenFrames.UnitRows(tokens);
        var into = new int[tokens.Count];
        into.AsSpan().Fill(-1);
        foreach ((int first, int last) in Segments(tokens, frames))
            ReduceSegment(tokens, unit, frames.AsSpan(first, last - first + 1), shares.AsSpan(first, last - first + 1), into);
        return tokens.Merge(into, OwnShare);
    }

    private static List<(int First, int Last)> Segments(VisualTokens tokens, (int Start, int Count)[] frames)
    {
        float[] means = TokenFrames.Means(tokens, frames);
        var likeness = new float[frames.Length - 1];
        for (int i = 0; i < likeness.Length; i++)
            likeness[i] = TensorPrimitives.CosineSimilarity(means.AsSpan(i * tokens.Hidden, tokens.Hidden), means.AsSpan((i + 1) * tokens.Hidden, tokens.Hidden));
        HashSet<int> cuts = [.. Enumerable.Range(0, likeness.Length).OrderBy(i => likeness[i]).ThenBy(i => i).Take(Cuts)];
        cuts.UnionWith(Enumerable.Range(0, likeness.Length).Where(i => likeness[i] < CutBelow));
        var segments = new List<(int, int)>();
        int first = 0;
        foreach (int cut in cuts.Order())
        {
            segments.Add((first, cut));
            first = cut + 1;
        }
        segments.Add((first, frames.Length - 1));
        return segments;
    }

    private void ReduceSegment(VisualTokens tokens, float[] unit, ReadOnlySpan<(int Start, int Count)> frames, ReadOnlySpan<int> shares, int[] into)
    {
        int context = 0;
        for (int frame = 0; frame < frames.Length; frame++)
        {
            int forContext = (int)(shares[frame] * ContextShare);
            context += forContext;
            foreach (int i in TokenFrames.MostSalient(tokens, frames[frame].Start, frames[frame].Count, shares[frame] - forContext))
                into[i] = i;
        }
        int[] anchors = Anchors(tokens, frames, context, into);
        if (anchors.Length == 0)
            return;
        for (int i = frames[0].Start; i < frames[^1].Start + frames[^1].Count; i++)
        {
            if (into[i] < 0)
                into[i] = TokenFrames.Likest(unit, tokens.Hidden, i, anchors);
        }
        foreach (int anchor in anchors)
            into[anchor] = anchor;
    }

    /// <summary>Density peaks among the tokens of every fourth frame, counted back from the segment's end, that are not kept already.</summary>
    private int[] Anchors(VisualTokens tokens, ReadOnlySpan<(int Start, int Count)> frames, int context, int[] into)
    {
        int anchorFrames = (frames.Length + AnchorStep - 1) / AnchorStep;
        var anchors = new List<int>();
        for (int k = 0; k < anchorFrames; k++)
        {
            (int start, int count) = frames[frames.Length - 1 - k * AnchorStep];
            int[] free = [.. Enumerable.Range(start, count).Where(i => into[i] < 0)];
            int share = Math.Min(free.Length, context / anchorFrames + (k < context % anchorFrames ? 1 : 0));
            if (share == 0)
                continue;
            _peaks.Cluster(tokens.Take(free).Features.Span, tokens.Hidden, share, Neighbours, published: false);
            anchors.AddRange(_peaks.Centres.ToArray().Select(centre => free[centre]));
        }
        return [.. anchors];
    }
}
