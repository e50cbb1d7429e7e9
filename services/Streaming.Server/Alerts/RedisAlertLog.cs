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
/// in memory that is renewed every <see cref="Turn"/>. Their pictures lie in the folder that the machines share. A script stores or changes an
/// event as a whole; of two machines that change the same event at once, one does it again.
/// </summary>
internal sealed class RedisAlertLog : IAlertLog
{
    /// <summary>Whoever follows events hears of another machine's within this.</summary>
    internal static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);

    /// <summary>Changes of one event at once that make way for each other; people acknowledge and webhooks are taken.</summary>
    private const int MostTries = 8;

    // KEYS: the head, the events by number, their numbers by the revision of their last change.
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
    private readonly string _folder;
    private readonly AlertRetention _retention;
    private readonly TimeProvider _clock;
    private readonly Action<string> _warn;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, (StoredAlert Stored, string Revision, long Bytes)> _alerts = [];
    private readonly ITimer _timer;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _newest, _revision, _removals;
    private bool _isLost;

    /// <param name="folder">Where pictures lie; made if it is not there.</param>
    /// <exception cref="StoreException">Redis does not tell what there is.</exception>
    internal RedisAlertLog(RedisLink redis, string folder, AlertRetention retention, TimeProvider clock, Action<string> warn)
    {
        (_redis, _folder, _retention, _clock, _warn) = (redis, folder, retention, clock, warn);
        Directory.CreateDirectory(folder);
        Refresh();
        _timer = clock.CreateTimer(_ => Follow(), null, Turn, Turn);
    }

    private string[] Keys => [$"{_redis.Address.Prefix}:{{events}}", $"{_redis.Address.Prefix}:{{events}}:alerts", $"{_redis.Address.Prefix}:{{events}}:changes"];

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
            AtomicFile.Write(PictureOf(alert), picture);
        var stored = new StoredAlert(alert, hasWebhook ? new Delivery(DeliveryState.Pending, Since: now) : new Delivery(DeliveryState.None));
        long number = (long)Run(Store, "0", "", Line(stored));
        Refresh();
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
        {
            IEnumerable<StoredAlert> found = _alerts.Where(alert => !(alert.Key <= query.After)).Select(alert => alert.Value.Stored).Where(alert => alert.Matches(query));
            return [.. query.After is null ? found.TakeLast(query.Most) : found.Take(query.Most)];
        }
    }

    public Alert? NewestOf(string stream, string watch)
    {
        lock (_gate)
            return _alerts.Values.LastOrDefault(alert => alert.Stored.Alert.Stream == stream && alert.Stored.Alert.Watch == watch).Stored?.Alert;
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

    /// <summary>Named by what the event is about: it lies there before the event has a number.</summary>
    public string PictureOf(Alert alert) => Path.Combine(_folder, FormattableString.Invariant($"{alert.Stream}.{alert.Watch}.{alert.At.UtcTicks}.jpg"));

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
            RedisValue[] changes = (RedisValue[])Run(Changes, _revision)!;
            for (int i = 0; i + 1 < changes.Length; i += 2)
                Take((long)changes[i], (string)changes[i + 1]!);
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

    private void Take(long number, string revision)
    {
        _revision = Math.Max(_revision, (long)double.Parse(revision, CultureInfo.InvariantCulture));
        if ((byte[]?)(RedisValue)Send("HGET", Keys[1], number) is not { } line || JsonSerializer.Deserialize(line, AlertJson.Default.AlertLine)?.Event is not { } stored)
            return;
        _newest = Math.Max(_newest, number);
        stored = stored with { Alert = stored.Alert with { Number = number } };
        long pictureBytes = stored.Alert.HasPicture && new FileInfo(PictureOf(stored.Alert)) is { Exists: true } picture ? picture.Length : 0;
        _alerts[number] = (stored, revision, line.Length + pictureBytes);
    }

    /// <summary>What cannot be removed now is removed when it is tried again.</summary>
    private void Drop(List<Alert> gone)
    {
        try
        {
            foreach (Alert[] some in gone.Chunk(1000))
                Run(Remove, [.. some.Select(alert => (object)alert.Id)]);
            gone.ForEach(alert => File.Delete(PictureOf(alert)));
            if (gone.Count > 0)
                Refresh();
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            _warn($"events that are gone cannot be removed yet: {e.Message}");
        }
    }

    private void Follow()
    {
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
