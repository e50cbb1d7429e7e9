using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server.Store;
using Streaming.Server.Streams;

namespace Streaming.Server.Tests;

public sealed class StreamLedgerTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-ledger-").FullName;

    [Fact]
    public async Task DisposeAsync_gaps_are_there_after_a_restart_in_order_of_time()
    {
        Gap[] gaps = [new(TimeSpan.Zero, TimeSpan.FromSeconds(2), GapReason.Lost, 7), new(TimeSpan.FromSeconds(1.5), TimeSpan.FromDays(3), GapReason.Offline, 0)];
        await using (StreamLedger ledger = await OpenAsync())
            ledger.Begin(null, () => [gaps[1], gaps[0]]);
        await using StreamLedger again = await OpenAsync();
        Assert.Equal(gaps, again.Gaps);
        Assert.Null(again.Notes);
    }

    [Fact]
    public async Task Begin_without_perception_keeps_what_was_noted_and_where_things_stood()
    {
        string[] stored =
        [
            .. NotebookText.Write(Noted()).Select(line => $"note {line}"), "heat 5 12.5", "heat 9999 1", "heat x",
        ];
        await using (LineJournal lines = await LineJournal.OpenAsync(Store(), Options()))
        {
            lines.Begin(() => stored);
            Assert.True(await lines.FlushAsync());
        }
        for (int run = 0; run < 2; run++)
        {
            await using StreamLedger ledger = await OpenAsync();
            Assert.Equal(NotebookText.Write(Noted()), NotebookText.Write(ledger.Notes!));
            var heat = new HeatMap();
            ledger.Restore(heat);
            Assert.Equal((12.5f, 12.5f), (heat.Seconds()[5], heat.Seconds().Sum()));
            ledger.Begin(null, () => []);
        }
    }

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    private static NotebookSnapshot Noted()
    {
        var book = new Notebook(new NotebookOptions());
        for (int minute = 0; minute < 3; minute++)
            book.Write([new Note(TimeSpan.FromMinutes(minute), TimeSpan.FromMinutes(minute), NoteSource.Perception, 80, new Fact(FactKind.Enter, Thing.One("car", minute + 1), "left going right"))]);
        book.See(TimeSpan.FromMinutes(4), [], []);
        return book.Snapshot;
    }

    private FileMemoryStore Store() => new(Path.Combine(_folder, "ledger.log"));

    private Task<StreamLedger> OpenAsync() => StreamLedger.OpenAsync(Store(), Options(), StreamFolder.Of(Path.GetDirectoryName(_folder)!, Path.GetFileName(_folder)));

    private static LineJournalOptions Options() => new("notes", Backoff.Default, TimeProvider.System, text => Assert.Fail(text));
}
