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
public sealed class DtdReducer(DtdOptions options) : NewsReducer
{
    // More novel than any cosine distance: a place that was never seen.
    private const float Unseen = 3;

    public override string Name => "dtd";

    protected override bool RemembersFirstSight => false;

    protected override void Score(VisualTokens frame, ReadOnlySpan<float[]?> known, Span<float> scores)
    {
        for (int token = 0; token < frame.Count; token++)
            scores[token] = Novelty(frame[token], known[token]) - (1 - options.Threshold);
    }

    private static float Novelty(ReadOnlySpan<float> token, float[]? last)
    {
        if (last is null)
            return Unseen;
        float cosine = TensorPrimitives.CosineSimilarity(token, last);
        return float.IsNaN(cosine) ? 0 : 1 - cosine; // two zero vectors say nothing new
    }
}
