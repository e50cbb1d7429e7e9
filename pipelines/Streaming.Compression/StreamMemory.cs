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
    private volatile MemorySnapshot _written = MemorySnapshot.Empty;

    /// <summary>What is remembered now, with what may still change; immutable.</summary>
    public MemorySnapshot Snapshot => _snapshot;

    /// <summary>What is remembered for good, until it is thinned; immutable.</summary>
    public MemorySnapshot Written => _written;

    /// <param name="entry">Not older than any written before.</param>
    /// <exception cref="ArgumentException">The entry goes back in time, or alone exceeds the budget.</exception>
    public void Write(MemoryEntry entry) => Write([entry], []);

    /// <param name="final">Entries for good, not older than any written before.</param>
    /// <param name="open">What comes after them as it looks now, in place of what was said so before.</param>
    /// <exception cref="ArgumentException">An entry goes back in time, or alone exceeds the budget.</exception>
    public void Write(IReadOnlyList<MemoryEntry> final, IReadOnlyList<MemoryEntry> open)
    {
        foreach (MemoryEntry entry in final)
            Add(_thinning, entry);
        _written = new MemorySnapshot([.. _thinning.Entries]);
        _snapshot = open.Count == 0 ? _written : With(open);
    }

    private MemorySnapshot With(IReadOnlyList<MemoryEntry> open)
    {
        var shown = new Thinning();
        foreach (MemoryEntry entry in _thinning.Entries)
            shown.Add(entry);
        foreach (MemoryEntry entry in open)
            Add(shown, entry);
        return new MemorySnapshot([.. shown.Entries]);
    }

    private void Add(Thinning thinning, MemoryEntry entry)
    {
        if (entry.Tokens.Count > options.Budget)
            throw new ArgumentException($"An entry of {entry.Tokens.Count} tokens exceeds the budget of {options.Budget}.", nameof(entry));
        thinning.Add(entry);
        thinning.Fit(options.Budget, EntryLimit, options.RecentEntries);
    }

    // Entries in which nothing was new cost no tokens, but must not grow without end either.
    private int EntryLimit => options.Budget;
}
