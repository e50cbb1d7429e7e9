using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// Greatest coverage (MMTok, arXiv 2508.18264): the tokens whose likenesses, as softmaxes, cover all tokens and the words of the question
/// best, one after another by gain. Without a question facility location. The greedy choice reaches 1 - 1/e of the best.
/// </summary>
/// <param name="withQuestion">Also cover the question.</param>
public sealed class MmTokReducer(bool withQuestion) : IVisualTokenReducer, IQuestionReducer
{
    /// <summary>The paper's temperatures between visual tokens, and between words and visual tokens.</summary>
    private const float VisualTemperature = 0.2f, WordTemperature = 0.02f;

    /// <summary>The paper's weight of covering the tokens next to covering the words.</summary>
    private const float VisualWeight = 0.5f;

    public string Name => withQuestion ? "mmtok-question" : "mmtok";

    public bool ReadsQuestion => withQuestion;

    public VisualTokens Reduce(VisualTokens tokens, int budget) => Reduce(tokens, [], budget);

    public VisualTokens Reduce(VisualTokens tokens, ReadOnlySpan<float> words, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        int columns = tokens.Count + words.Length / tokens.Hidden;
        float[] cover = Coverage(tokens, words);
        var covered = new float[columns];
        var chosen = new List<int>(budget);
        // Gains only fall while the choice grows, so that an old gain is an upper bound: only the head of the queue is looked at again.
        var queue = new PriorityQueue<(int Token, int Age), (float, int)>(tokens.Count);
        for (int i = 0; i < tokens.Count; i++)
            queue.Enqueue((i, -1), (float.NegativeInfinity, i));
        while (chosen.Count < budget)
        {
            (int token, int age) = queue.Dequeue();
            ReadOnlySpan<float> row = cover.AsSpan(token * columns, columns);
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

    /// <summary>How well each token covers each token and then each word, [tokens, tokens + words]: softmaxes over the covering ones.</summary>
    private static float[] Coverage(VisualTokens tokens, ReadOnlySpan<float> words)
    {
        (int count, int hidden, float[] unit) = (tokens.Count, tokens.Hidden, TokenFrames.UnitRows(tokens));
        float[] spoken = TokenFrames.UnitRows(words, hidden);
        int asked = words.Length / hidden, columns = count + asked;
        var cover = new float[(long)count * columns];
        for (int i = 0; i < count; i++)
        {
            for (int j = i; j < count; j++)
                cover[(long)i * columns + j] = cover[(long)j * columns + i] = MathF.Exp((TokenFrames.Likeness(unit, hidden, i, j) - 1) / VisualTemperature);
            for (int word = 0; word < asked; word++)
            {
                float likeness = TensorPrimitives.Dot(unit.AsSpan(i * hidden, hidden), spoken.AsSpan(word * hidden, hidden));
                cover[(long)i * columns + count + word] = MathF.Exp((likeness - 1) / WordTemperature);
            }
        }
        Normalise(cover, count, columns, asked);
        return cover;
    }

    /// <summary>Makes each column a softmax, weighted so that the words together weigh as much as the tokens times <see cref="VisualWeight"/>.</summary>
    private static void Normalise(float[] cover, int count, int columns, int asked)
    {
        var scale = new float[columns];
        for (int i = 0; i < count; i++)
            TensorPrimitives.Add(scale, cover.AsSpan(i * columns, columns), scale);
        for (int column = 0; column < columns; column++)
            scale[column] = (column < count ? VisualWeight / count : 1f / asked) / Math.Max(scale[column], float.Epsilon);
        for (int i = 0; i < count; i++)
            TensorPrimitives.Multiply(cover.AsSpan(i * columns, columns), scale, cover.AsSpan(i * columns, columns));
    }

    private static float Gain(ReadOnlySpan<float> row, ReadOnlySpan<float> covered)
    {
        float gain = 0;
        for (int i = 0; i < row.Length; i++)
            gain += Math.Max(0, row[i] - covered[i]);
        return gain;
    }
}
