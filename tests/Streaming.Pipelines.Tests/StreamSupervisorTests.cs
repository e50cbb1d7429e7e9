using Streaming.Video;

namespace Streaming.Pipelines.Tests;

public class StreamSupervisorTests
{
    private static readonly SourceFailure Lost = new(SourceFailureKind.Unreachable, "nobody listens there");
    private static readonly SourceFailure Refused = new(SourceFailureKind.Unauthorized, "the camera refuses the password");

    private readonly ManualClock _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<StreamPhase> _phases = [];
    private readonly Queue<Func<Action, Task<SourceFailure?>>> _sessions = new();
    private readonly TaskCompletionSource _showed = new();

    [Fact]
    public async Task RunAsync_camera_that_is_down_is_tried_for_ever_with_growing_and_capped_waits()
    {
        for (int i = 0; i < 9; i++)
            _sessions.Enqueue(_ => Failed(Lost));
        var (supervisor, run) = Start(endsByItself: false);
        var waits = new List<double>();
        for (int i = 0; i < 9; i++)
        {
            waits.Add((await _clock.NextWaitAsync()).TotalSeconds);
            Assert.Equal(new StreamStanding(StreamPhase.Connecting, 0, Lost.Message, Lost.Kind), supervisor.Standing);
            if (i < 8)
                _clock.Advance(TimeSpan.FromSeconds(waits[^1]));
        }
        Assert.Equal([1, 2, 4, 6, 6, 6, 6, 6, 6], waits);
        await StopAsync(run);
        Assert.Equal(StreamPhase.Stopped, supervisor.Standing.Phase);
    }

