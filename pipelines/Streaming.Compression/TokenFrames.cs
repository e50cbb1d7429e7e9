using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression;

/// <summary>The tokens of a sequence frame by frame: those of one time.</summary>
internal static class TokenFrames
{
    /// <summary>First token and number of tokens of each frame, in order.</summary>
    public static (int Start, int Count)[] Of(VisualTokens tokens)
    {
        var frames = new List<(int, int)>();
        ReadOnlySpan<TokenOrigin> origins = tokens.Origins.Span;
        for (int start = 0, end; start < origins.Length; start = end)
        {
            for (end = start + 1; end < origins.Length && origins[end].Time == origins[start].Time; end++)
            {
            }
            frames.Add((start, end - start));
        }
        return [.. frames];
    }

    /// <summary>How many places every frame has.</summary>
    /// <exception cref="ArgumentException">A frame has more or fewer tokens than the first.</exception>
    public static int PlacesOfWhole(VisualTokens tokens)
    {
        (int Start, int Count)[] frames = Of(tokens);
        return Array.TrueForAll(frames, frame => frame.Count == frames[0].Count)
            ? frames[0].Count
            : throw new ArgumentException("HoliTom needs whole frames: all of them with as many tokens.", nameof(tokens));
    }

    /// <summary>The features as rows of length 1, [tokens, hidden]; a zero row stays zero.</summary>
    public static float[] UnitRows(VisualTokens tokens) => UnitRows(tokens.Features.Span, tokens.Hidden);

    /// <param name="features">Row-major [rows, hidden].</param>
    public static float[] UnitRows(ReadOnlySpan<float> features, int hidden)
    {
        float[] rows = features.ToArray();
        for (int start = 0; start < rows.Length; start += hidden)
        {
            Span<float> row = rows.AsSpan(start, hidden);
            float norm = TensorPrimitives.Norm<float>(row);
            if (norm > 0)
                TensorPrimitives.Divide(row, norm, row);
        }
        return rows;
    }

    /// <summary>Which of <paramref name="candidates"/> has the largest cosine with a token; of equals the first.</summary>
    /// <param name="unit">Rows of length 1, [tokens, hidden].</param>
    /// <param name="candidates">At least one.</param>
    public static int Likest(ReadOnlySpan<float> unit, int hidden, int token, ReadOnlySpan<int> candidates)
    {
        (int likest, float most) = (candidates[0], float.NegativeInfinity);
        foreach (int candidate in candidates)
        {
            float likeness = Likeness(unit, hidden, token, candidate);
            if (likeness > most)
                (likest, most) = (candidate, likeness);
        }
        return likest;
    }

    /// <summary>The cosine of two rows of length 1.</summary>
    public static float Likeness(ReadOnlySpan<float> unit, int hidden, int i, int j) =>
        TensorPrimitives.Dot(unit.Slice(i * hidden, hidden), unit.Slice(j * hidden, hidden));

    /// <summary>The mean of each frame's features, [frames, hidden].</summary>
    public static float[] Means(VisualTokens tokens, ReadOnlySpan<(int Start, int Count)> frames)
    {
        var means = new float[frames.Length * tokens.Hidden];
        for (int frame = 0; frame < frames.Length; frame++)
        {
            Span<float> mean = means.AsSpan(frame * tokens.Hidden, tokens.Hidden);
            for (int i = 0; i < frames[frame].Count; i++)
                TensorPrimitives.Add(mean, tokens[frames[frame].Start + i], mean);
            TensorPrimitives.Divide(mean, frames[frame].Count, mean);
        }
        return means;
    }

    /// <summary>The budget in equal parts, exactly: as many tokens to each frame as it has room for; where there are more frames than tokens, to evenly spread ones.</summary>
    public static int[] EqualShares(ReadOnlySpan<(int Start, int Count)> frames, int budget)
    {
        var shares = new int[frames.Length];
        if (budget < frames.Length)
        {
            for (int i = 0; i < budget; i++)
                shares[(int)((2L * i + 1) * frames.Length / (2 * budget))] = 1;
            return shares;
        }
        var sizes = new int[frames.Length];
        var ones = new double[frames.Length];
        for (int frame = 0; frame < frames.Length; frame++)
            (sizes[frame], ones[frame]) = (frames[frame].Count, 1);
        TokenBudget.Share(budget, new int[frames.Length], sizes, ones, shares);
        return shares;
    }

    /// <summary>The <paramref name="count"/> most salient tokens of a stretch, ascending.</summary>
    public static IEnumerable<int> MostSalient(VisualTokens tokens, int start, int length, int count) => Highest(tokens.Saliency.Span, start, length, count);

    /// <summary>The <paramref name="count"/> tokens of a stretch with the highest scores, ascending; of equals the first.</summary>
    public static IEnumerable<int> Highest(ReadOnlySpan<float> scores, int start, int length, int count)
    {
        var ranking = new ulong[length];
        for (int i = 0; i < length; i++)
            ranking[i] = Ranking.HighestFirst(scores[start + i], start + i);
        Array.Sort(ranking);
        return ranking.Take(count).Select(Ranking.IndexOf).Order();
    }
}
