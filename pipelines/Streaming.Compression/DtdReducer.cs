using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression;

/// <summary>
/// Differential token dropping (TimeChat-Online, feature form): a token is dropped if it resembles the last token kept at the
/// same place of the grid. If more than the budget remain, the most novel stay.
/// </summary>
/// <remarks>
/// The published form compares with the frame before; comparing with the last kept token also catches slow drift, where each
/// step alone is too small, and lets a reader rebuild every place of every frame to within the threshold from the kept tokens alone.
/// </remarks>
public sealed class DtdReducer(DtdOptions options) : IVisualTokenReducer
{
    // More novel than any cosine distance: a place that was never seen.
    private const float Unseen = 3;

    private readonly Dictionary<(short Row, short Column), float[]> _kept = [];

    public string Name => "dtd";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        int frameEnd = 0, left = budget;
        var chosen = new List<int>();
        for (int frameStart = 0; frameStart < tokens.Count; frameStart = frameEnd)
        {
            frameEnd = EndOfFrame(tokens, frameStart);
            var novel = Novel(tokens, frameStart, frameEnd, left);
            foreach (int index in novel)
                Keep(tokens, index);
            chosen.AddRange(novel);
            left -= novel.Count;
        }

        return tokens.Take(chosen);
    }

    public void Resume(VisualTokens kept)
    {
        for (int index = 0; index < kept.Count; index++)
            Keep(kept, index);
    }

    /// <summary>The tokens of one frame to keep, in order of place. Frames are served in order: a later one gets what budget is left.</summary>
    private List<int> Novel(VisualTokens tokens, int start, int end, int budget)
    {
        var novel = new List<(int Index, float Novelty)>();
        for (int index = start; index < end; index++)
            if (Novelty(tokens, index) is var novelty && novelty > 1 - options.Threshold)
                novel.Add((index, novelty));
        return [.. novel.OrderByDescending(token => token.Novelty).ThenBy(token => token.Index)
            .Take(budget).Select(token => token.Index).Order()];
    }

    private float Novelty(VisualTokens tokens, int index)
    {
        var origin = tokens.Origins.Span[index];
        if (!_kept.TryGetValue((origin.Row, origin.Column), out var last))
            return Unseen;
        float cosine = TensorPrimitives.CosineSimilarity(tokens[index], last);
        return float.IsNaN(cosine) ? 0 : 1 - cosine; // two zero vectors say nothing new
    }

    private void Keep(VisualTokens tokens, int index)
    {
        var origin = tokens.Origins.Span[index];
        if (!_kept.TryGetValue((origin.Row, origin.Column), out var last))
            _kept[(origin.Row, origin.Column)] = last = new float[tokens.Hidden];
        tokens[index].CopyTo(last);
    }

    private static int EndOfFrame(VisualTokens tokens, int start)
    {
        var origins = tokens.Origins.Span;
        int end = start;
        while (end < origins.Length && origins[end].Time == origins[start].Time)
            end++;
        return end;
    }
}
