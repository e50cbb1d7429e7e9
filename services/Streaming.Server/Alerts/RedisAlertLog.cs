using System.Globalization;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;
using Streaming.Contracts;
using Streaming.Server.Archive;
using Streaming.Server.Store;

namespace Streaming.Server.Alerts;

/// <summary>
/// The events of all machines of a cluster: in Redis, which numbers them in the order in which they can be seen, and of each machine a copy
/// in memory, which is renewed when another machine tells that it stored or changed one, and every <see cref="Turn"/> besides. Their pictures lie in the folder that the machines share. A script stores or changes an
/// event as a whole; of two machines that change the same event at once, one does it again.
/// </summary>
internal sealed class RedisAlertLog : IAlertLog
{
    /// <summary>Where a machine could not be told of an event, whoever follows events there hears of it within this.</summary>
    internal static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    /// <summary>Events that are fetched at once; their lines have a kilobyte.</summary>
    private const int AtOnce = 1000;

    /// <summary>Changes of one event at once that make way for each other; people acknowledge and webhooks are taken.</summary>
    private const int MostTries = 8;

    // KEYS of all scripts: as KeysIn gives them.
    private const string Store = """
        local number = ARGV[1]
        if number == '0' then number = redis.call('HINCRBY', KEYS[1], 'next', 1)
        elseif redis.call('ZSCORE', KEYS[3], number) ~= ARGV[2] then return 0 end
        redis.call('HSET', KEYS[2], number, ARGV[3])
        redis.call('ZADD', KEYS[3], redis.call('HINCRBY', KEYS[1], 'revision', 1), number)
        return number
        """;

    // In a script the reply is flat whatever the connection speaks.
    private const string Changes = "return redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. ARGV[1], '+inf', 'WITHSCORES')";

    private const string Remove = """
        for i = 1, #ARGV do
          redis.call('HDEL', KEYS[2], ARGV[i])
          redis.call('ZREM', KEYS[3], ARGV[i])
        end
        return redis.call('HINCRBY', KEYS[1], 'removals', 1)
        """;

    private readonly RedisLink _redis;
    private readonly AlertPictures _pictures;
    private readonly AlertRetention _retention;
    private readonly TimeProvider _clock;
    private readonly Action<string> _warn;
    private readonly Action _tell;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, (StoredAlert Stored, string Revision, long Bytes)> _alerts = [];
    private readonly ITimer _timer;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _newest, _revision, _removals;
    private bool _isLost, _isToHear;

    /// <param name="folder">Where pictures lie; made if it is not there.</param>
    /// <param name="tell">Tells the other machines that an event was stored or changed here; returns at once.</param>
    /// <exception cref="StoreException">Redis does not tell what there is.</exception>
    internal RedisAlertLog(RedisLink redis, string folder, AlertRetention retention, TimeProvider clock, Action<string> warn, Action tell)
    {
        (_redis, _pictures, _retention, _clock, _warn, _tell) = (redis, new AlertPictures(folder, isShared: true), retention, clock, warn, tell);
        Directory.CreateDirectory(folder);
        Refresh();
        _timer = clock.CreateTimer(_ => Hear(), null, Turn, Turn);
    }

    private string[] Keys => KeysIn(_redis.Address);

    /// <summary>The head with the counters, the events by number, their numbers by the revision of their last change.</summary>
    internal static string[] KeysIn(RedisAddress redis) => [$"{redis.Prefix}:{{events}}", $"{redis.Prefix}:{{events}}:alerts", $"{redis.Prefix}:{{events}}:changes"];

    public long Newest
    {
        get
        {
            lock (_gate)
                return _newest;
        }
    }

    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    public StoredAlert Append(Alert alert, byte[]? picture, bool hasWebhook) => Reaching(() =>
    {
        DateTimeOffset now = _clock.GetUtcNow();
        alert = alert with { HasPicture = picture is not null, StoredAt = now };
        if (picture is not null)
            _pictures.Write(alert, picture);
        var stored = new StoredAlert(alert, hasWebhook ? new Delivery(DeliveryState.Pending, Since: now) : new Delivery(DeliveryState.None));
        long number = (long)Run(Store, "0", "", Line(stored));
        Refresh();
        _tell();
        return stored with { Alert = alert with { Number = number } };
    });

