namespace Streaming.Pipelines.Tests;

public sealed class MemoryHorizonTests
{
    private readonly MemoryHorizon _horizon = new();

    [Fact]
    public void SeenUntil_before_any_frame_is_nothing() => Assert.Null(_horizon.SeenUntil);

    [Fact]
    public void SeenUntil_while_a_keyframe_waits_stays_before_it()
    {
        Look(0, isKept: false);
        Look(1, isKept: true);
        Look(2, isKept: false);
        AssertSeen(0);
    }

    [Fact]
    public void SeenUntil_after_a_lost_keyframe_stays_until_the_next_one_is_remembered()
    {
        Look(0, isKept: true);
        _horizon.Remember(TimeSpan.Zero);
        Look(1, isKept: true);
        _horizon.Lose();
        Look(2, isKept: false);
        AssertSeen(0);
        Look(3, isKept: true);
        Look(4, isKept: false);
        _horizon.Remember(TimeSpan.FromSeconds(3));
        AssertSeen(4);
    }

    [Fact]
    public void SeenUntil_once_all_keyframes_are_remembered_reaches_the_newest_frame()
    {
        Look(1, isKept: true);
        Look(2, isKept: true);
        Look(3, isKept: false);
        _horizon.Remember(TimeSpan.FromSeconds(1));
        AssertSeen(1);
        _horizon.Remember(TimeSpan.FromSeconds(2));
        AssertSeen(3);
    }

    [Fact]
    public void SeenUntil_after_a_session_that_lost_keyframes_goes_on_with_the_next()
    {
        Look(1, isKept: true);
        _horizon.End();
        Assert.Null(_horizon.SeenUntil);
        Look(5, isKept: false);
        AssertSeen(5);
    }

    private void Look(double seconds, bool isKept) => _horizon.Look(TimeSpan.FromSeconds(seconds), isKept);

    private void AssertSeen(double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), _horizon.SeenUntil);
}
