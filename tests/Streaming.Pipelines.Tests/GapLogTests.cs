namespace Streaming.Pipelines.Tests;

public class GapLogTests
{
    [Fact]
    public void Arrive_after_a_session_was_lost_the_time_between_was_not_seen()
    {
        var log = new GapLog([], null);
        log.BeginSession();
        See(log, 0, 1, 2);
        log.BeginSession();
        See(log, 62, 63);
        log.BeginSession();
        See(log, 64, 200);
        Assert.Equal([(2d, 62d, GapReason.Offline, 0L)], Shown(log));
    }

    [Fact]
    public void Arrive_after_the_wall_clock_was_set_forward_the_time_between_was_not_seen()
    {
        var log = new GapLog([], null);
        log.BeginSession();
        See(log, 0, 1, 3601, 3602);
        Assert.Equal([(1d, 3601d, GapReason.Offline, 0L)], Shown(log));
    }

    [Fact]
    public void Arrive_after_a_restart_the_time_between_was_not_seen_and_earlier_gaps_are_kept()
    {
        Gap earlier = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(9), GapReason.Offline, 0);
        var log = new GapLog([earlier], TimeSpan.FromSeconds(20));
        log.BeginSession();
        See(log, 50);
        Assert.Equal([(3d, 9d, GapReason.Offline, 0L), (20d, 50d, GapReason.Offline, 0L)], Shown(log));
    }

    [Fact]
    public void Miss_frames_close_together_are_one_gap_of_their_reason()
    {
        var log = new GapLog([], null);
        foreach (int second in (int[])[1, 2, 8, 40])
            log.Miss(TimeSpan.FromSeconds(second), GapReason.Dropped);
        log.Miss(TimeSpan.FromSeconds(41), GapReason.Lost);
        log.Miss(TimeSpan.FromSeconds(45), GapReason.Dropped);
        Assert.Equal([(1d, 8d, GapReason.Dropped, 3L), (40d, 45d, GapReason.Dropped, 2L), (41d, 41d, GapReason.Lost, 1L)], Shown(log));
    }

    [Fact]
    public void Gaps_of_very_many_the_shortest_are_forgotten()
    {
        var log = new GapLog([], null);
        See(log, 0);
        for (int outage = 1; outage <= 2 * GapLog.Most; outage++)
        {
            log.BeginSession();
            See(log, (outage * 1000) - (outage % 2 == 0 ? 600 : 0), outage * 1000);
        }
        Assert.Equal(GapLog.Most, log.Gaps.Count);
        Assert.True(log.Gaps.Count(gap => gap.To - gap.From > TimeSpan.FromSeconds(500)) >= GapLog.Most - 1);
    }

    [Fact]
    public void Gaps_are_the_same_object_until_there_is_another()
    {
        var log = new GapLog([], null);
        See(log, 0, 1);
        IReadOnlyList<Gap> before = log.Gaps;
        See(log, 2, 300);
        Assert.Same(before, log.Gaps);
        log.Miss(TimeSpan.FromSeconds(301), GapReason.Lost);
        Assert.NotSame(before, log.Gaps);
    }

    private static void See(GapLog log, params int[] seconds)
    {
        foreach (int second in seconds)
            log.Arrive(TimeSpan.FromSeconds(second));
    }

    private static IEnumerable<(double, double, GapReason, long)> Shown(GapLog log) =>
        log.Gaps.Select(gap => (gap.From.TotalSeconds, gap.To.TotalSeconds, gap.Reason, gap.Frames));
}
