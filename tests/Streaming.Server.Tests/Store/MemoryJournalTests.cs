using System.Collections.Concurrent;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Pipelines.Tests;
using Streaming.Server.Archive;
using Streaming.Server.Store;
using Streaming.Video;

namespace Streaming.Server.Tests.Store;

public sealed class MemoryJournalTests
{
    private const int Hidden = 4;

    private readonly ManualClock _clock = new();
    private readonly ScriptedStore _store = new();
    private readonly List<KeyframeRecord> _remembered = [];
    private readonly ConcurrentQueue<string> _warnings = [];

    [Fact]
    public async Task Add_each_keyframe_is_durable_and_the_first_writes_the_log_anew()
    {
        await using MemoryJournal journal = Open();
        for (int number = 0; number < 20; number++)
        {
            Remember(journal, number);
            await UntilStoredAsync(journal);
        }
        Assert.Equal(Enumerable.Range(0, 20), _store.Numbers(Hidden));
        Assert.Equal(1, _store.Replaced);
        Assert.Equal(new JournalStanding(TimeSpan.FromSeconds(19), 0, 0, null, null), journal.Standing);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Add_while_the_store_is_away_nothing_that_is_remembered_is_lost()
    {
        await using MemoryJournal journal = Open();
        Remember(journal, 0);
        await UntilStoredAsync(journal);
        _store.Fault = "Redis at here cannot be reached";
        _clock.Advance(TimeSpan.FromSeconds(7));
        Remember(journal, 1);
        await _clock.NextWaitAsync();
        for (int number = 2; number < 3 * MemoryJournal.MostWaiting; number++)
            Remember(journal, number);
        JournalStanding away = journal.Standing;
        Assert.Equal((TimeSpan.Zero, ManualClock.Start.AddSeconds(7), "Redis at here cannot be reached"), (away.Until, away.Since, away.Problem));
        Assert.Equal((3 * MemoryJournal.MostWaiting) - 1, away.Unstored);
        // Meanwhile memory lets go of some.
        lock (_remembered)
            _remembered.RemoveRange(5, 1000);
        _store.Fault = null;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await UntilStoredAsync(journal);
        Assert.Equal(_remembered.Select(record => record.Keyframe.Number), _store.Numbers(Hidden));
        Assert.Equal((null, null, 1L), (journal.Standing.Since, journal.Standing.Problem, journal.Standing.Failures));
        // It is told of after it is so.
        await LocalMachine.UntilAsync(() => Task.FromResult(_warnings.Count), count => count == 2);
        Assert.Equal(["memory: not durable: Redis at here cannot be reached", "memory: durable again"], _warnings);
    }

    [Fact]
    public async Task Add_more_than_may_wait_for_a_slow_store_all_are_durable_in_the_end()
    {
        await using MemoryJournal journal = Open();
        _store.Hold();
        for (int number = 0; number < 2 * MemoryJournal.MostWaiting; number++)
            Remember(journal, number);
        _store.Release();
        await UntilStoredAsync(journal);
        Assert.Equal(Enumerable.Range(0, 2 * MemoryJournal.MostWaiting), _store.Numbers(Hidden).Distinct());
        Assert.Equal(0, journal.Standing.Failures);
    }

    [Fact]
    public async Task Add_log_that_has_grown_is_written_anew_and_stays_bounded()
    {
        await using MemoryJournal journal = Open(largestLog: 4000);
        for (int number = 0; number < 1000; number++)
        {
            Remember(journal, number);
            lock (_remembered)
            {
                if (_remembered.Count > 10)
                    _remembered.RemoveAt(0);
            }
            await UntilStoredAsync(journal);
            Assert.InRange(_store.Log.Length, 1, 6000);
        }
        Assert.InRange(_store.Replaced, 10, 500);
        Assert.Equal(999, _store.Numbers(Hidden)[^1]);
    }

    [Fact]
    public async Task DisposeAsync_writes_what_waits_and_ends_although_the_store_is_away()
    {
        MemoryJournal journal = Open();
        Remember(journal, 0);
        await journal.DisposeAsync();
        Assert.Equal([0], _store.Numbers(Hidden));
        MemoryJournal other = Open();
        _store.Fault = "gone";
        Remember(other, 1);
        await other.DisposeAsync();
        Assert.Equal([0], _store.Numbers(Hidden));
    }

    private MemoryJournal Open(long largestLog = 1 << 20) => new(
        _store, 0, null, () => { lock (_remembered) return [.. _remembered]; }, new MemoryJournalOptions(Hidden, largestLog, Backoff.Default, _clock, _warnings.Enqueue));

    private void Remember(MemoryJournal journal, int number)
    {
        var time = TimeSpan.FromSeconds(number);
        var tokens = new VisualTokens(Hidden, new float[Hidden], new[] { new TokenOrigin(time, 0, 1) }, new float[] { 1 }, new float[] { 0 });
        var record = new KeyframeRecord(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0), tokens), 1, new DecodeProgress(number, number, 0, time));
        lock (_remembered)
            _remembered.Add(record);
        journal.Add(record);
    }

    private static Task<JournalStanding> UntilStoredAsync(MemoryJournal journal) => LocalMachine.UntilAsync(() => Task.FromResult(journal.Standing), standing => standing.Unstored == 0);

    /// <summary>A store in memory that fails or waits when it is told to.</summary>
    private sealed class ScriptedStore : IMemoryStore
    {
        private volatile byte[] _log = [];
        private volatile TaskCompletionSource _open = new();

        public ScriptedStore() => _open.SetResult();

        public volatile string? Fault;

        public byte[] Log => _log;

        public int Replaced { get; private set; }

        public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _open.SetResult();

        public List<int> Numbers(int hidden)
        {
            var numbers = new List<int>();
            Assert.Equal(LogEnd.Whole, RecordLog.Read(_log, hidden, record => numbers.Add(record.Keyframe.Number)));
            return numbers;
        }

        public Task<byte[]> ReadAsync(CancellationToken cancellation) => Task.FromResult(_log);

        public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            await Passing();
            _log = [.. _log, .. bytes.Span];
        }

        public async Task ReplaceAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            await Passing();
            Replaced++;
            _log = bytes.ToArray();
        }

        public Task<string> SetAsideAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task DeleteAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task Passing()
        {
            await _open.Task;
            if (Fault is { } fault)
                throw new StoreException(fault);
        }
    }
}
