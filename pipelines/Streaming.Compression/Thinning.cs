namespace Streaming.Compression;

/// <summary>Entries in order of time that are thinned, evenly over time, until they fit a budget.</summary>
internal sealed class Thinning
{
    private readonly List<MemoryEntry> _entries = [];

    // Whether each entry renews the one before it: asked of all with every entry that is written, and changed by a fold for two only.
    private readonly List<bool> _renews = [];

    public IReadOnlyList<MemoryEntry> Entries => _entries;

    public int Tokens { get; private set; }

    public void Add(MemoryEntry entry)
    {
        if (_entries.Count > 0 && entry.Time < _entries[^1].Time)
            throw new ArgumentException($"The entry at {entry.Time} is older than the last one at {_entries[^1].Time}.", nameof(entry));
        _renews.Add(_entries.Count > 0 && entry.Renews(_entries[^1]));
        _entries.Add(entry);
        Tokens += entry.Tokens.Count;
    }

    /// <summary>Thins until at most <paramref name="tokens"/> tokens in at most <paramref name="entries"/> entries remain.
    /// The newest <paramref name="recent"/> entries go last, the very newest never.</summary>
    public void Fit(int tokens, int entries, int recent)
    {
        while (_entries.Count > 1 && (Tokens > tokens || _entries.Count > entries))
            Fold(LeastMissed(Math.Max(1, _entries.Count - recent), anyhow: _entries.Count > entries));
    }

    /// <summary>The entry below <paramref name="end"/> whose neighbours in time are closest together: without it the rest is most even.
    /// Only entries count whose folding frees a token, unless <paramref name="anyhow"/> or there are none. The oldest is given up
    /// last: it says since when.</summary>
    private int LeastMissed(int end, bool anyhow)
    {
        int best = 0;
        var least = TimeSpan.MaxValue;
        for (int index = 1; index < end && index + 1 < _entries.Count; index++)
        {
            var gap = _entries[index + 1].Time - _entries[index - 1].Time;
            if (gap < least && (anyhow || _renews[index + 1]))
                (best, least) = (index, gap);
        }

        return best > 0 || anyhow || (end > 0 && _renews[1]) ? best : LeastMissed(end, anyhow: true);
    }

    private void Fold(int index)
    {
        var merged = _entries[index + 1].Absorb(_entries[index]);
        Tokens += merged.Tokens.Count - _entries[index].Tokens.Count - _entries[index + 1].Tokens.Count;
        _entries[index + 1] = merged;
        _entries.RemoveAt(index);
        _renews.RemoveAt(index);
        _renews[index] = index > 0 && merged.Renews(_entries[index - 1]);
        if (index + 1 < _entries.Count)
            _renews[index + 1] = _entries[index + 1].Renews(merged);
    }
}
