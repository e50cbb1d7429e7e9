namespace Streaming.Video;

/// <summary>How a decode ended. Complete also after a failure: what was decoded before it counts.</summary>
/// <param name="Facts">Null if no picture was decoded.</param>
/// <param name="Failure">Null if a file was read to its end or to the time asked for.</param>
/// <param name="Remark">One line about what is missing although pictures came, such as a film that ends before its header says; else null.</param>
/// <param name="CpuTime">User and system time of the decoder process.</param>
/// <param name="AllocatedBytes">Managed bytes that the whole decoder process allocated between its first and its last picture.</param>
public sealed record DecodeReport(
    VideoFacts? Facts,
    DecodeProgress Progress,
    SourceFailure? Failure,
    string? Remark,
    TimeSpan CpuTime,
    long AllocatedBytes)
{
    /// <summary>A camera's frame interval, the longest of its usual ones; zero: not known.</summary>
    public TimeSpan CameraInterval { get; init; }
}

/// <summary>Counts so far.</summary>
/// <param name="Decoded">Pictures decoded, wanted or not.</param>
/// <param name="Sampled">Pictures delivered.</param>
/// <param name="Unreadable">Packets or pictures that could not be read or decoded; decoding went on after them.</param>
/// <param name="Time">Time of the last decoded picture since the stream's start.</param>
public readonly record struct DecodeProgress(long Decoded, long Sampled, long Unreadable, TimeSpan Time);

/// <summary>What is known of a film once its first picture is decoded.</summary>
/// <param name="Codec">FFmpeg's name, such as <c>h264</c>.</param>
/// <param name="Container">FFmpeg's name of the demuxer, such as <c>matroska,webm</c>.</param>
/// <param name="Width">Of the coded picture in pixels, before rotation.</param>
/// <param name="Rotation">Clockwise degrees that make the picture upright: 0, 90, 180 or 270. Frames are delivered upright.</param>
/// <param name="FramesPerSecond">On average; null where the container does not say.</param>
/// <param name="Duration">By the container; null if it does not say, and for cameras.</param>
public sealed record VideoFacts(
    string Codec, string Container, int Width, int Height, int Rotation, double? FramesPerSecond, TimeSpan? Duration);
