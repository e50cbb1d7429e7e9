namespace Streaming.Perception;

/// <summary>The account of one class over a stretch, from its notes and, where those have been folded, its history.</summary>
internal static class StretchTotal
{
    /// <param name="notes">Of the class, and the stays in view.</param>
    /// <returns>Null if none was seen in [<paramref name="from"/>, <paramref name="to"/>).</returns>
    public static ClassTotal? Of(string label, Note[] notes, CountHistory history, TimeSpan from, TimeSpan to)
    {
        Note[] stays = [.. notes.Where(note => note.Fact.Kind == FactKind.Visit && note.From < to && note.To >= from)];
        Note[] arrivals = [.. notes.Where(note => FactWords.IsArrival(note.Fact.Kind) && note.From >= from && note.From < to)];
        int soFar = arrivals.Sum(note => note.Times) + stays.Where(stay => stay.From < from).Sum(stay => stay.Times);
        if (soFar == 0)
            return null;
        CountBucket[] inside = [.. history.Buckets.Where(bucket => bucket.Start >= from && bucket.End <= to)];
        Note[] single = [.. stays.Where(stay => stay.Fact.Thing is { Number: > 0 })];
        int most = Math.Max(MostAtOnce(single, from, to), inside.Select(bucket => bucket.Most).DefaultIfEmpty(0).Max());
        var (minute, busiest) = Busiest(arrivals, inside, from);
        TimeSpan end = to - TimeSpan.FromTicks(1);
        return new ClassTotal(
            label, single.Count(stay => stay.To >= end), soFar, Math.Max(1, most),
            arrivals.Concat(stays).Min(note => Later(note.From, from)),
            Earlier(arrivals.Concat(stays).Max(note => note.To), to),
            single.Select(stay => Earlier(stay.To, to) - Later(stay.From, from)).DefaultIfEmpty(TimeSpan.Zero).Max(),
            minute, busiest);
    }

    private static int MostAtOnce(Note[] stays, TimeSpan from, TimeSpan to)
    {
        // Whoever leaves at the moment another enters was in view with it.
        var steps = stays.SelectMany(stay => new[] { (Time: Later(stay.From, from), Step: 1), (Time: Earlier(stay.To, to), Step: -1) })
            .OrderBy(step => step.Time).ThenByDescending(step => step.Step);
        int now = 0, most = 0;
        foreach (var (_, step) in steps)
            most = Math.Max(most, now += step);
        return most;
    }

    private static (TimeSpan Minute, int Count) Busiest(Note[] arrivals, CountBucket[] inside, TimeSpan from)
    {
        var best = (Minute: from, Count: 0);
        var byMinute = arrivals.Where(note => note.Times == 1).GroupBy(note => TimeSpan.FromMinutes(Math.Floor(note.From.TotalMinutes)))
            .Select(minute => (Minute: minute.Key, Count: minute.Count()))
            .Concat(inside.Where(bucket => bucket.Length == TimeSpan.FromMinutes(1)).Select(bucket => (Minute: bucket.Start, Count: bucket.Entered)));
        foreach (var minute in byMinute.OrderBy(minute => minute.Minute))
            best = minute.Count > best.Count ? minute : best;
        return best;
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
