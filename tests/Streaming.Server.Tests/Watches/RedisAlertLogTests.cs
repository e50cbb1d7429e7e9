using Streaming.Contracts;
using Streaming.Pipelines.Tests;
using Streaming.Server.Alerts;
using Streaming.Server.Store;
using Streaming.Server.Tests.Store;

namespace Streaming.Server.Tests.Watches;

/// <summary>The events of several machines in one real Redis, each looked at by two of them.</summary>
public sealed class RedisAlertLogTests : IAsyncLifetime
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-events-").FullName;
    private readonly ManualClock _clock = new();
    private readonly RedisServer _redis = new();
    private RedisLink _first = null!, _second = null!;

    public Task InitializeAsync()
    {
        (_first, _second) = (RedisLink.Connect(_redis.Address, TimeSpan.FromSeconds(5)), RedisLink.Connect(_redis.Address, TimeSpan.FromSeconds(5)));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _redis.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Event_of_one_machine_is_heard_of_on_the_other_in_order_and_with_what_became_of_it()
    {
        using RedisAlertLog here = Open(_first), there = Open(_second);
        Task changed = there.Changed;
        Assert.Equal(1, here.Append(Alert("door", 1), [1, 2, 3], hasWebhook: true).Alert.Number);
        _clock.Advance(RedisAlertLog.Turn);
        await changed.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(("door", DeliveryState.Pending), (there.Find(1)!.Alert.Stream, there.Find(1)!.Delivery.State));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(there.PictureOf(there.Find(1)!.Alert)));
        // Numbered where they are stored, whoever stores them.
        Assert.Equal(2, there.Append(Alert("yard", 2), null, hasWebhook: false).Alert.Number);
        Assert.Equal(3, here.Append(Alert("door", 3), null, hasWebhook: false).Alert.Number);
        Assert.Equal(["1", "2", "3"], here.Query(new AlertQuery()).Select(stored => stored.Alert.Id));
        Assert.Equal(["3"], here.Query(new AlertQuery(Stream: "door", After: 1)).Select(stored => stored.Alert.Id));
        Assert.Equal(3, here.NewestOf("door", "watch")!.Number);
    }

    [Fact]
    public async Task Changes_of_two_machines_at_once_are_both_kept()
    {
        using RedisAlertLog here = Open(_first), there = Open(_second);
        here.Append(Alert("door", 1), null, hasWebhook: true);
        // The other machine knows it by looking before it changes it.
        await Task.WhenAll(
            Task.Run(() => here.Change(1, stored => stored with { Delivery = stored.Delivery with { State = DeliveryState.Delivered } })),
            Task.Run(() => there.Change(1, stored => stored with { Acknowledged = new AcknowledgedDocument(_clock.GetUtcNow(), "ann", null) })));
        using RedisAlertLog later = Open(_second);
        Assert.Equal((DeliveryState.Delivered, "ann"), (later.Find(1)!.Delivery.State, later.Find(1)!.Acknowledged!.By));
        Assert.Null(here.Change(2, stored => stored));
    }

    [Fact]
    public void Events_that_are_old_or_of_a_stream_that_is_gone_are_forgotten_everywhere_and_no_number_returns()
    {
        using RedisAlertLog here = Open(_first);
        string picture = here.PictureOf(here.Append(Alert("door", 1), [1], hasWebhook: false).Alert);
        here.Append(Alert("yard", 2), null, hasWebhook: false);
        here.Forget(stream => stream == "door");
        Assert.False(File.Exists(picture));
        _clock.Advance(TimeSpan.FromDays(31));
        here.Sweep();
        using RedisAlertLog there = Open(_second);
        Assert.Empty(there.Query(new AlertQuery()));
        Assert.Equal(3, there.Append(Alert("door", 3), null, hasWebhook: false).Alert.Number);
    }

    [Fact]
    public void Redis_that_is_gone_stores_no_event_and_says_so()
    {
        using RedisAlertLog here = Open(_first);
        _redis.Kill();
        Assert.Throws<IOException>(() => here.Append(Alert("door", 1), null, hasWebhook: false));
    }

    private RedisAlertLog Open(RedisLink redis) => new(redis, _folder, new AlertRetention(TimeSpan.FromDays(30), 1 << 20), _clock, _ => { });

    private Alert Alert(string stream, int at) => new(
        0, stream, "watch", WatchSeverity.Warning, "Is there?", "yes", "model", _clock.GetUtcNow(), _clock.GetUtcNow() + TimeSpan.FromSeconds(at), 0, at, [], HasPicture: false, default);
}
