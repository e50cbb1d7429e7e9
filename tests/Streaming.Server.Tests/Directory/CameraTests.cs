using Streaming.Contracts;

namespace Streaming.Server.Tests;

public sealed class CameraTests : IAsyncLifetime
{
    private readonly LocalMachine _machine = new();

    [Fact]
    public async Task AddStreamAsync_camera_that_is_switched_off_and_on_comes_back_with_all_that_was_seen()
    {
        using var camera = new Camera();
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", camera.Url, Sampling: 5), default);
        StreamDocument first = await _machine.UntilAsync("gate", stream => stream is { State: StreamState.Running, Frames.Kept: >= 2 });
        Assert.Equal(("h264", 320, 240), (first.Codec, first.Width, first.Height));

        camera.SwitchOff();
        StreamDocument lost = await _machine.UntilAsync("gate", stream => stream.State == StreamState.Retrying);
        Assert.NotNull(lost.LastError);
        camera.SwitchOn();
        StreamDocument back = await _machine.UntilAsync("gate", stream => stream.State == StreamState.Running && stream.Frames.Kept >= lost.Frames.Kept + 2);
        Assert.Equal((1, first.StartedAt), (back.Reconnects, back.StartedAt));
        Assert.NotNull(back.LastError); // Of the first loss, or of a try while it was still off.

        var all = (await directory.KeyframesAsync(SourceName.Stream("gate"), 0, 1000, default)).Value!.Keyframes;
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(k => k.Number));
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.True(pair.First.Seconds < pair.Second.Seconds));
        Assert.All(all, k => Assert.Equal(back.StartedAt.AddSeconds(k.Seconds), k.At!.Value, TimeSpan.FromMilliseconds(1)));
        // The stream's clock is the wall's: the newest frame is about as old as the document says.
        Assert.InRange((DateTimeOffset.UtcNow - all[^1].At!.Value).TotalSeconds, -1, 120);
    }

    [Fact]
    public async Task AddStreamAsync_after_a_restart_time_and_numbers_go_on()
    {
        using var camera = new Camera();
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", "rtsp://127.0.0.1:9/main", SubUrl: camera.Url, Sampling: 5), default);
        StreamDocument before = await _machine.UntilAsync("gate", stream => stream.Frames.Kept >= 3);
        await _machine.CloseAsync();
        await _machine.OpenAsync();
        StreamDocument after = await _machine.UntilAsync("gate", stream => stream.State == StreamState.Running && stream.Frames.Kept > before.Frames.Kept + 2);
        Assert.Equal(before.StartedAt, after.StartedAt);
        var all = (await (await _machine.OpenAsync()).KeyframesAsync(SourceName.Stream("gate"), 0, 1000, default)).Value!.Keyframes;
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(k => k.Number));
        Assert.Equal(all.Select(k => k.Seconds).Order(), all.Select(k => k.Seconds));
        Assert.Equal(2, all.Count(k => k.Reason == "first"));
    }

    [Fact]
    public async Task AddStreamAsync_wrong_password_is_failed_and_says_so_without_it()
    {
        using var camera = new Camera("--user", "user", "--password", "right");
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", camera.Url.Replace("//", "//user:wrong@")), default);
        StreamDocument failed = await _machine.UntilAsync("gate", stream => stream.State == StreamState.Failed);
        Assert.DoesNotContain("wrong@", $"{failed}");
        await directory.ChangeStreamAsync("gate", new StreamPatch(Url: camera.Url.Replace("//", "//user:right@")), default);
        await _machine.UntilAsync("gate", stream => stream.State == StreamState.Running);
    }

    [Fact]
    public async Task AddStreamAsync_twenty_cameras_run_at_once_and_are_asked_together()
    {
        using var camera = new Camera();
        using var fickle = new Camera();
        var directory = await _machine.OpenAsync();
        for (int i = 0; i < 20; i++)
            await directory.AddStreamAsync(new StreamRequest($"camera-{i:00}", i == 7 ? fickle.Url : camera.Url, Sampling: 1, Decode: DecodeMode.Intra), default);
        var all = await LocalMachine.UntilAsync(() => directory.StreamsAsync(default), streams => streams.All(stream => stream.VisualTokens.Remembered > 0));
        Assert.All(all, stream => Assert.InRange(stream.Frames.Sampled, stream.Frames.Kept, stream.Frames.Decoded));
        fickle.SwitchOff();
        await _machine.UntilAsync("camera-07", stream => stream.State == StreamState.Retrying);
        var (text, _, _) = await _machine.AskAsync(new AskRequest([.. all.Select(stream => SourceName.Stream(stream.Name))], "is there a ball?"));
        Assert.Equal(all.Select(stream => $"{stream.Name}: yes"), text.Split('\n'));
        fickle.SwitchOn();
        StreamDocument back = await _machine.UntilAsync("camera-07", stream => stream.State == StreamState.Running);
        Assert.Equal(1, back.Reconnects);
    }

    [Fact]
    public async Task AskAsync_of_several_names_each_and_rests_on_those_that_say_yes()
    {
        using var camera = new Camera();
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", camera.Url, Decode: DecodeMode.Intra), default);
        await directory.AddStreamAsync(new StreamRequest("yard", "rtsp://127.0.0.1:9/cam"), default);
        await _machine.UntilAsync("gate", stream => stream.VisualTokens.Remembered > 0);
        var (text, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.Stream("yard"), SourceName.Stream("gate")], "Which camera saw a ball?"));
        Assert.Equal("gate\ngate: yes\nyard: nothing seen yet", text);
        Assert.Equal(text, answer!.Answer);
        Assert.All(answer.Citations, citation => Assert.Equal("gate", citation.Stream));
        Assert.Equal("\nWas there a ball at any time?", ((Streaming.Models.TextPart)Assert.Single(_machine.Model.Asked).Messages[0].Content[^1]).Text);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();
}
