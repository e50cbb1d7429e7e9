using System.Threading.Channels;
using Streaming.Pipelines;
using Streaming.Server.Archive;

namespace Streaming.Server.Store;

/// <param name="Whose">What the lines are, as in <c>stream gate: notes</c>.</param>
/// <param name="Backoff">How long to wait before a store that failed is tried again.</param>
/// <param name="Warn">Told when the store fails and when it takes everything again.</param>
public sealed record LineJournalOptions(string Whose, Backoff Backoff, TimeProvider Clock, Action<string> Warn)
{
    /// <summary>Bytes from which the log is written anew, or twice what it held when it was, if that is more.</summary>
    public long LargestLog { get; init; } = 4 << 20;
}

/// <summary>
/// Brings lines of text that come and go to a store, beside those who change them. Each writing tells what changed since the last one;
/// after one that failed, and when the log has grown, all of them are written. Any thread may call.
/// </summary>
public sealed class LineJournal : IAsyncDisposable
{
    private readonly IMemoryStore _store;
    private readonly LineJournalOptions _options;
    private readonly Lock _gate = new();
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private List<TaskCompletionSource<bool>> _waiting = [];
    private List<string> _stored;
    private long _sizeBytes, _largestLog;
    private Func<IEnumerable<string>>? _lines;
    private Action? _onDurable;
    private Task _writing = Task.CompletedTask;
    private DateTimeOffset? _since;
    private volatile string? _problem;
    private volatile bool _isTaken;

    private LineJournal(IMemoryStore store, LineJournalOptions options, List<string> stored, long sizeBytes)
    {
        (_store, _options, _stored, _sizeBytes, _largestLog) = (store, options, stored, sizeBytes, options.LargestLog);
        Past = [.. stored];
    }

    /// <summary>What earlier runs left.</summary>
    public IReadOnlyList<string> Past { get; }

    /// <summary>Since when, and why, what comes is not durable; null: it is.</summary>
    public (DateTimeOffset Since, string Problem)? Trouble
    {
        get
        {
            lock (_gate)
                return _problem is { } problem && _since is { } since ? (since, problem) : null;
        }
    }

    /// <summary>Reads what a store holds. Of a log that is damaged what comes before the damage goes on, and a copy is set aside.</summary>
    /// <param name="store">Owned by the journal from now on.</param>
    /// <exception cref="StoreException">It cannot be read now.</exception>
    public static async Task<LineJournal> OpenAsync(IMemoryStore store, LineJournalOptions options)
    {
        await store.TakeAsync().ConfigureAwait(false);
        byte[] log = await store.ReadAsync().ConfigureAwait(false);
        var lines = new List<string>();
        LogEnd end = LineLog.Read(log, lines);
        if (end is not (LogEnd.Whole or LogEnd.Torn))
        {
            options.Warn($"{options.Whose}: what is stored {(end == LogEnd.Damaged ? "is damaged" : "is of a version that this program does not know")}; "
                + $"it stays as {await store.SetAsideAsync().ConfigureAwait(false)}, and {lines.Count} lines go on");
        }
        return new LineJournal(store, options, lines, end == LogEnd.Whole ? log.Length : 0);
    }

    /// <summary>Begins to write.</summary>
    /// <param name="lines">All lines as they are now, none with a line feed. Called by one thread at a time.</param>
    /// <param name="onDurable">Told, by the same thread, that what was taken last is durable.</param>
    public void Begin(Func<IEnumerable<string>> lines, Action? onDurable = null)
    {
        (_lines, _onDurable) = (lines, onDurable);
        _writing = Task.Run(WriteAsync, CancellationToken.None);
    }

    /// <summary>Lines may have changed.</summary>
    public void Ring() => _bell.Writer.TryWrite(true);

    /// <summary>Completes once all that there is now is durable; false: it is not, because the store does not take it.</summary>
    public Task<bool> FlushAsync()
    {
        var flushed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_problem is not null || _closing.IsCancellationRequested)
                return Task.FromResult(false);
            _waiting.Add(flushed);
        }
        Ring();
        return flushed.Task;
    }

    /// <summary>Forgets what is stored; it is disposed, or never began.</summary>
    /// <exception cref="StoreException">It cannot be removed now.</exception>
    public Task DeleteAsync() => _store.DeleteAsync();

    /// <summary>Writes what has changed, if the store takes it, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Ring();
        _bell.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        Release(false);
        _closing.Dispose();
        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        while (await _bell.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            _bell.Reader.TryRead(out _);
            if (_isTaken)
                return;
            for (int failures = 0; !await TryWriteAsync().ConfigureAwait(false) && !_closing.IsCancellationRequested && !_isTaken;)
                await Task.Delay(_options.Backoff.Wait(++failures, Random.Shared.NextDouble()), _options.Clock, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryWriteAsync()
    {
        List<TaskCompletionSource<bool>> waiting;
        lock (_gate)
            (waiting, _waiting) = (_waiting, []);
        DateTimeOffset now = _options.Clock.GetUtcNow();
        string? problem = null;
        try
        {
            await StoreAsync([.. _lines!()]).ConfigureAwait(false);
            _onDurable?.Invoke();
        }
        catch (Exception e)
        {
            // It is not known what was written: only a log written anew is sure again.
            (_sizeBytes, _isTaken) = (0, e is StoreTakenException);
            problem = e is StoreException ? e.Message : $"{e.GetType().Name}: {e.Message}";
        }
        Tell(problem, now);
        waiting.ForEach(one => one.TrySetResult(problem is null));
        if (problem is not null)
            Release(false);
        return problem is null;
    }

    private async Task StoreAsync(List<string> lines)
    {
        var left = new LineSet();
        _stored.ForEach(left.Add);
        List<string> come = [.. lines.Where(line => !left.Remove(line))], gone = [.. left.InOrder()];
        if (come.Count == 0 && gone.Count == 0)
            return;
        using var bytes = new MemoryStream();
        bool isAnew = _sizeBytes == 0 || _sizeBytes > _largestLog;
        if (isAnew)
            bytes.Write(LineLog.Header());
        LineLog.Append(bytes, isAnew ? [] : gone, isAnew ? lines : come);
        ReadOnlyMemory<byte> written = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        await (isAnew ? _store.ReplaceAsync(written) : _store.AppendAsync(written)).ConfigureAwait(false);
        (_stored, _sizeBytes) = (lines, isAnew ? written.Length : _sizeBytes + written.Length);
        if (isAnew)
            _largestLog = Math.Max(_options.LargestLog, 2 * written.Length);
    }

    private void Tell(string? problem, DateTimeOffset now)
    {
        string? before;
        lock (_gate)
        {
            (before, _problem) = (_problem, problem);
            _since = problem is null ? null : _since ?? now;
        }
        if (problem is not null && before is null)
            _options.Warn($"{_options.Whose}: not durable: {problem}");
        else if (problem is null && before is not null)
            _options.Warn($"{_options.Whose}: durable again");
    }

    private void Release(bool isDurable)
    {
        List<TaskCompletionSource<bool>> waiting;
        lock (_gate)
            (waiting, _waiting) = (_waiting, []);
        waiting.ForEach(one => one.TrySetResult(isDurable));
    }
}
