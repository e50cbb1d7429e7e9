namespace Streaming.Pipelines.Watches;

/// <summary>A round of questions about one stream.</summary>
/// <param name="Watches">Those that are due, in order of name.</param>
/// <param name="Skipped">How often each should have been asked since the last time, but was not.</param>
public sealed record WatchRound(string Stream, IReadOnlyList<(string Watch, int Skipped)> Watches);

/// <summary>
/// Who is asked when. Watches are due at multiples of their period, so that those of one stream with equal or dividing periods come
/// together and share what they read. Where the machine is too small, the stream whose round is the longest overdue goes next, all
/// its watches at once about the newest there is, and what was missed is skipped and counted, not made up for. Pure: it is told the
/// time. One caller at a time.
/// </summary>
public sealed class WatchAgenda
{
    private readonly SortedDictionary<(string Stream, string Watch), Entry> _entries = [];

    private sealed record Entry(TimeSpan Every, TimeSpan Due);

    /// <summary>When somebody is due next; null: nobody is waited for.</summary>
    public TimeSpan? NextDue => _entries.Count == 0 ? null : _entries.Values.Min(entry => entry.Due);

    /// <summary>Takes a watch in, or changes its period.</summary>
    /// <param name="now">On any clock that only goes forward.</param>
    public void Set(string stream, string watch, TimeSpan every, TimeSpan now) => _entries[(stream, watch)] = new Entry(every, After(now, every));

    public void Remove(string stream, string watch) => _entries.Remove((stream, watch));

    /// <summary>The next round; null if nobody is due. Its watches are due again at the next multiples of their periods.</summary>
    public WatchRound? Take(TimeSpan now)
    {
        var due = _entries.Where(entry => entry.Value.Due <= now).ToList();
        if (due.Count == 0)
            return null;
        string stream = due.MinBy(entry => entry.Value.Due).Key.Stream;
        var round = new List<(string, int)>();
        foreach (var ((_, watch), entry) in due.Where(entry => entry.Key.Stream == stream))
        {
            round.Add((watch, (int)((now - entry.Due) / entry.Every)));
            _entries[(stream, watch)] = entry with { Due = After(now, entry.Every) };
        }
        return new WatchRound(stream, round);
    }

    private static TimeSpan After(TimeSpan now, TimeSpan every) => every * (Math.Floor(now / every) + 1);
}
