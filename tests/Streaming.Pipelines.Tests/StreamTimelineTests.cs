namespace Streaming.Pipelines.Tests;

public class StreamTimelineTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Place_first_frame_ever_is_second_0_and_fixes_the_start()
    {
        var timeline = new StreamTimeline(_clock);
        _clock.Advance(Seconds(7));
        Assert.Equal(0, Place(timeline, 123.4));
        Assert.Equal(ManualClock.Start + Seconds(7), timeline.StartedAt);
    }

    [Fact]
    public void Place_frames_of_a_session_keep_their_own_distances()
    {
        var timeline = new StreamTimeline(_clock);
        timeline.BeginSession();
        Assert.Equal([0, 0.5, 1, 1.5], new[] { 5.0, 5.5, 6, 6.5 }.Select(time => Arrive(timeline, time, after: time > 5 ? 0.5 : 0)));
    }

    [Fact]
    public void Place_arrival_that_jitters_does_not_jitter_time()
    {
        var timeline = new StreamTimeline(_clock);
        Place(timeline, 0);
        foreach (var (time, after, late) in new[] { (0.5, 0.7, 0.2), (1, 0.4, 0.1), (1.5, 0.6, 0.2) })
        {
            Assert.InRange(Arrive(timeline, time, after), time, time * 1.002);
            Assert.Equal(late, timeline.Lateness.TotalSeconds, 2);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90_000)]
    public void Place_after_a_reconnect_leaves_a_gap_and_nothing_else(double firstOfNewSession)
    {
        var timeline = new StreamTimeline(_clock);
        Place(timeline, 40);
        Assert.Equal(10, Arrive(timeline, 50, after: 10));
        timeline.BeginSession();
        Assert.Equal(25, Arrive(timeline, firstOfNewSession, after: 15));
        Assert.Equal(26, Arrive(timeline, firstOfNewSession + 1, after: 1));
    }

    [Fact]
    public void Place_after_a_restart_goes_on_from_the_persisted_start()
    {
        var timeline = new StreamTimeline(_clock, ManualClock.Start - TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        Assert.Equal(7200, Place(timeline, 0));
    }

    [Fact]
    public void Place_burst_of_old_frames_at_the_start_of_a_session_keeps_their_order()
    {
        var timeline = new StreamTimeline(_clock);
        double[] placed = [.. Enumerable.Range(0, 10).Select(i => Place(timeline, i * 0.5))];
        Assert.Equal(placed.Distinct().Order(), placed);
        Assert.InRange(placed[^1], 0, 0.001);
        Assert.InRange(Arrive(timeline, 5, after: 0.5), 0.5, 0.501);
    }

    [Fact]
    public void Place_wall_clock_that_is_set_back_never_turns_time_back()
    {
        var timeline = new StreamTimeline(_clock, ManualClock.Start, TimeSpan.FromHours(1));
        Assert.True(Place(timeline, 0) > 3600);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(-90 * 86400)]
    public void Place_wall_clock_that_is_set_back_under_way_halves_the_pace_until_it_has_caught_up(double step)
    {
        var timeline = new StreamTimeline(_clock);
        Place(timeline, 0);
        Assert.Equal(100, Arrive(timeline, 100, after: 100));
        _clock.WallStep = Seconds(step);
        Assert.Equal(100.5, Arrive(timeline, 101, after: 1), 3);
        Assert.Equal(101, Arrive(timeline, 102, after: 1), 3);
        double back = -2 * step + 200;
        Assert.Equal(back + step + 100, Arrive(timeline, back + 100, after: back - 2), 3);
        Assert.Equal(back + step + 101, Arrive(timeline, back + 101, after: 1), 3);
    }

    [Fact]
    public void Place_wall_clock_that_is_set_forward_takes_time_with_it()
    {
        var timeline = new StreamTimeline(_clock);
        Place(timeline, 0);
        Arrive(timeline, 10, after: 10);
        _clock.WallStep = Seconds(3600);
        Assert.Equal(3611, Arrive(timeline, 11, after: 1));
        Assert.Equal(3612, Arrive(timeline, 12, after: 1));
    }

    [Fact]
    public void Place_camera_whose_clock_is_slow_keeps_up_with_the_wall()
    {
        var timeline = new StreamTimeline(_clock);
        Place(timeline, 0);
        double placed = 0;
        for (int i = 1; i <= 20_000; i++)
            placed = Arrive(timeline, i * 0.9995, after: 1);
        Assert.Equal(20_000, placed, 0.01);
        Assert.InRange(timeline.Lateness.TotalSeconds, 0, 0.01);
    }

    [Fact]
    public void Place_session_that_is_far_too_late_is_placed_anew()
    {
        var timeline = new StreamTimeline(_clock);
        Place(timeline, 0);
        Assert.Equal(103, Arrive(timeline, 91.5, after: 103));
    }

    private double Arrive(StreamTimeline timeline, double time, double after)
    {
        _clock.Advance(Seconds(after));
        return Place(timeline, time);
    }

    private static double Place(StreamTimeline timeline, double time) => timeline.Place(Seconds(time)).TotalSeconds;

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
