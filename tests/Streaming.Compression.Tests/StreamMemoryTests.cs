namespace Streaming.Compression.Tests;

public class StreamMemoryTests
{
    private const int Plenty = 100_000;

    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 40)]
    [InlineData(3, 100)]
    [InlineData(4, 400)]
    public void Write_budget_is_never_exceeded_and_order_is_kept(int seed, int budget)
    {
        var memory = new StreamMemory(new MemoryOptions { Budget = budget, RecentEntries = 4 });
        foreach (var entry in Tokens.Film(seed, 300))
        {
            memory.Write(entry);
            var snapshot = memory.Snapshot;
            Assert.InRange(snapshot.Tokens, 1, budget);
            Assert.Equal(entry.Time, snapshot.Entries[^1].Time);
            AssertOrdered(snapshot);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Recall_last_sight_of_every_place_survives_any_thinning(int seed)
    {
        var film = Tokens.Film(seed, 200);
        var memory = Remember(film, new MemoryOptions { Budget = 40, RecentEntries = 4 });
        var expected = LastSight(film);
        Assert.Equal(expected, LastSight(memory.Snapshot.Entries));
        Assert.Equal(expected, LastSight(memory.Snapshot.Recall(TimeSpan.FromSeconds(90), TimeSpan.MaxValue, 16, 4, 2)));
    }

    [Fact]
    public void Write_recent_entries_stay_verbatim()
    {
        var film = Tokens.Film(5, 100);
        var memory = Remember(film, new MemoryOptions { Budget = 60, RecentEntries = 5 });
        Assert.Equal(film.TakeLast(5), memory.Snapshot.Entries.TakeLast(5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(63)]
    public void Write_memory_as_of_a_time_equals_that_of_the_film_cut_there(int cut)
    {
        var film = Tokens.Film(6, 120);
        var options = new MemoryOptions { Budget = 50, RecentEntries = 4 };
        var memory = new StreamMemory(options);
        var seen = new List<MemorySnapshot>();
        foreach (var entry in film)
        {
            memory.Write(entry);
            seen.Add(memory.Snapshot);
        }

        AssertSame(Remember(film[..(cut + 1)], options).Snapshot, seen[cut]);
    }

    [Fact]
    public void Snapshot_does_not_change_when_the_stream_goes_on()
    {
        var film = Tokens.Film(7, 100);
        var memory = Remember(film[..50], new MemoryOptions { Budget = 50 });
        var snapshot = memory.Snapshot;
        var before = snapshot.Entries.ToArray();
        foreach (var entry in film[50..])
            memory.Write(entry);
        Assert.Equal(before, snapshot.Entries);
    }

    [Fact]
    public void Write_weights_add_up_to_all_tokens_written()
    {
        var film = Tokens.Film(8, 150);
        var memory = Remember(film, new MemoryOptions { Budget = 40, RecentEntries = 2 });
        float written = film.Sum(e => e.Tokens.Weights.ToArray().Sum());
        Assert.Equal(written, memory.Snapshot.Entries.Sum(e => e.Tokens.Weights.ToArray().Sum()));
    }

    [Fact]
    public void Write_entries_without_news_do_not_grow_without_end()
    {
        var memory = new StreamMemory(new MemoryOptions { Budget = 32 });
        memory.Write(Tokens.Entry(0, Tokens.Frame(0, place => place)));
        for (int t = 1; t < 500; t++)
            memory.Write(Tokens.Entry(t, Tokens.Some(t, [], _ => 0), t));
        Assert.InRange(memory.Snapshot.Entries.Length, 2, 32);
    }

    [Fact]
    public void Write_entry_out_of_order_or_over_budget_is_refused()
    {
        var memory = new StreamMemory(new MemoryOptions { Budget = 16 });
        memory.Write(Tokens.Entry(5, Tokens.Frame(5, place => place)));
        Assert.Throws<ArgumentException>(() => memory.Write(Tokens.Entry(4, Tokens.Some(4, [1], _ => 1))));
        var tight = new StreamMemory(new MemoryOptions { Budget = 15 });
        Assert.Throws<ArgumentException>(() => tight.Write(Tokens.Entry(0, Tokens.Frame(0, place => place))));
    }

    [Fact]
    public void Recall_thing_that_stood_still_from_the_start_is_in_a_window_that_begins_late()
    {
        var film = new List<MemoryEntry>
        {
            Tokens.Entry(0, Tokens.Frame(0, place => place)),
            Tokens.Entry(10, Tokens.Some(10, [5], _ => 100), 1),
            Tokens.Entry(20, Tokens.Some(20, [6], _ => 101), 2),
        };
        var recalled = Recall(Remember(film, new MemoryOptions()).Snapshot, 15, 30);
        var only = Assert.Single(recalled);
        Assert.Equal(Tokens.PerFrame, only.Tokens.Count);
        Assert.All(only.Tokens.Origins.ToArray(), origin => Assert.Equal(TimeSpan.FromSeconds(20), origin.Time));
        Assert.Equal(Tokens.Direction(0), only.Tokens[0].ToArray());
        Assert.Equal(Tokens.Direction(100), only.Tokens[5].ToArray());
        Assert.Equal(Tokens.Direction(101), only.Tokens[6].ToArray());
    }

    [Fact]
    public void Recall_end_is_exclusive_and_hides_all_that_came_later()
    {
        var film = Tokens.Film(9, 100);
        var memory = Remember(film, new MemoryOptions());
        var recalled = Recall(memory.Snapshot, 0, 20);
        Assert.Equal(film.Where(e => e.Time < TimeSpan.FromSeconds(20)), recalled);
    }

    [Fact]
    public void Recall_span_without_news_gives_what_had_been_seen_before()
    {
        var film = new List<MemoryEntry> { Tokens.Entry(0, Tokens.Frame(0, p => p)), Tokens.Entry(4, Tokens.Some(4, [3], _ => 50), 1) };
        var only = Assert.Single(Recall(Remember(film, new MemoryOptions()).Snapshot, 5, 7));
        Assert.Equal((4, Tokens.PerFrame), (only.Time.TotalSeconds, only.Tokens.Count));
    }

    [Fact]
    public void Recall_nothing_seen_is_empty()
    {
        Assert.Empty(Recall(MemorySnapshot.Empty, 0, 10));
        var late = Remember([Tokens.Entry(5, Tokens.Frame(5, p => p))], new MemoryOptions());
        Assert.Empty(Recall(late.Snapshot, 0, 5));
    }

    [Theory]
    [InlineData(16, 100)]
    [InlineData(30, 100)]
    [InlineData(100, 3)]
    public void Recall_obeys_both_limits(int tokens, int entries)
    {
        var memory = Remember(Tokens.Film(10, 150), new MemoryOptions());
        var recalled = memory.Snapshot.Recall(TimeSpan.Zero, TimeSpan.MaxValue, tokens, entries, 4);
        Assert.InRange(recalled.Sum(e => e.Tokens.Count), 1, tokens);
        Assert.InRange(recalled.Length, 1, entries);
    }

    private static IReadOnlyList<MemoryEntry> Recall(MemorySnapshot snapshot, double from, double to) =>
        snapshot.Recall(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to), Plenty, Plenty, 8);

    private static StreamMemory Remember(IEnumerable<MemoryEntry> film, MemoryOptions options)
    {
        var memory = new StreamMemory(options);
        foreach (var entry in film)
            memory.Write(entry);
        return memory;
    }

    private static Dictionary<(short, short), string> LastSight(IEnumerable<MemoryEntry> entries)
    {
        var seen = new Dictionary<(short, short), string>();
        foreach (var entry in entries)
            for (int i = 0; i < entry.Tokens.Count; i++)
                seen[(entry.Tokens.Origins.Span[i].Row, entry.Tokens.Origins.Span[i].Column)] = string.Join(' ', entry.Tokens[i].ToArray());
        return seen;
    }

    private static void AssertOrdered(MemorySnapshot snapshot)
    {
        var times = snapshot.Entries.Select(e => e.Time).ToList();
        Assert.Equal(times.Order(), times);
        foreach (var entry in snapshot.Entries)
        {
            var places = entry.Tokens.Origins.ToArray().Select(o => o.Row * Tokens.Side + o.Column).ToList();
            Assert.Equal(places.Distinct().Order(), places);
            Assert.All(entry.Tokens.Origins.ToArray(), o => Assert.Equal(entry.Time, o.Time));
        }
    }

    private static void AssertSame(MemorySnapshot expected, MemorySnapshot actual)
    {
        Assert.Equal(expected.Entries.Select(e => e.Keyframe), actual.Entries.Select(e => e.Keyframe));
        Assert.Equal(
            expected.Entries.SelectMany(e => e.Tokens.Features.ToArray()), actual.Entries.SelectMany(e => e.Tokens.Features.ToArray()));
    }
}
