namespace Streaming.Compression;

/// <summary>How much of a stream is remembered.</summary>
public sealed record MemoryOptions
{
    /// <summary>The most visual tokens in memory, whatever happened. Must hold at least one whole frame.</summary>
    public int Budget { get; init; } = 8192;

    /// <summary>The newest entries, kept verbatim while the budget allows; older ones are thinned evenly over time.
    /// A recent window alone is a strong baseline for questions about now (SimpleStream).</summary>
    public int RecentEntries { get; init; } = 16;

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() => this switch
    {
        { Budget: < 1 } => $"{nameof(Budget)} must be at least 1",
        { RecentEntries: < 1 } => $"{nameof(RecentEntries)} must be at least 1",
        _ => null,
    };
}
