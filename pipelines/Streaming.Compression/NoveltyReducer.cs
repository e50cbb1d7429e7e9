using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression;

/// <summary>
/// Keeps what is new in time and stands out in its frame: the score of a token is its cosine distance from the last one kept at its
/// place, times one plus how far it is from its frame's mean in units of the frame's average. So a thing that moves stays before the
/// ground that it uncovers. A place that was never seen is as new as it stands out.
/// </summary>
/// <remarks>
/// Time as in TimeChat-Online's differential token dropping, place by distinctiveness. Ground that never was kept counts as known from
/// its first sight on: it is not among what is kept, and nothing but a change there brings it in.
/// </remarks>
public sealed class NoveltyReducer(NoveltyOptions options) : NewsReducer
{
    public override string Name => "novelty";

    protected override bool RemembersFirstSight => true;

    protected override int LeastOfFirstFrame => options.FirstFrame;

    protected override void Score(VisualTokens frame, ReadOnlySpan<float[]?> known, Span<float> scores)
    {
        float[] apart = Distinctiveness.Of(frame.Features.Span, frame.Hidden);
        float average = TensorPrimitives.Sum<float>(apart) / apart.Length;
        for (int token = 0; token < frame.Count; token++)
        {
            float emphasis = average > 0 ? 1 + apart[token] / average : 1;
            scores[token] = Newness(frame[token], known[token], apart[token]) * emphasis - options.Threshold;
        }
    }

    private static float Newness(ReadOnlySpan<float> token, float[]? last, float apart)
    {
        if (last is null)
            return apart;
        float cosine = TensorPrimitives.CosineSimilarity(token, last);
        return float.IsNaN(cosine) ? 0 : 1 - cosine; // two zero vectors say nothing new
    }
}

/// <summary>Settings of <see cref="NoveltyReducer"/>.</summary>
public sealed record NoveltyOptions
{
    /// <summary>Scores up to this are dropped, 0 or more.</summary>
    public float Threshold { get; init; } = 0.07f;

    /// <summary>
    /// Tokens kept at least of the first frame of a stream, the highest scores first: also a scene in which nothing stands out was seen, and a
    /// question about its beginning must have something to look at. Four is what InternLM-XComposer2.5-OmniLive's short-term memory keeps of
    /// every frame (a 2x2 grid).
    /// </summary>
    public int FirstFrame { get; init; } = 4;

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() => this switch
    {
        { Threshold: not (>= 0) } => $"{nameof(Threshold)} must not be negative",
        { FirstFrame: < 0 } => $"{nameof(FirstFrame)} must not be negative",
        _ => null,
    };
}
