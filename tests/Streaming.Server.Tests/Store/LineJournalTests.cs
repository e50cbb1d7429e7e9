using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Server.Store;

namespace Streaming.Server.Tests.Store;

public sealed class LineJournalTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-lines-").FullName;
    private readonly List<string> _warnings = [];
    private volatile List<string> _lines = [];

    private string Log => Path.Combine(_folder, "state.log");

    [Fact]
    public async Task FlushAsync_what_came_and_went_is_as_it_was_after_a_restart_without_an_end()
    {
        LineJournal journal = await OpenAsync();
        foreach (List<string> lines in (List<string>[])[["a", "b", "b"], ["b", "c \"é\" \\", "b"], ["c \"é\" \\", "b", "d"]])
        {
            _lines = lines;
            Assert.True(await journal.FlushAsync());
            Assert.Equal(lines.Order(), (await ReadAsync()).Order());
        }
        // Nobody ends what is killed: only the file is looked at.
        Assert.Null(journal.Trouble);
        await journal.DisposeAsync();
    }

    [Fact]
    public async Task FlushAsync_log_that_grows_is_written_anew_and_a_restart_goes_on_with_it()
    {
        for (int run = 0; run < 2; run++)
        {
            await using LineJournal journal = await OpenAsync(largest: 2000);
            for (int i = 0; i < 200; i++)
            {
                _lines = [$"line {run} {i}", "always"];
                Assert.True(await journal.FlushAsync());
            }
            Assert.InRange(new FileInfo(Log).Length, 1, 2200);
        }
        Assert.Equal(["always", "line 1 199"], (await ReadAsync()).Order());
    }

    [Fact]
    public async Task FlushAsync_store_that_is_away_is_told_and_given_everything_when_it_is_back()
    {
        await using LineJournal journal = await OpenAsync();
        _lines = ["a"];
        Assert.True(await journal.FlushAsync());
        System.IO.Directory.Move(_folder, _folder + ".away");
        _lines = ["a", "b"];
        await LocalMachine.UntilAsync(() => journal.FlushAsync(), isDurable => !isDurable);
        Assert.NotNull(journal.Trouble);
        Assert.Contains("not durable", Assert.Single(_warnings));
        System.IO.Directory.Move(_folder + ".away", _folder);
        await LocalMachine.UntilAsync(() => Task.FromResult(journal.Trouble is null), isWell => isWell);
        Assert.True(await journal.FlushAsync());
        Assert.Equal(["a", "b"], (await ReadAsync()).Order());
    }

    [Fact]
    public async Task OpenAsync_damaged_log_is_set_aside_and_what_came_before_the_damage_goes_on()
    {
        await using (LineJournal journal = await OpenAsync())
        {
            _lines = ["a"];
            await journal.FlushAsync();
            _lines = ["a", "b"];
            await journal.FlushAsync();
        }
        byte[] bytes = await File.ReadAllBytesAsync(Log);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(Log, bytes);
        await using LineJournal again = await OpenAsync();
        Assert.Equal(["a"], again.Past);
        Assert.Contains("damaged", Assert.Single(_warnings));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Log + ".unread-1"));
        _lines = ["a", "c"];
        Assert.True(await again.FlushAsync());
        Assert.Equal(["a", "c"], (await ReadAsync()).Order());
    }

    [Fact]
    public void Read_of_every_beginning_of_a_log_gives_whole_portions_and_of_every_damage_no_wrong_line()
    {
        using var log = new MemoryStream();
        log.Write(LineLog.Header());
        LineLog.Append(log, [], ["a", "b"]);
        int first = (int)log.Length;
        LineLog.Append(log, ["a"], ["c"]);
        byte[] bytes = log.ToArray();
        for (int length = 0; length <= bytes.Length; length++)
        {
            var lines = new List<string>();
            LogEnd end = LineLog.Read(bytes.AsSpan(..length), lines);
            Assert.Equal(length == bytes.Length || length == first || length == 0 || length == LineLog.Header().Length ? LogEnd.Whole : LogEnd.Torn, end);
            Assert.Equal(length == bytes.Length ? ["b", "c"] : length >= first ? ["a", "b"] : (string[])[], lines);
        }
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x10;
            var lines = new List<string>();
            LogEnd end = LineLog.Read(damaged, lines);
            Assert.Equal(at < LineLog.Header().Length ? LogEnd.Unknown : LogEnd.Damaged, end);
            Assert.Equal(at < first ? [] : (string[])["a", "b"], lines);
        }
    }

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    private async Task<LineJournal> OpenAsync(long largest = 4 << 20)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1));
        LineJournal journal = await LineJournal.OpenAsync(new FileMemoryStore(Log), new LineJournalOptions("notes", backoff, TimeProvider.System, Warn) { LargestLog = largest });
        journal.Begin(() => _lines);
        return journal;
    }

    private void Warn(string text)
    {
        lock (_warnings)
            _warnings.Add(text);
    }

    private async Task<List<string>> ReadAsync()
    {
        var lines = new List<string>();
        Assert.Equal(LogEnd.Whole, LineLog.Read(await File.ReadAllBytesAsync(Log), lines));
        return lines;
    }
}
