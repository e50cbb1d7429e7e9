namespace Streaming.Video;

/// <summary>A stretch of mono sound at 16 kHz.</summary>
/// <param name="Time">Of its first sample, in the time of the source's frames.</param>
public sealed record Sound(TimeSpan Time, ReadOnlyMemory<short> Samples);
