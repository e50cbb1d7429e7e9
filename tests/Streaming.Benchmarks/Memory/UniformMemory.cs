using Streaming.Compression;

namespace Streaming.Benchmarks.Memory;

/// <summary>The baseline that keeps whole keyframes at even distances: when the tokens no longer fit, every other one goes.</summary>
/// <param name="budget">Most tokens.</param>
public sealed class UniformMemory(int budget)
{
    private readonly List<MemoryEntry> _entries = [];
    private TimeSpan _distance = TimeSpan.FromSeconds(1);
    private int _tokens;

    public void Write(MemoryEntry entry)
    {
        if (_entries is [.., var last] && entry.Time - last.Time < _distance)
            return;
        _entries.Add(entry);
        _tokens += entry.Tokens.Count;
        while (_tokens > budget)
        {
            _distance *= 2;
            MemoryEntry[] left = [.. _entries.Where((_, i) => i % 2 == 0)];
            _entries.Clear();
            _entries.AddRange(left);
            _tokens = left.Sum(e => e.Tokens.Count);
        }
    }

    public MemorySnapshot Snapshot
    {
        get
        {
            var memory = new StreamMemory(new MemoryOptions { Budget = int.MaxValue, BudgetBytes = long.MaxValue, MostClips = int.MaxValue });
            foreach (MemoryEntry entry in _entries)
                memory.Write(entry);
            return memory.Snapshot;
        }
    }
}
