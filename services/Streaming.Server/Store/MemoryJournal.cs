using System.Threading.Channels;
using Streaming.Pipelines;
using Streaming.Server.Archive;

namespace Streaming.Server.Store;

/// <summary>How well the memory of a stream is stored.</summary>
/// <param name="Until">Time of the newest keyframe that is durable; null: none is.</param>
/// <param name="Unstored">Keyframes that are remembered for good and not durable yet.</param>
/// <param name="Failures">Writings that failed since the start.</param>
/// <param name="Since">Since when the memory is not durable; null: it is, but for what is being written.</param>
/// <param name="Problem">Why, in one line; null: it is.</param>
public sealed record JournalStanding(TimeSpan? Until, long Unstored, long Failures, DateTimeOffset? Since, string? Problem);

/// <param name="Hidden">The width of a token.</param>
/// <param name="LargestLog">Bytes from which the log is written anew, or twice what it held when it was, if that is more.</param>
/// <param name="Backoff">How long to wait before a store that failed is tried again.</param>
/// <param name="Warn">Told when the store fails and when it takes everything again.</param>
public sealed record MemoryJournalOptions(int Hidden, long LargestLog, Backoff Backoff, TimeProvider Clock, Action<string> Warn);

/// <summary>
/// Brings what a stream remembers to its store, beside the stream, which never waits for it. Only so many keyframes wait. When there are
/// more, or a writing fails, none of them is kept for later: once the store takes something again it is given the whole memory as it is
/// then, so that nothing is lost of what is still remembered. The same happens when the log has grown. Where another journal took the log
/// over it writes no more.
/// </summary>
public sealed class MemoryJournal : IAsyncDisposable
{
    /// <summary>Most keyframes that wait: eight minutes of a scene in which every frame that is looked at, two a second, is kept.</summary>
    internal const int MostWaiting = 1024;

    /// <summary>From so many bytes on, no further keyframe joins those that are written at once.</summary>
    private const int Portion = 1 << 20;

    private readonly IMemoryStore _store;
    private readonly Func<IEnumerable<KeyframeRecord>> _whole;
    private readonly MemoryJournalOptions _options;
    private readonly Lock _gate = new();
    private readonly Queue<KeyframeRecord> _waiting = new();
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private long _added, _stored, _failures, _sizeBytes, _largestLog;
    private bool _isBehind, _isForced;
    private TimeSpan? _until;
    private DateTimeOffset _oldest;
    private string? _problem;

    /// <param name="sizeBytes">The size of the log; 0: there is none that can be added to.</param>
    /// <param name="until">Time of the newest keyframe in it.</param>
    /// <param name="whole">All that is remembered now, whatever was added before among it. Called by any thread.</param>
    public MemoryJournal(IMemoryStore store, long sizeBytes, TimeSpan? until, Func<IEnumerable<KeyframeRecord>> whole, MemoryJournalOptions options)
    {
        (_store, _sizeBytes, _until, _whole, _options) = (store, sizeBytes, until, whole, options);
        (_isBehind, _largestLog) = (sizeBytes == 0, options.LargestLog);
        _writing = Task.Run(WriteAsync, CancellationToken.None);
    }

    public JournalStanding Standing
    {
        get
        {
            lock (_gate)
                return new JournalStanding(_until, _added - _stored, _failures, _problem is null ? null : _oldest, _problem);
        }
    }

    /// <summary>Completes when another took the log over.</summary>
    public Task Taken => _taken.Task;

    /// <summary>Takes a keyframe that is remembered for good.</summary>
    public void Add(KeyframeRecord record)
    {
        lock (_gate)
        {
            if (_added++ == _stored)
                _oldest = _options.Clock.GetUtcNow();
            if (_waiting.Count == MostWaiting)
                FallBehind();
            if (!_isBehind)
                _waiting.Enqueue(record);
        }
        _bell.Writer.TryWrite(true);
    }

    /// <summary>Writes all that is remembered, although nothing was added.</summary>
    public void WriteAnew()
    {
        lock (_gate)
        {
            FallBehind();
            _isForced = true;
        }
        _bell.Writer.TryWrite(true);
    }

    /// <summary>Writes what waits, if the store takes it, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _bell.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _closing.Dispose();
        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        while (await _bell.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            _bell.Reader.TryRead(out _);
            for (int failures = 0; Take() is { } work;)
            {
                if (await TryWriteAsync(work).ConfigureAwait(false))
                    failures = 0;
                else if (_taken.Task.IsCompleted)
                    return;
                else if (_closing.IsCancellationRequested)
                    break;
                else
                    await Task.Delay(_options.Backoff.Wait(++failures, Random.Shared.NextDouble()), _options.Clock, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <param name="Records">Null: all that is remembered.</param>
    /// <param name="Added">How many had been added with them.</param>
    private sealed record Work(List<KeyframeRecord>? Records, long Added, DateTimeOffset At);

    /// <summary>What is to be written next; null: nothing.</summary>
    private Work? Take()
    {
        lock (_gate)
        {
            if (_added == _stored && !_isForced)
                return null;
            DateTimeOffset now = _options.Clock.GetUtcNow();
            if (_sizeBytes > _largestLog)
                FallBehind();
            if (_isBehind)
            {
                // What is added from now on may be in it or not: it is written again, and passed over when it is read.
                _isBehind = _isForced = false;
                return new Work(null, _added, now);
            }
            var records = new List<KeyframeRecord>();
            for (long bytes = 0; bytes < Portion && _waiting.TryDequeue(out KeyframeRecord? record); bytes += record.SizeBytes)
                records.Add(record);
            return new Work(records, _stored + records.Count, now);
        }
    }

    private async Task<bool> TryWriteAsync(Work work)
    {
        try
        {
            using var bytes = new MemoryStream();
            TimeSpan? until = Encode(work, bytes);
            ReadOnlyMemory<byte> written = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
            await (work.Records is null ? _store.ReplaceAsync(written) : _store.AppendAsync(written)).ConfigureAwait(false);
            Succeed(work, written.Length, until);
            return true;
        }
        catch (Exception e)
        {
            Fail(e is StoreException ? e.Message : $"{e.GetType().Name}: {e.Message}");
            if (e is StoreTakenException)
                _taken.SetResult();
            return false;
        }
    }

    /// <returns>Time of the newest of them.</returns>
    private TimeSpan? Encode(Work work, MemoryStream bytes)
    {
        if (work.Records is null)
            bytes.Write(RecordLog.Header(_options.Hidden));
        TimeSpan? newest = null;
        foreach (KeyframeRecord record in work.Records ?? _whole())
        {
            RecordLog.Append(bytes, record);
            newest = record.IsRemembered ? record.Keyframe.Time : newest;
        }
        return newest;
    }

    private void Succeed(Work work, long sizeBytes, TimeSpan? until)
    {
        string? overcome;
        lock (_gate)
        {
            if (work.Records is null)
                (_sizeBytes, _largestLog) = (0, Math.Max(_options.LargestLog, 2 * sizeBytes));
            _sizeBytes += sizeBytes;
            (_stored, _until, _oldest) = (work.Added, until ?? _until, work.At);
            (overcome, _problem) = (_problem, null);
        }
        if (overcome is not null)
            _options.Warn("memory: durable again");
    }

    private void Fail(string problem)
    {
        bool isFirst;
        lock (_gate)
        {
            _failures++;
            FallBehind();
            (isFirst, _problem, _isForced) = (_problem is null, problem, true);
        }
        if (isFirst)
            _options.Warn($"memory: not durable: {problem}");
    }

    private void FallBehind()
    {
        _waiting.Clear();
        _isBehind = true;
    }
}
