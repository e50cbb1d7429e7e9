using Streaming.Compression.Codec;

namespace Streaming.Compression;

/// <summary>A frame that the selector kept because it says something new, with the reason.</summary>
/// <param name="Number">Counted from 0 per stream.</param>
/// <param name="Time">Presentation time since the start of the stream.</param>
/// <param name="Change">How far the frame is from the last kept one, 0..1.</param>
public sealed record Keyframe(int Number, TimeSpan Time, KeyframeReason Reason, float Change)
{
    /// <summary>What the codec told of it; null where it was not listened to. Not stored: only the reducer asks.</summary>
    public CodecNews? Codec { get; init; }
}

public enum KeyframeReason : byte
{
    /// <summary>The first frame of the stream, or the first that was looked at after the program started again.</summary>
    First,

    /// <summary>The picture differs from the last kept one.</summary>
    Change,

    /// <summary>Nothing changed for the longest allowed gap.</summary>
    MaximumGap,
}