    [Fact]
    public async Task RunAsync_camera_whose_decoders_die_again_and_again_is_tried_rarely_and_then_again()
    {
        var died = new SourceFailure(SourceFailureKind.DecoderLost, "the decoder process died (signal 11)");
        for (int i = 0; i < 12; i++)
            _sessions.Enqueue(show => Showing(show, died));
        var (supervisor, run) = Start(endsByItself: false);
        for (int i = 0; i < 10; i++)
        {
            TimeSpan wait = await _clock.NextWaitAsync();
            Assert.True(wait <= TimeSpan.FromSeconds(6), $"crash {i + 1} waits {wait}");
            Assert.Equal(StreamPhase.Retrying, supervisor.Standing.Phase);
            _clock.Advance(wait);
        }
        TimeSpan rare = await _clock.NextWaitAsync();
        Assert.Equal(TimeSpan.FromMinutes(5), rare);
        Assert.Equal((StreamPhase.Failed, SourceFailureKind.DecoderLost), (supervisor.Standing.Phase, supervisor.Standing.Failure));
        // What lies long back does not count.
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.True(await _clock.NextWaitAsync() <= TimeSpan.FromSeconds(6));
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_camera_that_comes_back_is_counted_and_its_error_kept()
    {
        _sessions.Enqueue(show => Showing(show, Lost));
        _sessions.Enqueue(async show =>
        {
            show();
            _showed.SetResult();
            await Task.Delay(Timeout.Infinite, _stop.Token);
            return null;
        });
        var (supervisor, run) = Start(endsByItself: false);
        TimeSpan wait = await _clock.NextWaitAsync();
        Assert.Equal(StreamPhase.Retrying, supervisor.Standing.Phase);
        _clock.Advance(wait);
        await _showed.Task;
        Assert.Equal(new StreamStanding(StreamPhase.Running, 1, Lost.Message), supervisor.Standing);
        await StopAsync(run);
        Assert.Equal([StreamPhase.Running, StreamPhase.Retrying, StreamPhase.Running, StreamPhase.Stopped], _phases);
    }

    [Fact]
    public async Task RunAsync_session_that_showed_frames_starts_the_waits_anew()
    {
        _sessions.Enqueue(_ => Failed(Lost));
        _sessions.Enqueue(_ => Failed(Lost));
        _sessions.Enqueue(show => Showing(show, Lost));
        var (_, run) = Start(endsByItself: false);
        foreach (double expected in new[] { 1.0, 2, 1 })
        {
            TimeSpan wait = await _clock.NextWaitAsync();
            Assert.Equal(expected, wait.TotalSeconds);
            if (_sessions.Count > 0)
                _clock.Advance(wait);
        }
        await StopAsync(run);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(5.8, 0.5)]
    [InlineData(60, 0.5)]
    public async Task RunAsync_attempt_that_took_its_time_does_not_make_the_next_one_later(double took, double left)
    {
        for (int i = 0; i < 3; i++)
            _sessions.Enqueue(_ => Failed(Lost));
        _sessions.Enqueue(_ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(took));
            return Failed(Lost);
        });
        var (_, run) = Start(endsByItself: false);
        for (int i = 0; i < 3; i++)
            _clock.Advance(await _clock.NextWaitAsync());
        Assert.Equal(left, (await _clock.NextWaitAsync()).TotalSeconds, 6);
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_wrong_password_is_failed_and_tried_rarely()
    {
        _sessions.Enqueue(_ => Failed(Refused));
        var (supervisor, run) = Start(endsByItself: false);
        Assert.Equal(300, (await _clock.NextWaitAsync()).TotalSeconds);
        Assert.Equal((StreamPhase.Failed, SourceFailureKind.Unauthorized), (supervisor.Standing.Phase, supervisor.Standing.Failure));
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_camera_that_refuses_while_it_starts_is_tried_sooner_and_never_often()
    {
        _sessions.Enqueue(show => Showing(show, Lost));
        for (int i = 0; i < 6; i++)
            _sessions.Enqueue(_ => Failed(Refused));
        var (supervisor, run) = Start(endsByItself: false);
        var waits = new List<double>();
        for (int i = 0; i < 7; i++)
        {
            waits.Add((await _clock.NextWaitAsync()).TotalSeconds);
            if (i < 6)
                _clock.Advance(TimeSpan.FromSeconds(waits[^1]));
        }
        Assert.Equal([1, 30, 60, 120, 240, 300, 300], waits);
        Assert.Equal(StreamPhase.Failed, supervisor.Standing.Phase);
        await StopAsync(run);
    }

    [Theory]
    [InlineData(true, StreamPhase.Ended)]
    [InlineData(false, StreamPhase.Failed)]
    public async Task RunAsync_film_is_played_once(bool shows, StreamPhase phase)
    {
        _sessions.Enqueue(show => shows ? Showing(show, null) : Failed(new SourceFailure(SourceFailureKind.NotVideo, "is a text")));
        var (supervisor, run) = Start(endsByItself: true);
        await run;
        Assert.Equal(phase, supervisor.Standing.Phase);
    }

    [Fact]
    public async Task RunAsync_bug_in_a_session_is_thrown_and_shown()
    {
        _sessions.Enqueue(_ => throw new InvalidDataException("bug"));
        var (supervisor, run) = Start(endsByItself: false);
        await Assert.ThrowsAsync<InvalidDataException>(() => run);
        Assert.Equal(StreamPhase.Failed, supervisor.Standing.Phase);
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 0.999999, 0.5)]
    [InlineData(4, 0.5, 4.5)]
    [InlineData(1000, 0, 6)]
    public void Backoff_wait_lies_between_half_and_whole(int failures, double chance, double seconds) =>
        Assert.Equal(seconds, Backoff.Default.Wait(failures, chance).TotalSeconds, 3);

    private static Task<SourceFailure?> Failed(SourceFailure failure) => Task.FromResult<SourceFailure?>(failure);

    private static Task<SourceFailure?> Showing(Action show, SourceFailure? failure)
    {
        show();
        return Task.FromResult(failure);
    }

    private (StreamSupervisor Supervisor, Task Run) Start(bool endsByItself)
    {
        var supervisor = new StreamSupervisor(_clock, Backoff.Default, endsByItself, standing => _phases.Add(standing.Phase), chance: () => 0);
        return (supervisor, Task.Run(() => supervisor.RunAsync((show, _) => _sessions.Dequeue()(show), _stop.Token)));
    }

    private async Task StopAsync(Task run)
    {
        await _stop.CancelAsync();
        await run;
    }
}
