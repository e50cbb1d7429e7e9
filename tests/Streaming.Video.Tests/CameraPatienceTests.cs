namespace Streaming.Video.Tests;

/// <summary>How long a camera may be silent, which is pure.</summary>
public sealed class CameraPatienceTests
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(0.04, 5)]
    [InlineData(1, 5)]
    [InlineData(3, 12)]
    [InlineData(14, 56)]
    [InlineData(40, 60)]
    public void Wait_is_four_of_the_cameras_own_intervals_within_bounds(double interval, double expected)
    {
        var patience = new CameraPatience(null, Least, TimeSpan.Zero);
        for (int i = 0; i < 5; i++)
            patience.Arrive(TimeSpan.FromSeconds(i * interval));
        Assert.Equal(expected, patience.Wait.TotalSeconds, 6);
    }

    [Fact]
    public void Wait_before_three_packets_is_as_long_as_a_group_of_pictures()
    {
        var patience = new CameraPatience(null, Least, TimeSpan.Zero);
        Assert.Equal(CameraPatience.AtFirst, patience.Wait);
        patience.Arrive(TimeSpan.FromSeconds(7));
        patience.Arrive(TimeSpan.FromSeconds(7.2));
        Assert.Equal(CameraPatience.AtFirst, patience.Wait);
        patience.Arrive(TimeSpan.FromSeconds(7.4));
        Assert.Equal(Least, patience.Wait);
    }

    [Fact]
    public void Wait_of_a_camera_that_has_become_faster_shrinks()
    {
        var patience = new CameraPatience(null, Least, TimeSpan.Zero);
        double time = 0;
        patience.Arrive(TimeSpan.Zero);
        patience.Arrive(TimeSpan.FromSeconds(time += 10));
        patience.Arrive(TimeSpan.FromSeconds(time += 10));
        Assert.Equal(40, patience.Wait.TotalSeconds, 6);
        for (int i = 0; i < 30; i++)
            patience.Arrive(TimeSpan.FromSeconds(time += 0.1));
        Assert.Equal(Least, patience.Wait);
    }

    [Fact]
    public void Wait_of_a_camera_that_is_known_is_its_own_from_the_first_packet_on()
    {
        var patience = new CameraPatience(null, Least, TimeSpan.FromSeconds(3));
        Assert.Equal(CameraPatience.AtFirst, patience.Wait);
        patience.Arrive(TimeSpan.Zero);
        Assert.Equal(12, patience.Wait.TotalSeconds, 6);
        patience.Arrive(TimeSpan.FromSeconds(0.1));
        patience.Arrive(TimeSpan.FromSeconds(0.2));
        Assert.Equal((Least, TimeSpan.FromSeconds(0.1)), (patience.Wait, patience.Interval));
    }

    [Fact]
    public void Wait_times_that_jump_or_are_missing_say_nothing()
    {
        var patience = new CameraPatience(null, Least, TimeSpan.Zero);
        foreach (double time in (double[])[0, 3, 6, 46, 49, 90_000, 90_003, 0, 3])
            patience.Arrive(TimeSpan.FromSeconds(time));
        patience.Arrive(null);
        Assert.Equal(12, patience.Wait.TotalSeconds, 6);
    }

    [Fact]
    public void Wait_that_was_chosen_counts_whatever_comes()
    {
        var patience = new CameraPatience(TimeSpan.FromSeconds(2), Least, TimeSpan.Zero);
        Assert.Equal(2, patience.Wait.TotalSeconds);
        patience.Arrive(TimeSpan.Zero);
        patience.Arrive(TimeSpan.FromSeconds(30));
        Assert.Equal(2, patience.Wait.TotalSeconds);
    }
}
