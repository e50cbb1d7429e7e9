using System.Numerics.Tensors;
using Streaming.Models.Shapes;

namespace Streaming.Models;

/// <summary>Chooses the next token from the logits of the last position.</summary>
public static class Sampler
{
    /// <summary>Greedy: the first of the largest logits, as every reference implementation breaks ties.</summary>
    public static int Greedy(ReadOnlySpan<float> logits) => logits.IndexOf(TensorPrimitives.Max(logits));

    /// <summary>The first of the largest logits among those that are allowed.</summary>
    /// <param name="allowed">Of as many tokens as the vocabulary has; logits beyond are of none. One at least is true.</param>
    public static int Greedy(ReadOnlySpan<float> logits, ReadOnlySpan<bool> allowed)
    {
        int best = allowed.IndexOf(true);
        for (int token = best + 1; token < Math.Min(logits.Length, allowed.Length); token++)
            if (allowed[token] && logits[token] > logits[best])
                best = token;
        return best;
    }

    /// <summary>The first of the largest logits that the shape of the answer allows.</summary>
    /// <param name="shape">Null: all are allowed.</param>
    public static int Greedy(ReadOnlySpan<float> logits, ShapedAnswer? shape) => shape is null ? Greedy(logits) : Greedy(logits, shape.Allowed);
}
