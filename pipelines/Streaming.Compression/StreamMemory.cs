namespace Streaming.Compression;

/// <summary>
/// What a stream remembers: the newest entries verbatim and, before them, a history thinned evenly over time, together never
/// more tokens than the budget. The writing half: one writer pushes; readers take <see cref="Snapshot"/> at any time.
/// </summary>
/// <remarks>The state is a pure function of the entries written, in order: the memory of a film cut at T equals the memory that
/// has been written up to T.</remarks>
public sealed class StreamMemory(MemoryOptions options)
{
    private readonly Thinning _thinning = new();
    private volatile MemorySnapshot _snapshot = MemorySnapshot.Empty;

    /// <summary>What is remembered now; immutable.</summary>
    public MemorySnapshot Snapshot => _snapshot;

    /// <param name="entry">Not older than any written before.</param>
    /// <exception cref="ArgumentException">The entry goes back in time, or alone exceeds the budget.</exception>
    public void Write(MemoryEntry entry)
    {
        if (entry.Tokens.Count > options.Budget)
            throw new ArgumentException($"An entry of {entry.Tokens.Count} tokens exceeds the budget of {options.Budget}.", nameof(entry));
        _thinning.Add(entry);
        _thinning.Fit(options.Budget, EntryLimit, options.RecentEntries);
        _snapshot = new MemorySnapshot([.. _thinning.Entries]);
    }

    // Entries in which nothing was new cost no tokens, but must not grow without end either.
    private int EntryLimit => options.Budget;
}
