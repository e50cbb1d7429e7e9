using Streaming.Compression;
using Streaming.Compression.Codec;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>
/// Which keyframes are not encoded: those that only come because none came for long, where neither picture nor codec shows a change since
/// the last one that was. They take over its tokens. The stages each call their own half.
/// </summary>
internal sealed class TokenReuse(CodecWatchOptions options)
{
    /// <summary>Less of the picture than one of the selector's cells, and less light than one level.</summary>
    private const float NoChange = 1f / 256;

    private readonly CodecWatch _watch = new(options);
    private (int Number, TimeSpan Time)? _asked;
    private (int Number, VisualTokens Tokens)? _encoded;

    public CodecEvidence Evidence => _watch.Evidence;

    /// <summary>A session begins: what was before it is another picture.</summary>
    public void Begin()
    {
        _watch.Restart();
        _asked = null;
    }

    /// <summary>Every frame, whether looked at or not.</summary>
    /// <returns>What the codec tells of it.</returns>
    public CodecNews Observe(Frame frame) => _watch.Observe(frame.Codec, frame.Time);

    /// <summary>The number of the keyframe that this one looks like; null: it has to be encoded.</summary>
    /// <param name="time">In its own session.</param>
    public int? SameAs(Keyframe keyframe, TimeSpan time)
    {
        if (keyframe is { Reason: KeyframeReason.MaximumGap, Change: < NoChange } && _asked is { } asked
            && time - asked.Time < options.LongestReuse && _watch.NothingChangedSince(asked.Time))
            return asked.Number;
        _asked = (keyframe.Number, time);
        return null;
    }

    /// <summary>Whether the tokens of that keyframe are here: it may have been lost before it was encoded.</summary>
    public bool Has(int number) => _encoded?.Number == number;

    public void Encoded(Keyframe keyframe, VisualTokens tokens) => _encoded = (keyframe.Number, tokens);

    /// <summary>The tokens that are here, as those of another keyframe.</summary>
    public VisualTokens TokensOf(Keyframe keyframe) => _encoded!.Value.Tokens.At(keyframe.Time);
}
