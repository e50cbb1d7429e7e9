using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// A dominant part by saliency and a contextual part that the rest merges into. VisionZip (arXiv 2412.04467): 54 of 64 tokens are dominant,
/// the targets of the rest lie evenly among it. VisionDrop's first stage (arXiv 2506.22283): half are dominant, the rest merges into those of
/// it that are most salient.
/// </summary>
/// <param name="visionDrop">VisionDrop's form.</param>
public sealed class VisionZipReducer(bool visionDrop) : IVisualTokenReducer
{
    private const double VisionZipDominant = 54.0 / 64, VisionDropDominant = 0.5;

    public string Name => visionDrop ? "visiondrop" : "visionzip";

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
        for (int frame = 0; frame < frames.Length; frame++)
            MergeFrame(tokens, unit, frames[frame], shares[frame], into);
        return tokens.Merge(into);
    }

    private void MergeFrame(VisualTokens tokens, float[] unit, (int Start, int Count) frame, int share, int[] into)
    {
        int dominant = (int)Math.Round(share * (visionDrop ? VisionDropDominant : VisionZipDominant), MidpointRounding.AwayFromZero);
        foreach (int i in TokenFrames.MostSalient(tokens, frame.Start, frame.Count, dominant))
            into[i] = i;
        int[] rest = [.. Enumerable.Range(frame.Start, frame.Count).Where(i => into[i] < 0)];
        int[] targets = Targets(tokens, rest, share - dominant);
        if (targets.Length == 0)
            return;
        foreach (int i in rest)
            into[i] = TokenFrames.Likest(unit, tokens.Hidden, i, targets);
        foreach (int target in targets)
            into[target] = target;
    }

    private int[] Targets(VisualTokens tokens, int[] rest, int count) => visionDrop
        ? [.. rest.OrderByDescending(i => tokens.Saliency.Span[i]).ThenBy(i => i).Take(count).Order()]
        : [.. Enumerable.Range(0, count).Select(i => rest[(int)((long)i * rest.Length / count)])];
}
