namespace Streaming.Video.Tests;

/// <summary>Clock and sampler, which are pure.</summary>
public sealed class TimeTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(40);

    [Fact]
    public void StreamClock_first_picture_is_zero_unless_the_start_is_known()
    {
        Assert.Equal(TimeSpan.Zero, new StreamClock(null, 0.001, Step, false).Next(5000));
        Assert.Equal(TimeSpan.FromSeconds(1), new StreamClock(4000, 0.001, Step, false).Next(5000));
        Assert.Equal(TimeSpan.Zero, new StreamClock(6000, 0.001, Step, false).Next(5000));
    }

    [Fact]
    public void StreamClock_restart_at_zero_goes_on_where_it_was()
    {
        var clock = new StreamClock(0, 0.001, Step, true);
        clock.Next(60_000);

        Assert.Equal(TimeSpan.FromSeconds(60.04), clock.Next(0));
        Assert.Equal(TimeSpan.FromSeconds(60.08), clock.Next(40));
    }

    [Theory]
    [InlineData(true, 0.04)]
    [InlineData(false, 3600)]
    public void StreamClock_large_step_forward_is_a_jump_only_where_times_may_jump(bool mayJump, double seconds)
    {
        var clock = new StreamClock(0, 1, Step, mayJump);
        clock.Next(0);

        Assert.Equal(seconds, clock.Next(3600).TotalSeconds, 6);
    }

    [Fact]
    public void StreamClock_missing_times_are_filled_in()
    {
        var clock = new StreamClock(null, 0.001, Step, false);

        Assert.Equal(TimeSpan.Zero, clock.Next(null));
        Assert.Equal(Step, clock.Next(null));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void StreamClock_any_timestamps_never_run_backwards(int seed)
    {
        var random = new Random(seed);
        var clock = new StreamClock(null, 0.001, Step, seed % 2 == 0);
        var last = TimeSpan.Zero;
        var stamp = 0L;
        for (var i = 0; i < 10_000; i++)
        {
            stamp = random.Next(100) == 0 ? random.NextInt64(-1L << 33, 1L << 33) : stamp + random.Next(-80, 200);
            var time = clock.Next(random.Next(50) == 0 ? null : stamp);
            Assert.True(time >= last, $"picture {i}: {time} after {last}");
            last = time;
        }
    }

    [Theory]
    [InlineData(2, 25)]
    [InlineData(5, 30)]
    [InlineData(3, 29.97)]
    [InlineData(5, 4)]
    public void FrameSampler_any_rates_take_at_most_one_picture_a_tick_and_miss_none(double rate, double filmRate)
    {
        var sampler = new FrameSampler(rate, TimeSpan.Zero, null);
        var ticks = Enumerable.Range(0, 1000).Select(i => TimeSpan.FromSeconds(i / filmRate))
            .Where(time => sampler.IsWanted(time)).Select(time => (long)Math.Floor((time.TotalSeconds + 0.0005) * rate)).ToList();

        Assert.Equal(ticks.Distinct(), ticks);
        if (filmRate > rate)
            Assert.Equal(Enumerable.Range(0, ticks.Count).Select(i => (long)i), ticks);
    }

    [Fact]
    public void FrameSampler_range_takes_its_start_and_leaves_its_end()
    {
        var sampler = new FrameSampler(2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        var taken = Enumerable.Range(0, 10).Select(i => TimeSpan.FromSeconds(i * 0.5)).Where(time => sampler.IsWanted(time));

        Assert.Equal([1, 1.5], taken.Select(time => time.TotalSeconds).ToArray());
        Assert.True(sampler.IsPast(TimeSpan.FromSeconds(2)));
    }
}
