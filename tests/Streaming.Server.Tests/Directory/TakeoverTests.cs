using Streaming.Contracts;
using Streaming.Server.Tests.Store;

namespace Streaming.Server.Tests;

public sealed class TakeoverTests
{
    [Fact]
    public async Task Stream_that_another_server_takes_over_ends_here_and_goes_on_there()
    {
        using var redis = new RedisServer();
        using var camera = new Camera();
        var settings = new Settings { Redis = redis.Address };
        await using LocalMachine first = new() { Settings = settings }, second = new() { Settings = settings };
        await (await first.OpenAsync()).AddStreamAsync(new StreamRequest("gate", camera.Url, Sampling: 5), default);
        StreamDocument before = await first.UntilAsync("gate", stream => stream.DurableUntil is not null);
        await (await second.OpenAsync()).AddStreamAsync(new StreamRequest("gate", camera.Url, Sampling: 5), default);
        StreamDocument ended = await first.UntilAsync("gate", stream => stream.State == StreamState.Stopped);
        Assert.Contains(ended.Notes, note => note.StartsWith("another server runs this stream", StringComparison.Ordinal));
        await second.UntilAsync("gate", stream => stream.State == StreamState.Running && stream.Frames.Kept > before.Frames.Kept && stream.DurableUntil is not null);
        // It stays ended, whoever starts it.
        Assert.Equal(StreamState.Stopped, (await (await first.OpenAsync()).ChangeStreamAsync("gate", new StreamPatch(Sampling: 4), default)).Value!.State);
    }
}
