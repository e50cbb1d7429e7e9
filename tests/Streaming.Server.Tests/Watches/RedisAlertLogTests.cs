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
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _told = [];
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
    public async Task Machine_that_is_told_hears_of_it_without_waiting_for_its_turn()
    {
        using RedisAlertLog here = Open(_first, "by here"), there = Open(_second, "by there");
        Task changed = there.Changed;
        here.Append(Alert("door", 1), null, hasWebhook: false);
        there.HearSoon();
        await changed.WaitAsync(TimeSpan.FromMinutes(1));
        changed = here.Changed;
        there.Change(1, stored => stored with { Acknowledged = new AcknowledgedDocument(_clock.GetUtcNow(), "ann", null) });
        here.HearSoon();
        await changed.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("ann", here.Find(1)!.Acknowledged!.By);
        here.Forget(stream => stream == "door");
        Assert.Equal(["by here", "by there", "by here"], _told);
    }

    [Fact]
    public async Task Events_of_a_cluster_are_a_machines_own_log_in_a_backup_and_come_back_out_of_one()
    {
        using (RedisAlertLog here = Open(_first))
        {
            here.Append(Alert("door", 1), [1, 2, 3], hasWebhook: true);
            here.Append(Alert("yard", 2), [4], hasWebhook: false);
            here.Change(1, stored => stored with { Acknowledged = new AcknowledgedDocument(_clock.GetUtcNow(), "ann", "seen") });
            here.Forget(stream => stream == "yard");
        }
        byte[] log = await new SharedAlerts(_first).ReadAsync(default);
        File.WriteAllBytes(Path.Combine(_folder, "events.log"), log);
        using (var alone = new AlertLog(_folder, new AlertRetention(TimeSpan.FromDays(30), 1 << 20), _clock, warning => Assert.Fail(warning)))
        {
            AssertDoor(alone);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(3, alone.Append(Alert("door", 3), [5, 6], hasWebhook: false).Alert.Number);
        }
        RedisAddress other = RedisAddress.Parse("STREAMING_REDIS", _redis.Url, "other", TimeSpan.FromDays(1));
        await using RedisLink link = RedisLink.Connect(other, TimeSpan.FromSeconds(5));
        Assert.Empty(await new SharedAlerts(link).ReadAsync(default));
        await new SharedAlerts(link).ReplaceAsync(File.ReadAllBytes(Path.Combine(_folder, "events.log")), default);
        using RedisAlertLog cluster = Open(link);
        AssertDoor(cluster);
        Assert.Equal([5, 6], File.ReadAllBytes(cluster.PictureOf(cluster.Find(3)!.Alert)));
        Assert.Equal(4, cluster.Append(Alert("door", 4), null, hasWebhook: false).Alert.Number);

        static void AssertDoor(IAlertLog log)
        {
            StoredAlert door = log.Query(new AlertQuery()).First();
            Assert.Equal((1L, "door", DeliveryState.Pending, "ann"), (door.Alert.Number, door.Alert.Stream, door.Delivery.State, door.Acknowledged!.By));
            Assert.Equal([1, 2, 3], File.ReadAllBytes(log.PictureOf(door.Alert)));
        }
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

    private RedisAlertLog Open(RedisLink redis, string told = "") =>
        new(redis, _folder, new AlertRetention(TimeSpan.FromDays(30), 1 << 20), _clock, _ => { }, () => _told.Enqueue(told));

    private Alert Alert(string stream, int at) => new(
        0, stream, "watch", WatchSeverity.Warning, "Is there?", "yes", "model", _clock.GetUtcNow(), _clock.GetUtcNow() + TimeSpan.FromSeconds(at), 0, at, [], HasPicture: false, default);
}
