using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// Mean of square blocks of each frame's grid, the baseline of LLaVolta (arXiv 2406.20092): the smallest blocks that meet the budget. Where
/// one token a frame is still too much, neighbouring frames are averaged too.
/// </summary>
public sealed class AveragePoolingReducer : IVisualTokenReducer
{
    public string Name => "pool";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (budget == 0)
            return tokens.Take([]);
        (int Start, int Count)[] frames = TokenFrames.Of(tokens);
        int side = 1 + tokens.Origins.ToArray().Select(origin => (int)Math.Max(origin.Row, origin.Column)).DefaultIfEmpty(0).Max();
        for (int block = 1; block < side; block++)
        {
            int[] into = Blocks(tokens, frames, block, 1);
            if (Kept(into) <= budget)
                return tokens.Merge(into);
        }
        int together = 1;
        while ((frames.Length + together - 1) / together > budget)
            together++;
        return tokens.Merge(Blocks(tokens, frames, side, together));
    }

    /// <summary>Each token joins the first of its block of grid places and frames.</summary>
    private static int[] Blocks(VisualTokens tokens, (int Start, int Count)[] frames, int block, int together)
    {
        var into = new int[tokens.Count];
        var first = new Dictionary<(int Frame, int Row, int Column), int>();
        for (int frame = 0; frame < frames.Length; frame++)
        {
            for (int i = frames[frame].Start; i < frames[frame].Start + frames[frame].Count; i++)
            {
                TokenOrigin origin = tokens.Origins.Span[i];
                var key = (frame / together, origin.Row / block, origin.Column / block);
                into[i] = first.TryGetValue(key, out int already) ? already : first[key] = i;
            }
        }
        return into;
    }

    private static int Kept(int[] into) => into.Where((target, i) => target == i).Count();
}
