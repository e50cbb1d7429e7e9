using Streaming.Pipelines.Watches;

namespace Streaming.Pipelines.Tests;

public sealed class WatchAgendaTests
{
    private readonly WatchAgenda _agenda = new();

    [Fact]
    public void Take_watches_of_one_stream_that_are_due_come_together()
    {
        _agenda.Set("door", "a", Seconds(5), Seconds(0.1));
        _agenda.Set("door", "b", Seconds(5), Seconds(3.7));
        _agenda.Set("door", "c", Seconds(10), Seconds(4));
        _agenda.Set("yard", "a", Seconds(5), Seconds(1));
        Assert.Equal(Seconds(5), _agenda.NextDue);
        Assert.Null(_agenda.Take(Seconds(4.9)));
        Assert.Equal(["door a", "door b"], Names(Seconds(5)));
        Assert.Equal(["yard a"], Names(Seconds(5.1)));
        Assert.Null(_agenda.Take(Seconds(9.9)));
        Assert.Equal(["door a", "door b", "door c"], Names(Seconds(10)));
    }

    [Fact]
    public void Take_late_skips_what_was_missed_and_counts_it()
    {
        _agenda.Set("door", "a", Seconds(2), Seconds(0));
        WatchRound round = _agenda.Take(Seconds(9.5))!;
        Assert.Equal([("a", 3)], round.Watches);
        Assert.Equal(Seconds(10), _agenda.NextDue);
    }

    [Fact]
    public void Take_on_a_machine_that_is_too_small_leaves_no_stream_out()
    {
        string[] streams = ["a", "b", "c", "d", "e"];
        foreach (string stream in streams)
            _agenda.Set(stream, "w", Seconds(1), Seconds(0));
        var asked = new Dictionary<string, int>();
        for (int second = 1; second <= 100; second++)
        {
            WatchRound round = _agenda.Take(Seconds(second))!;
            asked[round.Stream] = asked.GetValueOrDefault(round.Stream) + 1;
        }
        Assert.All(streams, stream => Assert.Equal(20, asked[stream]));
    }

    [Fact]
    public void Remove_watch_is_not_asked_again()
    {
        _agenda.Set("door", "a", Seconds(1), Seconds(0));
        _agenda.Remove("door", "a");
        Assert.Null(_agenda.NextDue);
        Assert.Null(_agenda.Take(Seconds(50)));
    }

    private List<string> Names(TimeSpan now)
    {
        WatchRound round = _agenda.Take(now)!;
        return [.. round.Watches.Select(watch => $"{round.Stream} {watch.Watch}")];
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
