namespace Streaming.Compression.HoliTom;

/// <summary>Settings of <see cref="CausalHoliTom"/>.</summary>
public sealed record CausalHoliTomOptions
{
    /// <summary>A window is closed after 64 frames, so that nothing waits longer than these and one chunk.</summary>
    public HoliTomOptions HoliTom { get; init; } = new() { LongestWindow = 64 };

    /// <summary>Frames that are looked at together before anything is decided.</summary>
    public int Chunk { get; init; } = 16;

    /// <summary>How far below the threshold the cosine with the mean of its window may fall while a place still stands still. Without this
    /// guard a chain of small changes would pass for no change.</summary>
    public double Drift { get; init; } = 0.1;

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() => this switch
    {
        { Chunk: < 1 or > 256 } => $"{nameof(Chunk)} must lie in 1..256",
        { Drift: not (>= 0 and <= 2) } => $"{nameof(Drift)} must lie in [0, 2]",
        { HoliTom.Published: true } => $"{nameof(HoliTom)}:{nameof(HoliTomOptions.Published)}: the published form looks at a whole film",
        _ => HoliTom.Validate() is { } wrong ? $"{nameof(HoliTom)}:{wrong}" : null,
    };
}
