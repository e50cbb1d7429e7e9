using Streaming.Compression.Ladder;
using Streaming.Models;

namespace Streaming.Compression;

/// <summary>
/// What a stream remembers: the newest entries verbatim and, before them, clips that grow coarser with age, together never more tokens
/// than the budget. The writing half: one writer pushes; readers take <see cref="Snapshot"/> at any time.
/// </summary>
/// <remarks>The state is a pure function of the entries written, in order: the memory of a film cut at T equals the memory that
/// has been written up to T.</remarks>
public sealed class StreamMemory
{
    private readonly MemoryLadder _ladder;
    private readonly object _identity = new();
    private volatile MemorySnapshot _snapshot, _written;
    private long _states;

    /// <param name="past">A memory to go on with, which this one then equals; null: none.</param>
    public StreamMemory(MemoryOptions options, MemorySnapshot? past = null)
    {
        _ladder = new MemoryLadder(options, past?.Clips ?? []);
        _snapshot = _written = StateOf(_ladder);
    }

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
            _ladder.Add(entry);
        _written = StateOf(_ladder);
        _snapshot = open.Count == 0 ? _written : With(open);
    }

    private MemorySnapshot With(IReadOnlyList<MemoryEntry> open)
    {
        var shown = new MemoryLadder(_ladder);
        foreach (MemoryEntry entry in open)
            shown.Add(entry);
        return StateOf(shown);
    }

    private MemorySnapshot StateOf(MemoryLadder ladder) => new([.. ladder.Clips], new PrefixSource(_identity, ++_states));
}
