using Streaming.Contracts;

namespace Streaming.Server.Tests;

/// <summary>More cameras than a small machine could decode: what their decoders say was recorded once and is said again by all.</summary>
public sealed class HundredCamerasTests : IAsyncLifetime
{
    private const int Cameras = 100;

    private readonly LocalMachine _machine = new() { Settings = new Settings { Streams = Cameras } };

    [Fact]
    public async Task AddStreamAsync_hundred_cameras_at_once_show_pictures_end_and_come_back_and_leave_nothing()
    {
        string said = await RecordAsync();
        // What a decoder says, and then silence until its parent has heard enough.
        _machine.Decoder = ["/bin/sh", "-c", "cat \"$0\"; exec cat >/dev/null", said];
        LocalDirectory directory = await _machine.OpenAsync();
        Outcome<StreamDocument>[] added = await Task.WhenAll(Enumerable.Range(0, Cameras).Select(i =>
            directory.AddStreamAsync(new StreamRequest($"camera-{i}", "rtsp://127.0.0.1:9/cam"), default)));
        Assert.All(added, outcome => Assert.Null(outcome.Problem));
        Assert.Equal(ProblemKind.Full, (await directory.AddStreamAsync(new StreamRequest("one-more", "rtsp://127.0.0.1:9/cam"), default)).Problem!.Kind);

        IReadOnlyList<StreamDocument> all = await LocalMachine.UntilAsync(
            () => directory.StreamsAsync(default), streams => streams.All(stream => stream is { Reconnects: >= 1, Frames.Kept: >= 2, LastError: not null }));
        Assert.All(all, stream => Assert.Equal(0, stream.Frames.Unreadable));
        var (text, _, _) = await _machine.AskAsync(new AskRequest([.. all.Select(stream => SourceName.Stream(stream.Name))], "is there a square?"));
        Assert.Equal(Cameras, text.Split('\n').Length);

        await _machine.CloseAsync();
        Assert.DoesNotContain(ProcessTable.ChildrenOf(Environment.ProcessId), child => ProcessTable.CommandOf(child).Contains(said));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();

    /// <summary>Plays a film with a real decoder and keeps what that says.</summary>
    /// <returns>The file's path.</returns>
    private async Task<string> RecordAsync()
    {
        string film = _machine.Film(2), said = Path.ChangeExtension(film, ".said");
        string child = Assert.Single(_machine.Decoder);
        string id = (await _machine.UploadAsync(film)).Value!.Id;
        await _machine.UntilReadAsync(id);
        await _machine.CloseAsync();
        _machine.Decoder = ["/bin/sh", "-c", "\"$0\" | tee \"$1\"", child, said];
        await (await _machine.OpenAsync()).AddStreamAsync(new StreamRequest("recorded", File: id), default);
        await _machine.UntilAsync("recorded", stream => stream.State == StreamState.Ended);
        await (await _machine.OpenAsync()).RemoveStreamAsync("recorded", default);
        await _machine.CloseAsync();
        return said;
    }
}
