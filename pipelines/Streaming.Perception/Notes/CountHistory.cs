using System.Collections.Immutable;

namespace Streaming.Perception;

/// <summary>What one class did in a span of time.</summary>
/// <param name="Entered">How many came into view.</param>
/// <param name="Left">How many went out of view.</param>
/// <param name="Most">Most in view at once.</param>
public readonly record struct CountBucket(TimeSpan Start, TimeSpan Length, int Entered, int Left, int Most)
{
    public TimeSpan End => Start + Length;
}

/// <summary>
/// What one class did, minute by minute; where that becomes too much, the oldest minutes are told by the hour, hours by the day and so on.
/// Sums are exact whatever the age. Immutable. Invariant: buckets are in order of time and do not overlap.
/// </summary>
public sealed record CountHistory(ImmutableList<CountBucket> Buckets)
{
    /// <summary>Two days of minutes and years of hours; 160 kB.</summary>
    public const int MostBuckets = 4096;

    public static CountHistory Empty { get; } = new(ImmutableList<CountBucket>.Empty);

    private static readonly TimeSpan[] Lengths =
        [TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30), TimeSpan.FromDays(3650)];

    public int Entered => Buckets.Sum(bucket => bucket.Entered);

    /// <summary>The same with something more in the bucket of <paramref name="time"/>.</summary>
    /// <param name="entered">May be negative: one that was counted there was another class.</param>
    /// <param name="most">How many are in view then.</param>
    public CountHistory Add(TimeSpan time, int entered = 0, int left = 0, int most = 0)
    {
        int at = IndexOf(time);
        if (at >= 0)
        {
            CountBucket old = Buckets[at];
            CountBucket changed = old with { Entered = Math.Max(0, old.Entered + entered), Left = old.Left + left, Most = Math.Max(old.Most, most) };
            return changed == old ? this : new CountHistory(Buckets.SetItem(at, changed));
        }
        CountHistory more = new(Buckets.Insert(~at, new CountBucket(Floor(time, Lengths[0]), Lengths[0], Math.Max(0, entered), left, most)));
        return more.Buckets.Count <= MostBuckets ? more : more.Compress();
    }

    /// <summary>The buckets between two moments, several told together where <paramref name="length"/> is longer; a row is never shorter
    /// than what is still known. Minutes in which nothing was in view have no row.</summary>
    public IEnumerable<CountBucket> Rows(TimeSpan from, TimeSpan to, TimeSpan length) =>
        from bucket in Buckets
        where bucket.End > @from && bucket.Start < to
        group bucket by Floor(bucket.Start, length) into row
        let longest = row.Max(bucket => bucket.Length)
        select Joined(row, longest > length ? row.Min(bucket => bucket.Start) : row.Key, longest > length ? longest : length);

    private static CountBucket Joined(IEnumerable<CountBucket> row, TimeSpan start, TimeSpan length) =>
        row.Aggregate(new CountBucket(start, length, 0, 0, 0), (sum, bucket) => sum with
        {
            Entered = sum.Entered + bucket.Entered,
            Left = sum.Left + bucket.Left,
            Most = Math.Max(sum.Most, bucket.Most),
        });

    /// <summary>Tells the older half in longer buckets, the least longer that make a quarter fewer.</summary>
    private CountHistory Compress()
    {
        int older = Buckets.Count / 2;
        foreach (TimeSpan length in Lengths.AsSpan(1))
        {
            CountBucket[] folded =
            [
                .. from bucket in Buckets.Take(older)
                   group bucket by bucket.Length >= length ? bucket.Start : Floor(bucket.Start, length) into row
                   let longest = row.Max(bucket => bucket.Length)
                   // What is told by the minute may begin within the hour: the hour ends where the minutes begin.
                   select Joined(row, row.Min(bucket => bucket.Start), row.Max(bucket => bucket.End) - row.Min(bucket => bucket.Start)),
            ];
            if (folded.Length <= older / 2)
                return new CountHistory(Buckets.RemoveRange(0, older).InsertRange(0, folded));
        }
        return new CountHistory(Buckets.RemoveRange(0, older).Insert(0, Joined(Buckets.Take(older), Buckets[0].Start, Buckets[older - 1].End - Buckets[0].Start)));
    }

    /// <summary>The bucket that holds the moment, or the complement of where it belongs.</summary>
    private int IndexOf(TimeSpan time)
    {
        int low = 0, high = Buckets.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            CountBucket bucket = Buckets[middle];
            if (time < bucket.Start)
                high = middle - 1;
            else if (time >= bucket.End)
                low = middle + 1;
            else
                return middle;
        }
        return ~low;
    }

    private static TimeSpan Floor(TimeSpan time, TimeSpan length) => new(time.Ticks / length.Ticks * length.Ticks);
}
