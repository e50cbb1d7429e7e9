using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// Greatest coverage (MMTok, arXiv 2508.18264, without the question): the tokens whose likenesses, as a softmax at temperature 0.2, cover all
/// tokens best, one after another by gain. Facility location; the greedy choice reaches 1 - 1/e of the best.
/// </summary>
public sealed class MmTokReducer : IVisualTokenReducer
{
    /// <summary>The paper's temperature between visual tokens.</summary>
    private const float Temperature = 0.2f;

    public string Name => "mmtok";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        float[] cover = Coverage(tokens);
        int count = tokens.Count;
        var covered = new float[count];
        var chosen = new List<int>(budget);
        // Gains only fall while the choice grows, so that an old gain is an upper bound: only the head of the queue is looked at again.
        var queue = new PriorityQueue<(int Token, int Age), (float, int)>(count);
        for (int i = 0; i < count; i++)
            queue.Enqueue((i, -1), (float.NegativeInfinity, i));
        while (chosen.Count < budget)
        {
            (int token, int age) = queue.Dequeue();
            ReadOnlySpan<float> row = cover.AsSpan(token * count, count);
            if (age < chosen.Count)
            {
                queue.Enqueue((token, chosen.Count), (-Gain(row, covered), token));
                continue;
            }
            chosen.Add(token);
            TensorPrimitives.Max(covered, row, covered);
        }
        chosen.Sort();
        return tokens.Take(chosen);
    }

    /// <summary>How well each token covers each other, [covering, covered]: the softmax over the covering ones for every covered one.</summary>
    private static float[] Coverage(VisualTokens tokens)
    {
        float[] unit = TokenFrames.UnitRows(tokens);
        (int count, int hidden) = (tokens.Count, tokens.Hidden);
        var cover = new float[(long)count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = i; j < count; j++)
            {
                float likeness = TokenFrames.Likeness(unit, hidden, i, j);
                cover[(long)i * count + j] = cover[(long)j * count + i] = MathF.Exp((likeness - 1) / Temperature);
            }
        }
        // The matrix is symmetric before it is normalised, so a column's sum is its row's.
        var sums = new float[count];
        for (int i = 0; i < count; i++)
            sums[i] = TensorPrimitives.Sum(cover.AsSpan(i * count, count));
        for (int i = 0; i < count; i++)
            TensorPrimitives.Divide(cover.AsSpan(i * count, count), sums, cover.AsSpan(i * count, count));
        return cover;
    }

    private static float Gain(ReadOnlySpan<float> row, ReadOnlySpan<float> covered)
    {
        float gain = 0;
        for (int i = 0; i < row.Length; i++)
            gain += Math.Max(0, row[i] - covered[i]);
        return gain;
    }
}
