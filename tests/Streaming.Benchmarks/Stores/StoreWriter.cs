using System.Diagnostics;
using System.Globalization;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Server.Store;
using Streaming.Server.Tests.Store;
using Streaming.Video;

namespace Streaming.Benchmarks.Stores;

/// <summary>A stream's journals, of keyframes and of notes, in a process of its own, that writes as fast as it can until it is killed, and says what is durable.</summary>
internal static class StoreWriter
{
    /// <summary>The first argument that makes this program such a writer; the second is where it writes.</summary>
    public const string Verb = "store-writer";

    /// <summary>How many keyframes its memory holds.</summary>
    public const int Remembered = 200;

    private const int Hidden = 32;

    /// <summary>So small that the log is often written anew.</summary>
    private const long LargestLog = 64 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Starts a writer and kills it after so many acknowledgements and a little longer.</summary>
    /// <param name="redis">Killed first; null: it is left alone.</param>
    /// <returns>The last keyframe that it said was durable.</returns>
    public static async Task<long> RunUntilKilledAsync(string where, int acknowledgements, int spins, RedisServer? redis)
    {
        using var writer = Process.Start(new ProcessStartInfo("dotnet", [typeof(StoreWriter).Assembly.Location, Verb, where]) { RedirectStandardOutput = true })!;
        long last = -1;
        for (int heard = 0; heard < acknowledgements && await writer.StandardOutput.ReadLineAsync() is { } line; heard++)
            last = long.Parse(line, CultureInfo.InvariantCulture);
        if (last < 0)
            throw new InvalidOperationException("the writer acknowledged nothing");
        Thread.SpinWait(spins);
        redis?.Kill();
        writer.Kill();
        // What it had said before it died counts, too.
        while (await writer.StandardOutput.ReadLineAsync() is { } line)
            last = long.TryParse(line, CultureInfo.InvariantCulture, out long number) && number > last ? number : last;
        await writer.WaitForExitAsync();
        return last;
    }

    /// <summary>How the logs end, and the keyframes and notes in them.</summary>
    public static async Task<(LogEnd Keyframes, LogEnd Notes, HashSet<int> Numbers, HashSet<string> Lines)> ReadAsync(string where)
    {
        await using RedisLink? link = LinkOf(where);
        await using IMemoryStore store = StoreOf(where, link), notes = NotesOf(where, link);
        var numbers = new HashSet<int>();
        var lines = new List<string>();
        LogEnd keyframes = RecordLog.Read(await store.ReadAsync(), Hidden, record => numbers.Add(record.Keyframe.Number));
        return (keyframes, LineLog.Read(await notes.ReadAsync(), lines), numbers, [.. lines]);
    }

    /// <summary>What is noted with a keyframe.</summary>
    public static string NoteOf(long number) => string.Create(CultureInfo.InvariantCulture, $"note {number}");

    /// <summary>The writer's own loop: it goes on after what is stored.</summary>
    public static async Task<int> RunAsync(string where)
    {
        RedisLink? link = LinkOf(where);
        IMemoryStore store = StoreOf(where, link);
        var remembered = new Queue<KeyframeRecord>();
        byte[] log = await store.ReadAsync();
        LogEnd end = RecordLog.Read(log, Hidden, remembered.Enqueue);
        int next = remembered.Count > 0 ? remembered.Max(record => record.Keyframe.Number) + 1 : 0;
        await using var journal = new MemoryJournal(
            store, end == LogEnd.Whole ? log.Length : 0, null, () => { lock (remembered) return [.. remembered]; },
            new MemoryJournalOptions(Hidden, LargestLog, new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)), TimeProvider.System, _ => { }));
        await using LineJournal notes = await LineJournal.OpenAsync(
            NotesOf(where, link), new LineJournalOptions("notes", new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)), TimeProvider.System, _ => { }) { LargestLog = LargestLog });
        notes.Begin(() => { lock (remembered) return [.. remembered.Select(record => NoteOf(record.Keyframe.Number))]; });
        for (TimeSpan? said = null; ; next++)
        {
            KeyframeRecord record = Record(next);
            lock (remembered)
            {
                remembered.Enqueue(record);
                while (remembered.Count > Remembered)
                    remembered.Dequeue();
            }
            journal.Add(record);
            while (journal.Standing is { Unstored: > 8 })
                await Task.Yield();
            // What is said is durable in both: the notes are flushed with all keyframes up to this one.
            if (journal.Standing.Until is { } until && until != said && await notes.FlushAsync())
                Console.WriteLine(((long)(said = until).Value.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }
    }

    private static RedisLink? LinkOf(string where) =>
        where.StartsWith("redis", StringComparison.Ordinal) ? RedisLink.Connect(RedisAddress.Parse("STREAMING_REDIS", where, "bench", null), Patience) : null;

    private static IMemoryStore StoreOf(string where, RedisLink? link) => link is null ? new FileMemoryStore(where) : new RedisMemoryStore(link, "gate");

    private static IMemoryStore NotesOf(string where, RedisLink? link) => link is null ? new FileMemoryStore(where + ".notes") : new RedisMemoryStore(link, "gate", "ledger");

    private static KeyframeRecord Record(int number)
    {
        var time = TimeSpan.FromSeconds(number);
        var origins = new TokenOrigin[4];
        for (int i = 0; i < origins.Length; i++)
            origins[i] = new TokenOrigin(time, (short)i, (short)number);
        var tokens = new VisualTokens(Hidden, new float[Hidden * origins.Length], origins, new float[origins.Length], new float[origins.Length]);
        return new KeyframeRecord(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0), tokens), origins.Length, new DecodeProgress(number, number, 0, time));
    }
}
