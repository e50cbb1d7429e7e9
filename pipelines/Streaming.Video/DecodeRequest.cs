namespace Streaming.Video;

/// <summary>Which pictures of a source are wanted, and how.</summary>
public sealed record DecodeRequest
{
    /// <summary>Sampling rate: the first picture at or after each tick k / rate, counted from the stream's start. Up to <see cref="MaxFramesPerSecond"/>.</summary>
    public double FramesPerSecond { get; init; } = 2;

    /// <summary>Five pictures a second is what perception reads; the keyframe selector needs two.</summary>
    public const double MaxFramesPerSecond = 5;

    /// <summary>The box, in pixels, that a picture is scaled down to fit (never up), with square pixels and upright.</summary>
    public int MaxWidth { get; init; } = 384;

    public int MaxHeight { get; init; } = 384;

    /// <summary>Scale to exactly <see cref="MaxWidth"/> x <see cref="MaxHeight"/>, whatever the shape.</summary>
    public bool ExactSize { get; init; }

    /// <summary>Pictures before this time since the stream's start are not delivered. Files only.</summary>
    public TimeSpan From { get; init; }

    /// <summary>Pictures at or after this time are neither delivered nor waited for; null: until the end.</summary>
    public TimeSpan? To { get; init; }

    /// <summary>Decode nothing but intra frames: about 7 % of the work of a full decode, as measured at 1080p.</summary>
    public bool IntraOnly { get; init; }

    /// <summary>Fill <see cref="Compression.CodecSignals.Motion"/>; H.264, MPEG-2 and MPEG-4 only, other codecs leave it null.</summary>
    public bool MotionVectors { get; init; }

    /// <summary>Send the sound, too: mono at 16 kHz.</summary>
    public bool Sound { get; init; }

    /// <summary>How long a camera may take to answer, and then be silent; null: <see cref="DecodeLimits.ReadTimeout"/> to answer, then as its own frame interval has it.</summary>
    public TimeSpan? CameraTimeout { get; init; }

    /// <summary>A camera's frame interval as an earlier session measured it (<see cref="DecodeReport.CameraInterval"/>); zero: not known.</summary>
    public TimeSpan CameraInterval { get; init; }

    /// <summary>Decoding threads; 0: one for a camera, up to four for a file.</summary>
    public int Threads { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value lies outside what is documented.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FramesPerSecond, MaxFramesPerSecond);
        if (!(FramesPerSecond > 0))
            throw new ArgumentOutOfRangeException(nameof(FramesPerSecond), FramesPerSecond, "must be positive");
        ArgumentOutOfRangeException.ThrowIfNotEqual(MaxWidth is >= 16 and <= 4096, true, nameof(MaxWidth));
        ArgumentOutOfRangeException.ThrowIfNotEqual(MaxHeight is >= 16 and <= 4096, true, nameof(MaxHeight));
        ArgumentOutOfRangeException.ThrowIfLessThan(From, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(To ?? TimeSpan.MaxValue, From, nameof(To));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CameraTimeout ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(CameraTimeout));
        ArgumentOutOfRangeException.ThrowIfNotEqual(Threads is >= 0 and <= 64, true, nameof(Threads));
    }
}
