using System.Text;
using System.Text.Json;
using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Pipelines.Tests;
using Streaming.Server.Access;
using Streaming.Server.Alerts;
using Streaming.Server.Archive;
using Streaming.Server.Conversations;
using Streaming.Server.Files;
using Streaming.Server.Films;
using Streaming.Server.Store;
using Streaming.Server.Streams;
using Streaming.Server.Watches;
using Streaming.Server.Webhooks;
using Streaming.Video;

namespace Streaming.Server.Tests.Formats;

/// <summary>How one kind of file is written and read by the program itself.</summary>
/// <param name="Version">What is raised when a program of before could not read it any more.</param>
/// <param name="Write">A sample of everything that it can hold, written in an empty folder.</param>
/// <param name="Rewrite">What is read of such a file in an empty folder, written again.</param>
internal sealed record StoredFormat(string Version, Func<string, Task<byte[]>> Write, Func<string, byte[], Task<byte[]>> Rewrite);

/// <summary>All that outlives the program but pictures and films, by the name of its file.</summary>
internal static class StoredFormats
{
    public const int Hidden = 2;

    public static readonly Gap[] Gaps = [new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3.5), GapReason.Offline, 0), new(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(9), GapReason.Dropped, 12)];

    private const string DataVersion = "DataFormat.Version";

    private static readonly DateTimeOffset Moment = ManualClock.Start;

    private static readonly StreamDeclaration Stream = new(
        "gate", "rtsp://user:password@camera/1", null, "rtsp://camera/2", 2.5, DecodeMode.Intra, "Europe/Berlin", true, Moment, Moment.AddSeconds(1), 12.5, false,
        "mmtok", 0.2, [new ZoneDocument("door", [[0.5, 0], [0.5, 1]])], 30);

    private static readonly WatchDeclaration Watch = new(
        "parcel", "Is there a parcel?", "yes", 5, 10, 2, 3, 60, WatchSeverity.Critical, "Is it a parcel?", new Webhook("https://example.com/hook", "whsec_c2VjcmV0"), true, 41.5, true);

    private static readonly AccessKey Key = new("ann", Role.Operator, AccessKey.HashOf("stk_sample"), ["gate"], Moment, Moment.AddDays(1), new CallerLimits(100, 5000, 60));

    private static readonly StoredAlert Event = new(
        new Alert(6, "gate", "parcel", WatchSeverity.Critical, "Is there a parcel?", "yes", "scenes", Moment, Moment.AddSeconds(9), 31.5, 40.5, [3, 4], false, Moment.AddSeconds(10)),
        new Delivery(DeliveryState.Dead, 9, "410 Gone", Moment), new AcknowledgedDocument(Moment.AddMinutes(1), "ann", "seen"));

    private static readonly FileFacts File = new("00112233", "0011223344556677", "holiday.mp4", 4711, Moment, 80.5, "h264", 768, 576, true, "it ends early");

    private static readonly UploadFacts Upload = new("u1", "holiday.mp4", 4711, "filename aG9saWRheQ==", "00112233", "no film");

    private static readonly FilmFacts Film = new(new FrameCounts(2000, 160, 40, 1, 3, "motion_vectors"), 64, 2, 80.5, "h264", 768, 576, "it ends early");

    private static readonly TurnPart Part = new("gate", null, "A red car.", [new SeenSpan(1.5, 4)]);

    // After the samples, which it is made of.
    public static IReadOnlyDictionary<string, StoredFormat> All { get; } = new Dictionary<string, StoredFormat>
    {
        ["keyframes.log"] = new("RecordLog.Version", _ => Task.FromResult(Log(Records())), (_, bytes) => Task.FromResult(Log(RecordsOf(bytes)))),
        ["ledger.log"] = new("LineLog.Version", _ => Task.FromResult(Lines(LedgerLines())), RewriteLedgerAsync),
        ["conversations.log"] = new("LineLog.Version", WriteTurnsAsync, RewriteTurnsAsync),
        ["notebook.txt"] = new("NotebookText's head", _ => Task.FromResult(Text(NotebookText.Write(Notes()))), (_, bytes) => Task.FromResult(Text(NotebookText.Write(NotebookText.Read(LinesOf(bytes))!)))),
        ["stream.json"] = Json("gate/stream.json", folder => StreamFolder.Create(folder, Stream), folder =>
        {
            var (found, stream) = Assert.Single(StreamFolder.All(folder, Fail));
            return () => found.Write(stream);
        }),
        ["watches.json"] = Json("gate/watches.json", folder => WatchFile.Write(Gate(folder), [Watch]), folder =>
        {
            IReadOnlyList<WatchDeclaration> watches = WatchFile.Read(Gate(folder), Fail);
            return () => WatchFile.Write(Gate(folder), watches);
        }),
        ["keys.json"] = Json(KeyRing.FileName, folder => new KeyRing(folder).Store([Key]), folder =>
        {
            var keys = new KeyRing(folder);
            return () => keys.Store(keys.Stored);
        }),
        ["events.log"] = Json("events.log", folder => WriteEvents(folder, [new AlertLine(Next: 7), new AlertLine(Event)]), folder =>
        {
            List<AlertLine> lines = ReadEvents(folder);
            return () => WriteEvents(folder, lines);
        }),
        ["file.json"] = Json("00112233/file.json", folder => File.Write(Folder(folder, File.Id)), folder =>
        {
            System.IO.File.WriteAllBytes(FileFacts.FilmOf(folder, File.Id), []);
            FileFacts file = Assert.Single(FileFacts.All(folder, DateTimeOffset.MaxValue, Fail));
            return () => file.Write(Folder(folder, file.Id));
        }),
        ["upload.json"] = Json("u1/upload.json", folder => Upload.Write(Folder(folder, Upload.Id)), folder =>
        {
            UploadFacts upload = UploadFacts.Read(Folder(folder, Upload.Id));
            return () => upload.Write(Folder(folder, upload.Id));
        }),
        ["film.json"] = new(DataVersion, _ => Task.FromResult(FilmText(Film)), (_, bytes) => Task.FromResult(FilmText(JsonSerializer.Deserialize(bytes, FilmJson.Default.FilmFacts)!))),
    };

    public static byte[] Log(IEnumerable<KeyframeRecord> records)
    {
        using var log = new MemoryStream();
        log.Write(RecordLog.Header(Hidden));
        foreach (KeyframeRecord record in records)
            RecordLog.Append(log, record);
        return log.ToArray();
    }

    /// <summary>A ledger as it lies in a stream's folder.</summary>
    public static Task<StreamLedger> LedgerAsync(string folder, Action<string> warn) => StreamLedger.OpenAsync(new FileMemoryStore(Gate(folder).Ledger), Options(warn), Gate(folder));

    public static LineJournalOptions Options(Action<string> warn) => new("notes", Backoff.Default, new ManualClock(), warn);

    public static StreamFolder Gate(string folder) => StreamFolder.Of(folder, Path.GetFileName(Folder(folder, "gate")));

    public static NotebookSnapshot Notes()
    {
        var book = new Notebook(new NotebookOptions());
        TimeSpan at = TimeSpan.FromSeconds(12.4);
        book.Write(
        [
            new Note(at, at, NoteSource.Perception, 81, new Fact(FactKind.Enter, Thing.One("car", 3), "left going right"), new Sights(at, at + TimeSpan.FromSeconds(0.4), at + TimeSpan.FromSeconds(0.8))),
            new Note(at, at + TimeSpan.FromSeconds(2), NoteSource.Transcript, 70, NoteLine.Read("0-0 s transcript 70%: says \"the \\\"red\\\" car\\n\"")!.Fact),
        ]);
        book.See(TimeSpan.FromSeconds(20), [], []);
        return book.Snapshot;
    }

    private static IEnumerable<KeyframeRecord> Records()
    {
        var progress = new DecodeProgress(100, 10, 1, TimeSpan.FromSeconds(3));
        yield return new KeyframeRecord(Entry(0, 0), 7, progress with { Time = TimeSpan.Zero }, IsRemembered: false);
        yield return new KeyframeRecord(Entry(1, 2), 2, progress with { Time = TimeSpan.FromSeconds(1) }, Clip: new ClipHeader(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 1, 2, 0.5f, true));
        yield return new KeyframeRecord(Entry(3, 1), 1, progress);
    }

    private static MemoryEntry Entry(int number, int tokens)
    {
        var time = TimeSpan.FromSeconds(number);
        float[] features = [.. Enumerable.Range(0, tokens * Hidden).Select(i => 1.5f - i)], each = [.. Enumerable.Range(1, tokens).Select(i => i / 2f)];
        return new MemoryEntry(
            new Keyframe(number, time, KeyframeReason.Change, 0.25f), new VisualTokens(Hidden, features, Enumerable.Range(0, tokens).Select(i => new TokenOrigin(time, (short)i, 7)).ToArray(), each, each));
    }

    private static List<KeyframeRecord> RecordsOf(byte[] log)
    {
        var records = new List<KeyframeRecord>();
        Assert.Equal(LogEnd.Whole, RecordLog.Read(log, Hidden, records.Add));
        return records;
    }

    private static IEnumerable<string> LedgerLines() => LedgerLines(Notes(), "12.5", Gaps);

    private static IEnumerable<string> LedgerLines(NotebookSnapshot notes, string seconds, IEnumerable<Gap> gaps) =>
        [.. NotebookText.Write(notes).Select(line => $"note {line}"), $"heat 5 {seconds}", .. gaps.Select(gap => $"gap {JsonSerializer.Serialize(gap, GapJson.Default.Gap)}")];

    private static async Task<byte[]> RewriteLedgerAsync(string folder, byte[] bytes)
    {
        await System.IO.File.WriteAllBytesAsync(Gate(folder).Ledger, bytes);
        await using StreamLedger ledger = await LedgerAsync(folder, Fail);
        var heat = new HeatMap();
        ledger.Restore(heat);
        return Lines(LedgerLines(ledger.Notes!, FormattableString.Invariant($"{heat.Seconds()[5]}"), ledger.Gaps));
    }

    private static async Task<byte[]> WriteTurnsAsync(string folder)
    {
        string path = Path.Combine(folder, "conversations.log");
        await using (var book = new ConversationBook(new FileMemoryStore(path), Options(Fail)))
        {
            await book.OpenAsync();
            await book.SayAsync(SourceName.Stream("gate"), TimeSpan.FromSeconds(4), ["the red car is Bob's"]);
            Assert.True((await book.AddAsync(new ConversationName("c1", "ann"), "What is there?", "A red car.", [Part])).Durable);
        }
        return await System.IO.File.ReadAllBytesAsync(path);
    }

    /// <summary>A book gives its turns out and takes new ones in: of the same ones it is the same.</summary>
    private static async Task<byte[]> RewriteTurnsAsync(string folder, byte[] bytes)
    {
        string path = Path.Combine(folder, "read.log");
        await System.IO.File.WriteAllBytesAsync(path, bytes);
        await using var book = new ConversationBook(new FileMemoryStore(path), Options(Fail));
        await book.OpenAsync();
        TurnDocument turn = Assert.Single((await book.FindAsync(new ConversationName("c1", "ann"))).Turns);
        Assert.Equal((1, Moment, "What is there?", "A red car."), (turn.Number, turn.At, turn.Question, turn.Answer));
        Assert.Equal((Part.Stream, Part.Answer, Part.Seen.Single()), Assert.Single(turn.Parts) is var part ? (part.Stream, part.Answer, part.Seen.Single()) : default);
        Assert.Contains("Bob", Assert.Single(await book.SaidAsync(SourceName.Stream("gate"))));
        return await WriteTurnsAsync(folder);
    }

    private static void WriteEvents(string folder, IReadOnlyList<AlertLine> lines)
    {
        string path = Path.Combine(folder, "events.log");
        System.IO.File.Delete(path);
        using AlertFile file = AlertFile.Open(path, _ => { }, Fail);
        foreach (AlertLine line in lines)
            file.Append(line);
    }

    private static List<AlertLine> ReadEvents(string folder)
    {
        var lines = new List<AlertLine>();
        using AlertFile file = AlertFile.Open(Path.Combine(folder, "events.log"), lines.Add, Fail);
        return lines;
    }

    private static string Folder(string folder, string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    /// <param name="path">Where it lies in a folder.</param>
    /// <param name="write">Writes the sample in a folder.</param>
    /// <param name="read">Reads such a file in a folder, and gives back what writes it again.</param>
    private static StoredFormat Json(string path, Action<string> write, Func<string, Action> read) => new(
        DataVersion,
        folder =>
        {
            write(folder);
            return System.IO.File.ReadAllBytesAsync(Path.Combine(folder, path));
        },
        (folder, bytes) =>
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            System.IO.File.WriteAllBytes(file, bytes);
            Action rewrite = read(folder);
            System.IO.File.Delete(file);
            rewrite();
            return System.IO.File.ReadAllBytesAsync(file);
        });

    private static byte[] FilmText(FilmFacts film) => JsonSerializer.SerializeToUtf8Bytes(film, FilmJson.Default.FilmFacts);

    private static byte[] Lines(IEnumerable<string> lines)
    {
        using var log = new MemoryStream();
        log.Write(LineLog.Header());
        LineLog.Append(log, [], lines);
        return log.ToArray();
    }

    private static byte[] Text(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private static string[] LinesOf(byte[] text) => Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void Fail(string warning) => Assert.Fail(warning);
}
