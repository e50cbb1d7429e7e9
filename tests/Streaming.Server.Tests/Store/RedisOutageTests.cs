using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Server.Store;
using Streaming.Video;

namespace Streaming.Server.Tests.Store;

/// <summary>What becomes of a stream's memory when its Redis is killed, frozen, full or emptied: all that is remembered is durable again by itself.</summary>
public sealed class RedisOutageTests : IDisposable
{
    private const int Hidden = 64;

    private readonly RedisServer _server = new();
    private readonly List<KeyframeRecord> _remembered = [];

    [Fact]
    public async Task Kill_and_start_what_was_acknowledged_is_there_and_the_rest_follows()
    {
        await using RedisLink link = Connect();
        await using MemoryJournal journal = Open(link);
        for (int kill = 0; kill < 3; kill++)
        {
            Remember(journal, 20);
            await UntilAsync(journal, standing => standing.Unstored == 0);
            _server.Kill();
            Remember(journal, 20);
            JournalStanding away = await UntilAsync(journal, standing => standing.Problem is not null);
            Assert.True(away.Unstored >= 1 && away.Since is not null);
            _server.Start();
            await UntilAsync(journal, standing => standing.Unstored == 0 && standing.Problem is null);
            Assert.Equal(_remembered.Count - 1, (await NumbersAsync()).Max());
        }
        Assert.Equal(Enumerable.Range(0, 120), (await NumbersAsync()).Distinct());
    }

    [Fact]
    public async Task Freeze_the_stream_does_not_wait_and_nothing_is_written_twice_or_lost()
    {
        await using RedisLink link = Connect();
        await using MemoryJournal journal = Open(link);
        Remember(journal, 5);
        await UntilAsync(journal, standing => standing.Unstored == 0);
        _server.Freeze();
        Remember(journal, 3 * MemoryJournal.MostWaiting);
        JournalStanding away = await UntilAsync(journal, standing => standing.Problem is not null);
        Assert.Contains("does not answer", away.Problem);
        _server.Thaw();
        await UntilAsync(journal, standing => standing.Unstored == 0 && standing.Problem is null);
        Assert.Equal(Enumerable.Range(0, _remembered.Count), (await NumbersAsync()).Distinct());
    }

    [Fact]
    public async Task Full_it_is_said_and_made_good_once_there_is_room()
    {
        await using RedisLink link = Connect();
        await using MemoryJournal journal = Open(link);
        Remember(journal, 5);
        await UntilAsync(journal, standing => standing.Unstored == 0);
        await _server.Link.SendAsync("CONFIG", "SET", "maxmemory", "1");
        Remember(journal, 5);
        await UntilAsync(journal, standing => standing.Problem?.Contains("maxmemory", StringComparison.Ordinal) == true);
        await _server.Link.SendAsync("CONFIG", "SET", "maxmemory", "0");
        await UntilAsync(journal, standing => standing.Unstored == 0 && standing.Problem is null);
        Assert.Equal(Enumerable.Range(0, 10), (await NumbersAsync()).Distinct());
    }

    [Fact]
    public async Task Emptied_the_whole_memory_is_written_again()
    {
        await using RedisLink link = Connect();
        await using MemoryJournal journal = Open(link);
        Remember(journal, 5);
        await UntilAsync(journal, standing => standing.Unstored == 0);
        await _server.Link.SendAsync("FLUSHALL");
        Remember(journal, 1);
        await UntilAsync(journal, standing => standing.Unstored == 0 && standing.Problem is null);
        Assert.Equal(Enumerable.Range(0, 6), (await NumbersAsync()).Distinct());
    }

    [Fact]
    public async Task Taken_over_the_earlier_journal_says_so_and_writes_no_more()
    {
        await using RedisLink link = Connect();
        MemoryJournal journal = Open(link);
        Remember(journal, 5);
        await UntilAsync(journal, standing => standing.Unstored == 0);
        await new RedisMemoryStore(_server.Link, "gate").TakeAsync();
        Remember(journal, 1);
        await journal.Taken.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("another server took gate over", journal.Standing.Problem);
        Remember(journal, 1);
        await journal.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 5), (await NumbersAsync()).Distinct());
    }

    public void Dispose() => _server.Dispose();

    /// <summary>That of the journal, which is soon told when nothing comes.</summary>
    private RedisLink Connect() => RedisLink.Connect(_server.Address, TimeSpan.FromSeconds(2));

    private MemoryJournal Open(RedisLink link) => new(
        new RedisMemoryStore(link, "gate"), 0, null, () => { lock (_remembered) return [.. _remembered]; },
        new MemoryJournalOptions(Hidden, 1 << 20, new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)), TimeProvider.System, _ => { }));

    private void Remember(MemoryJournal journal, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int number = _remembered.Count;
            var time = TimeSpan.FromSeconds(number);
            var tokens = new VisualTokens(Hidden, new float[Hidden], new[] { new TokenOrigin(time, 0, 1) }, new float[] { 1 }, new float[] { 0 });
            var record = new KeyframeRecord(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0), tokens), 1, new DecodeProgress(number, number, 0, time));
            lock (_remembered)
                _remembered.Add(record);
            journal.Add(record);
        }
    }

    private static Task<JournalStanding> UntilAsync(MemoryJournal journal, Func<JournalStanding, bool> isExpected) =>
        LocalMachine.UntilAsync(() => Task.FromResult(journal.Standing), isExpected);

    private async Task<List<int>> NumbersAsync()
    {
        await using RedisLink link = _server.Connect();
        var numbers = new List<int>();
        byte[] log = await new RedisMemoryStore(link, "gate").ReadAsync();
        Assert.Equal(LogEnd.Whole, RecordLog.Read(log, Hidden, record => numbers.Add(record.Keyframe.Number)));
        return numbers;
    }
}
