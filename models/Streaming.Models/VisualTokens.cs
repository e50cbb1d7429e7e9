namespace Streaming.Models;

/// <summary>
/// Visual tokens in temporal order: the rows that a language model reads in place of a picture.
/// Immutable; whoever holds it may read it from any thread.
/// </summary>
/// <remarks>Invariant: <see cref="Features"/> is row-major [<see cref="Count"/>, <see cref="Hidden"/>] and the three per-token
/// arrays have <see cref="Count"/> elements; origins never go back in time.</remarks>
public sealed class VisualTokens
{
    /// <param name="hidden">Width of a token; the hidden size of the language model it is meant for.</param>
    /// <param name="features">Row-major [count, hidden].</param>
    /// <param name="origins">Where each token comes from, [count].</param>
    /// <param name="weights">How many source tokens each stands for, [count]; 1 for an unmerged token.</param>
    /// <param name="saliency">How much each token matters inside its frame, [count]; comparable only within one encoder.</param>
    public VisualTokens(
        int hidden,
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<TokenOrigin> origins,
        ReadOnlyMemory<float> weights,
        ReadOnlyMemory<float> saliency)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hidden);
        int count = origins.Length;
        if (features.Length != (long)count * hidden || weights.Length != count || saliency.Length != count)
            throw new ArgumentException(
                $"{count} tokens of width {hidden} need {(long)count * hidden} features, {count} weights and {count} saliencies; " +
                $"got {features.Length}, {weights.Length} and {saliency.Length}.");
        Hidden = hidden;
        Features = features;
        Origins = origins;
        Weights = weights;
        Saliency = saliency;
    }

    public int Count => Origins.Length;

    public int Hidden { get; }

    public ReadOnlyMemory<float> Features { get; }

    public ReadOnlyMemory<TokenOrigin> Origins { get; }

    public ReadOnlyMemory<float> Weights { get; }

    public ReadOnlyMemory<float> Saliency { get; }

    /// <summary>The tokens from <paramref name="start"/> on, without copying.</summary>
    public VisualTokens Slice(int start, int count) => new(
        Hidden,
        Features.Slice(start * Hidden, count * Hidden),
        Origins.Slice(start, count),
        Weights.Slice(start, count),
        Saliency.Slice(start, count));

    /// <summary>The features of token <paramref name="index"/>, [hidden].</summary>
    public ReadOnlySpan<float> this[int index] => Features.Span.Slice(index * Hidden, Hidden);
}

/// <summary>Time and place of a token: the time of its frame since the start of the stream, row and column in the frame's token grid.</summary>
public readonly record struct TokenOrigin(TimeSpan Time, short Row, short Column);
