using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Recall;

/// <summary>How much visual tokens resemble words.</summary>
public static class WordLikeness
{
    /// <summary>The direction of all words together, [hidden], of length 1: a red thing and a circle are no red circle. Empty where they say nothing.</summary>
    /// <param name="words">How the model reads them, [words, hidden]; rows of zeros say nothing.</param>
    public static float[] Meaning(ReadOnlySpan<float> words, int hidden)
    {
        var sum = new float[hidden];
        float[] rows = TokenFrames.UnitRows(words, hidden);
        for (int start = 0; start < rows.Length; start += hidden)
            TensorPrimitives.Add(sum, rows.AsSpan(start, hidden), sum);
        return TensorPrimitives.Norm<float>(sum) > 0 ? TokenFrames.UnitRows(sum, hidden) : [];
    }

    /// <summary>The mean of the <paramref name="best"/> largest cosines; -1 where there is no token.</summary>
    public static double Of(IEnumerable<VisualTokens> seen, ReadOnlySpan<float> meaning, int best)
    {
        var top = new PriorityQueue<float, float>(best + 1);
        foreach (VisualTokens tokens in seen)
        {
            for (int i = 0; i < tokens.Count; i++)
            {
                if (TensorPrimitives.Norm(tokens[i]) is not (var norm and > 0))
                    continue;
                float cosine = TensorPrimitives.Dot(tokens[i], meaning) / norm;
                top.Enqueue(cosine, cosine);
                if (top.Count > best)
                    top.Dequeue();
            }
        }
        return top.Count == 0 ? -1 : top.UnorderedItems.Average(item => (double)item.Element);
    }
}
