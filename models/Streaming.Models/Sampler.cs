using System.Numerics.Tensors;

namespace Streaming.Models;

/// <summary>Chooses the next token from the logits of the last position.</summary>
public static class Sampler
{
    /// <summary>Greedy: the first of the largest logits, as every reference implementation breaks ties.</summary>
    public static int Greedy(ReadOnlySpan<float> logits) => logits.IndexOf(TensorPrimitives.Max(logits));
}
