using Streaming.Contracts;
using Streaming.Server.Archive;

namespace Streaming.Server.Alerts;

/// <summary>How long events are kept.</summary>
/// <param name="Bytes">Of lines and pictures together; the oldest go first.</param>
internal sealed record AlertRetention(TimeSpan Age, long Bytes);

/// <summary>
/// The events of one machine's watches, on disk before anybody hears of them, and in memory to be listed.
/// </summary>
internal sealed class AlertLog : IAlertLog
{
    /// <summary>Below this a file is not worth writing anew.</summary>
    private const long SmallFile = 1 << 20;

    private readonly Lock _gate = new();
    private readonly AlertPictures _pictures;
    private readonly AlertRetention _retention;
    private readonly TimeProvider _clock;
    private readonly Action<string> _warn;
    private readonly SortedDictionary<long, (StoredAlert Stored, long Bytes)> _alerts = [];
    private readonly AlertFile _file;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _next = 1, _bytes;
    private bool _isStale;

    /// <param name="folder">Where they lie; made if it is not there.</param>
    internal AlertLog(string folder, AlertRetention retention, TimeProvider clock, Action<string> warn)
    {
        (_pictures, _retention, _clock, _warn) = (new AlertPictures(folder, isShared: false), retention, clock, warn);
        Directory.CreateDirectory(folder);
        _pictures.Tidy();
        _file = AlertFile.Open(Path.Combine(folder, "events.log"), Read, warn);
        Sweep();
    }

    public long Newest
    {
        get
        {
            lock (_gate)
                return _next - 1;
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

    public StoredAlert Append(Alert alert, byte[]? picture, bool hasWebhook)
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            alert = alert with { Number = _next, HasPicture = picture is not null, StoredAt = now };
            if (picture is not null)
                _pictures.Write(alert, picture);
            var stored = new StoredAlert(alert, hasWebhook ? new Delivery(DeliveryState.Pending, Since: now) : new Delivery(DeliveryState.None));
            Put(stored);
            _next++;
            Forget(now);
            Announce();
            return stored;
        }
    }

    public void Sweep()
    {
        lock (_gate)
        {
            Forget(_clock.GetUtcNow());
            if (_isStale)
                Rewrite();
        }
    }

    public StoredAlert? Change(long number, Func<StoredAlert, StoredAlert> change)
    {
        lock (_gate)
        {
            if (!_alerts.TryGetValue(number, out var known))
                return null;
            StoredAlert changed = change(known.Stored);
            Put(changed);
            Announce();
            return changed;
        }
    }

    public void Note(long number, Delivery delivery)
    {
        lock (_gate)
        {
            if (_alerts.TryGetValue(number, out var known))
                _alerts[number] = (known.Stored with { Delivery = delivery }, known.Bytes);
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

    public void Forget(Predicate<string> isGone)
    {
        lock (_gate)
        {
            Drop([.. _alerts.Where(alert => isGone(alert.Value.Stored.Alert.Stream)).Select(alert => alert.Key)]);
            if (_isStale)
                Rewrite();
            Announce();
        }
    }

    public string PictureOf(Alert alert) => _pictures.PathOf(alert);

    public void Dispose()
    {
        lock (_gate)
            _file.Dispose();
    }

    private void Read(AlertLine line)
    {
        if (line.Event is { } stored)
        {
            Keep(stored, AlertFile.BytesOf(line).Length);
            _next = Math.Max(_next, stored.Alert.Number + 1);
        }
        _next = Math.Max(_next, line.Next ?? 0);
    }

    private void Put(StoredAlert stored)
    {
        var line = new AlertLine(stored);
        _file.Append(line);
        Keep(stored, AlertFile.BytesOf(line).Length);
        if (_file.SizeBytes > Math.Max(SmallFile, 2 * _bytes))
            Rewrite();
    }

    /// <summary>Where the disk does not take it, the file stays as it is until the next time.</summary>
    private void Rewrite()
    {
        try
        {
            _file.Rewrite([new AlertLine(Next: _next), .. _alerts.Values.Select(alert => new AlertLine(alert.Stored))]);
            _isStale = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _warn($"events that are gone cannot be taken off the disk yet: {e.Message}");
        }
    }

    /// <param name="lineBytes">Of its line; its picture comes on top.</param>
    private void Keep(StoredAlert stored, int lineBytes)
    {
        long number = stored.Alert.Number, bytes = lineBytes + _pictures.SizeOf(stored.Alert);
        _bytes += bytes - (_alerts.TryGetValue(number, out var before) ? before.Bytes : 0);
        _alerts[number] = (stored, bytes);
    }

    /// <summary>What is too old, and the oldest while there is too much.</summary>
    private void Forget(DateTimeOffset now)
    {
        var gone = new List<long>();
        long left = _bytes;
        foreach (var (number, (stored, bytes)) in _alerts)
        {
            if (now - stored.Alert.StoredAt <= _retention.Age && left <= _retention.Bytes)
                break;
            if (stored.Delivery.State == DeliveryState.Pending)
                _warn($"event {number} of stream {stored.Alert.Stream} is forgotten before its webhook took it");
            gone.Add(number);
            left -= bytes;
        }
        Drop(gone);
    }

    private void Drop(List<long> numbers)
    {
        foreach (long number in numbers)
        {
            _alerts.Remove(number, out var gone);
            _bytes -= gone.Bytes;
            _isStale = true;
            try
            {
                _pictures.Delete(gone.Stored.Alert);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _warn($"the picture of event {number} cannot be deleted: {e.Message}");
            }
        }
    }

    public void Announce()
    {
        lock (_gate)
        {
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
