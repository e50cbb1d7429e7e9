namespace Streaming.Video;

/// <summary>What a source may cost. Checked before memory is taken for it.</summary>
public sealed record DecodeLimits
{
    /// <summary>Longest file, by its header and by its pictures' times.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Largest picture: 8192x4320, the widest of the 8K formats.</summary>
    public long MaxPixels { get; init; } = 8192L * 4320;

    /// <summary>Most pictures decoded from a file: a day at 60 a second, rounded up.</summary>
    public long MaxFrames { get; init; } = 6_000_000;

    /// <summary>Longest wait for opening, and then for each packet of a file; how long a camera may be silent its own frames decide. Here and below, time in which the machine is too busy to run the process does not count.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time of work in which packets come and not one picture decodes.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Time of all processors together that a file may take: a day of film takes an hour or two.</summary>
    public TimeSpan ProcessorTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Private writable memory of the decoder process. 8K H.265 on four threads needs about 1.2 GiB.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;
}