    public StoredAlert? Change(long number, Func<StoredAlert, StoredAlert> change) => Reaching(() =>
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            Refresh();
            (StoredAlert Stored, string Revision, long Bytes) known;
            lock (_gate)
                if (!_alerts.TryGetValue(number, out known))
                    return null;
            StoredAlert changed = change(known.Stored);
            if ((long)Run(Store, number.ToString(CultureInfo.InvariantCulture), known.Revision, Line(changed)) == 0)
                continue;
            Refresh();
            _tell();
            return changed;
        }
        throw new IOException("others change it all the time");
    });

    public void Note(long number, Delivery delivery)
    {
        lock (_gate)
        {
            if (_alerts.TryGetValue(number, out var known))
                _alerts[number] = known with { Stored = known.Stored with { Delivery = delivery } };
        }
    }

    public StoredAlert? Find(long number)
    {
        lock (_gate)
            return _alerts.TryGetValue(number, out var known) ? known.Stored : null;
    }

    public IReadOnlyList<StoredAlert> Query(AlertQuery query)
    {
        lock (_gate)
            return _alerts.Values.Select(alert => alert.Stored).Meant(query);
    }

    public Alert? NewestOf(string stream, string watch)
    {
        lock (_gate)
            return _alerts.Values.Select(alert => alert.Stored).NewestOf(stream, watch);
    }

    public void Sweep()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        List<Alert> gone = [];
        lock (_gate)
        {
            long left = _alerts.Values.Sum(alert => alert.Bytes);
            foreach (var (stored, _, bytes) in _alerts.Values.TakeWhile(alert => now - alert.Stored.Alert.StoredAt > _retention.Age || left > _retention.Bytes))
            {
                gone.Add(stored.Alert);
                left -= bytes;
            }
        }
        Drop(gone);
    }

    public void Forget(Predicate<string> isGone)
    {
        List<Alert> gone;
        lock (_gate)
            gone = [.. _alerts.Values.Select(alert => alert.Stored.Alert).Where(alert => isGone(alert.Stream))];
        Drop(gone);
    }

    public string PictureOf(Alert alert) => _pictures.PathOf(alert);

    public void Announce()
    {
        lock (_gate)
        {
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>What Redis holds now; those who wait for changes are told.</summary>
    /// <exception cref="StoreException">It does not tell.</exception>
    private void Refresh()
    {
        RedisValue[] head = (RedisValue[])Send("HMGET", Keys[0], "next", "revision", "removals")!;
        lock (_gate)
        {
            if ((head[1].IsNull ? 0 : (long)head[1]) == _revision && (head[2].IsNull ? 0 : (long)head[2]) == _removals)
                return;
            // Number and revision by turns.
            foreach (RedisValue[] changes in ((RedisValue[])Run(Changes, _revision)!).Chunk(2 * AtOnce))
                Take(changes);
            if (!head[2].IsNull && (long)head[2] != _removals)
            {
                HashSet<long> left = [.. ((RedisValue[])Send("HKEYS", Keys[1])!).Select(number => (long)number)];
                foreach (long number in _alerts.Keys.Where(number => !left.Contains(number)).ToList())
                    _alerts.Remove(number);
                _removals = (long)head[2];
            }
            _newest = Math.Max(_newest, head[0].IsNull ? 0 : (long)head[0]);
            Announce();
        }
    }

    /// <param name="changes">The numbers of some events, each with its revision.</param>
    private void Take(RedisValue[] changes)
    {
        RedisValue[][] pairs = [.. changes.Chunk(2)];
        var lines = (RedisValue[])Send("HMGET", [Keys[1], .. pairs.Select(pair => (object)pair[0])])!;
        foreach (var (pair, line) in pairs.Zip(lines))
        {
            string revision = pair[1]!;
            long number = (long)pair[0];
            _revision = Math.Max(_revision, (long)double.Parse(revision, CultureInfo.InvariantCulture));
            // Removed in between, or damaged.
            if ((byte[]?)line is not { } bytes || EventOf(bytes, number) is not { } stored)
                continue;
            _newest = Math.Max(_newest, number);
            stored = stored with { Alert = stored.Alert with { Number = number } };
            _alerts[number] = (stored, revision, bytes.Length + _pictures.SizeOf(stored.Alert));
        }
    }

    private StoredAlert? EventOf(byte[] line, long number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AlertJson.Default.AlertLine)?.Event;
        }
        catch (JsonException)
        {
            _warn($"event {number} is damaged and left out");
            return null;
        }
    }

    /// <summary>What cannot be removed now is removed when it is tried again.</summary>
    private void Drop(List<Alert> gone)
    {
        try
        {
            foreach (Alert[] some in gone.Chunk(1000))
                Run(Remove, [.. some.Select(alert => (object)alert.Id)]);
            gone.ForEach(_pictures.Delete);
            if (gone.Count == 0)
                return;
            Refresh();
            _tell();
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            _warn($"events that are gone cannot be removed yet: {e.Message}");
        }
    }

    /// <summary>Looks for what other machines did, on another thread; once for all that they told until it looks.</summary>
    internal void HearSoon()
    {
        if (!Interlocked.Exchange(ref _isToHear, true))
            Task.Run(Hear);
    }

    private void Hear()
    {
        Volatile.Write(ref _isToHear, false);
        try
        {
            Refresh();
            if (_isLost)
                _warn("events of other machines are heard of again");
            _isLost = false;
        }
        catch (StoreException e)
        {
            if (!_isLost)
                _warn($"events of other machines are not heard of: {e.Message}");
            _isLost = true;
        }
    }

    private static T Reaching<T>(Func<T> change)
    {
        try
        {
            return change();
        }
        catch (StoreException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static byte[] Line(StoredAlert stored) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new AlertLine(stored), AlertJson.Default.AlertLine));

    // An event is made while its watch is held; the millisecond is waited for in place.
    private RedisResult Run(string script, params object[] arguments) => _redis.RunAsync(script, Keys, arguments).GetAwaiter().GetResult();

    private RedisResult Send(string command, params object[] arguments) => _redis.SendAsync(command, arguments).GetAwaiter().GetResult();
}
