using System.Numerics.Tensors;

namespace Streaming.Compression;

/// <summary>
/// Saliency from features alone, for encoders that export no attention: how far a token is from the mean of its frame.
/// One minus the cosine, so 0 to 2.
/// </summary>
public static class Distinctiveness
{
    /// <param name="features">The tokens of one frame, [tokens, hidden].</param>
    /// <returns>One number a token.</returns>
    public static float[] Of(ReadOnlySpan<float> features, int hidden)
    {
        int tokens = features.Length / hidden;
        var mean = new float[hidden];
        for (int token = 0; token < tokens; token++)
            TensorPrimitives.Add(mean, features.Slice(token * hidden, hidden), mean);
        var saliency = new float[tokens];
        if (TensorPrimitives.Norm<float>(mean) == 0)
            return saliency;
        for (int token = 0; token < tokens; token++)
        {
            ReadOnlySpan<float> feature = features.Slice(token * hidden, hidden);
            saliency[token] = TensorPrimitives.Norm(feature) == 0 ? 0 : 1 - TensorPrimitives.CosineSimilarity(feature, mean);
        }
        return saliency;
    }
}
