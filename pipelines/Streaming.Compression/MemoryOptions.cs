namespace Streaming.Compression;

/// <summary>How much of a stream is remembered.</summary>
public sealed record MemoryOptions
{
    /// <summary>The most visual tokens in memory, whatever happened. Must hold at least one whole frame. The default holds a day in which
    /// something happens every ten minutes as it was seen: 144 scenes of 160 tokens (the memory bench); of the shipped model's width 26 MB.</summary>
    public int Budget { get; init; } = 24_576;

    /// <summary>The most bytes that the tokens take: 24,576 tokens of a width up to 670, 8,192 of one up to 2,000.</summary>
    public long BudgetBytes { get; init; } = 64L << 20;

    /// <summary>The newest entries, kept verbatim while the budget allows.
    /// A recent window alone is a strong baseline for questions about now (SimpleStream).</summary>
    public int RecentEntries { get; init; } = 16;

    /// <summary>Tokens of a clip, or of several merged into one, once it is thinned: two whole frames of the shipped model. Places that
    /// were seen anew keep one token each, so that clips of a finer grid may keep more.</summary>
    public int ClipTokens { get; init; } = 128;

    /// <summary>How many clips of one span stay before two become one of twice the span. With the defaults eight steps fill the budget:
    /// 6,120 clips, half a day of a busy scene and days of a quiet one, before the hard cap decides.</summary>
    public int ClipsPerLevel { get; init; } = 24;

    /// <summary>Most clips, for scenes in which nothing happens and which cost no tokens: 256 clips of 16 keyframes, eight seconds apart
    /// each, are nine hours.</summary>
    public int MostClips { get; init; } = 256;

    /// <summary>The most tokens of a width: what both caps allow.</summary>
    public int BudgetOf(int hidden) => (int)Math.Min(Budget, BudgetBytes / MemorySnapshot.BytesPerToken(hidden));

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() => this switch
    {
        { Budget: < 1 } => $"{nameof(Budget)} must be at least 1",
        { BudgetBytes: < 1 } => $"{nameof(BudgetBytes)} must be at least 1",
        { RecentEntries: < 1 } => $"{nameof(RecentEntries)} must be at least 1",
        { ClipTokens: < 1 } => $"{nameof(ClipTokens)} must be at least 1",
        { ClipsPerLevel: < 1 } => $"{nameof(ClipsPerLevel)} must be at least 1",
        { MostClips: < 1 } => $"{nameof(MostClips)} must be at least 1",
        _ => null,
    };
}
