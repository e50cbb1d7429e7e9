namespace Streaming.Compression.Codec;

/// <summary>When the codec's word is taken that nothing changed.</summary>
public sealed record CodecWatchOptions
{
    /// <summary>Spans between two looked-at frames that are compared with each other: two minutes at two frames a second.</summary>
    public int Baseline { get; init; } = 240;

    /// <summary>Spans before anything is concluded.</summary>
    public int WarmUp { get; init; } = 8;

    /// <summary>Deviations from the median, in units of the median absolute deviation as a standard deviation, up to which a span counts as
    /// one like the others. Cuts that an encoder did not turn into an intra picture lie above it.</summary>
    public double MostDeviations { get; init; } = 2.5;

    /// <summary>The largest share of an intra picture's bytes that a predicted picture has while nothing moves. Where it has more, sizes are
    /// kept even by filling or by quality and tell nothing.</summary>
    public double MostPredicted { get; init; } = 0.25;

    /// <summary>A keyframe is encoded at least this often, whatever the codec says; zero: always.</summary>
    public TimeSpan LongestReuse { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() => this switch
    {
        { WarmUp: < 2 } => $"{nameof(WarmUp)} must be at least 2",
        { Baseline: var baseline, WarmUp: var warmUp } when baseline < warmUp => $"{nameof(Baseline)} must be at least {nameof(WarmUp)}",
        { MostDeviations: not (> 0) } => $"{nameof(MostDeviations)} must be positive",
        { MostPredicted: not (> 0 and <= 1) } => $"{nameof(MostPredicted)} must lie in (0, 1]",
        { LongestReuse.Ticks: < 0 } => $"{nameof(LongestReuse)} must not be negative",
        _ => null,
    };
}
