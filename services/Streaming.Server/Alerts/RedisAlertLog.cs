using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Server.Archive;
using Streaming.Server.Store;

namespace Streaming.Server.Alerts;

/// <summary>
/// The events of all machines of a cluster: in Redis, which numbers them in the order in which they can be seen, and of each machine a copy
/// in memory, which is renewed when another machine tells that it stored or changed one, and every <see cref="Turn"/> besides. Their
/// pictures lie in the folder that the machines share. Of two machines that change the same event at once, one does it again.
/// </summary>
internal sealed class RedisAlertLog : IAlertLog
{
    /// <summary>Where a machine could not be told of an event, whoever follows events there hears of it within this.</summary>
    internal static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    /// <summary>Changes of one event at once that make way for each other; people acknowledge and webhooks are taken.</summary>
    private const int MostTries = 8;

    private readonly AlertTable _table;
    private readonly AlertPictures _pictures;
    private readonly AlertRetention _retention;
    private readonly TimeProvider _clock;
    private readonly Action<string> _warn;
    private readonly Action _tell;
    private readonly Lock _refreshing = new(), _gate = new();
    private readonly SortedDictionary<long, (StoredAlert Stored, long Revision, long Bytes)> _alerts = [];
    private readonly ITimer _timer;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AlertTableHead _head;
    private bool _isLost, _isToHear;

    /// <param name="folder">Where pictures lie; made if it is not there.</param>
    /// <param name="tell">Tells the other machines that an event was stored or changed here; returns at once.</param>
    /// <exception cref="StoreException">Redis does not tell what there is.</exception>
    internal RedisAlertLog(RedisLink redis, string folder, AlertRetention retention, TimeProvider clock, Action<string> warn, Action tell)
    {
        (_table, _pictures, _retention, _clock, _warn, _tell) = (new AlertTable(redis), new AlertPictures(folder, isShared: true), retention, clock, warn, tell);
        Directory.CreateDirectory(folder);
        Refresh();
        _timer = clock.CreateTimer(_ => Hear(), null, Turn, Turn);
    }

    public long Newest
    {
        get
        {
            lock (_gate)
                return _head.Newest;
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
        long number = Now(_table.AppendAsync(Line(stored)));
        Refresh();
        _tell();
        return stored with { Alert = alert with { Number = number } };
    });

    public StoredAlert? Change(long number, Func<StoredAlert, StoredAlert> change) => Reaching(() =>
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            Refresh();
            (StoredAlert Stored, long Revision, long Bytes) known;
            lock (_gate)
                if (!_alerts.TryGetValue(number, out known))
                    return null;
            StoredAlert changed = change(known.Stored);
            if (!Now(_table.ChangeAsync(number, known.Revision, Line(changed))))
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

    /// <summary>What Redis holds now; those who wait for changes are told. Whoever reads what is in memory does not wait for Redis.</summary>
    /// <exception cref="StoreException">It does not tell.</exception>
    private void Refresh()
    {
        lock (_refreshing)
        {
            AlertTableHead head = Now(_table.HeadAsync());
            if (head.Revision == _head.Revision && head.Removals == _head.Removals)
                return;
            List<AlertRow> rows = Now(_table.ChangedSinceAsync(_head.Revision));
            HashSet<long>? left = head.Removals == _head.Removals ? null : Now(_table.NumbersAsync());
            lock (_gate)
            {
                foreach (AlertRow row in rows)
                    Take(row);
                foreach (long number in left is null ? [] : _alerts.Keys.Where(number => !left.Contains(number)).ToList())
                    _alerts.Remove(number);
                // Some may have been stored or changed after the head was read.
                _head = head with { Newest = rows.Select(row => row.Number).Append(head.Newest).Max(), Revision = rows.Select(row => row.Revision).Append(head.Revision).Max() };
                Announce();
            }
        }
    }

    private void Take(AlertRow row)
    {
        if (row.Line is { } line && EventOf(line, row.Number) is { } stored)
            _alerts[row.Number] = (stored, row.Revision, line.Length + _pictures.SizeOf(stored.Alert));
    }

    private StoredAlert? EventOf(byte[] line, long number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AlertJson.Default.AlertLine)?.Event is { } stored ? stored with { Alert = stored.Alert with { Number = number } } : null;
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
            Now(RemoveAsync(gone));
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

    private async Task<bool> RemoveAsync(IEnumerable<Alert> gone)
    {
        await _table.RemoveAsync(gone.Select(alert => alert.Number)).ConfigureAwait(false);
        return true;
    }

    // An event is made while its watch is held; the millisecond is waited for in place.
    private static T Now<T>(Task<T> answer) => answer.GetAwaiter().GetResult();
}
