using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Streaming.Contracts;
using Streaming.Server.Streams;

namespace Streaming.Server.Tests.Http;

/// <summary>A directory without cameras, films and models: remembers what it is told and answers at once, always the same.</summary>
internal sealed class FakeDirectory : IStreamDirectory
{
    public const string Password = "s3cret-pa55";

    /// <summary>A picture of one colour.</summary>
    private static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpK" +
        "SkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAJABADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF" +
        "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmq" +
        "KjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC" +
        "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqK" +
        "mqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwCnRRRXSZH/2Q==");

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private readonly ConcurrentDictionary<string, StreamDocument> _streams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FileDocument> _files = new(StringComparer.Ordinal);

    /// <summary>How questions are answered; replaced by tests that want another answer.</summary>
    public Func<AskRequest, CancellationToken, IAsyncEnumerable<AnswerPiece>> Answer { get; set; } = RedCar;

    /// <summary>Keyframes that a stream is said to have kept.</summary>
    public int Kept { get; init; }

    /// <summary>The last question asked.</summary>
    public AskRequest? Asked { get; private set; }

    /// <summary>The name that throws, as a bug would.</summary>
    public const string Broken = "broken";

    public ModelDocument Model { get; } = new("scenes", "cpu", 4096);

    /// <summary>What watches have found, as a test says.</summary>
    public FakeWatches Events { get; }

    public FakeDirectory() => Events = new FakeWatches(_streams.ContainsKey);

    public IWatchDirectory Watches => Events;

    public string? Trouble { get; set; }

    public IUploadDirectory Uploads { get; } = new FakeUploads();

    public Task<Outcome<StreamDocument>> AddStreamAsync(StreamRequest request, CancellationToken cancellation)
    {
        if (request.Name is null || StreamRules.NameProblem(request.Name) is not null)
            return Fail<StreamDocument>(ProblemKind.Invalid, "the name has to have 1 to 64 letters, digits, dots, dashes and underscores");
        if (request.Url is null == request.File is null || request.Url?.StartsWith("rtsp://", StringComparison.Ordinal) == false)
            return Fail<StreamDocument>(ProblemKind.Invalid, "a stream needs an rtsp:// url, or a file");
        if (request.Sampling is { } asked && !double.IsFinite(asked))
            return Fail<StreamDocument>(ProblemKind.Invalid, "sampling has to be a number of frames per second");
        if (request.Name == "one-too-many")
            return Fail<StreamDocument>(ProblemKind.Full, "there are as many streams as the machine can take");
        var stream = new StreamDocument(
            request.Name, request.Url, request.File, request.SubUrl, StreamState.Connecting, Start, request.TimeZone ?? "UTC", request.Decode ?? DecodeMode.All,
            request.Sampling ?? 2, request.Sampling ?? 2, null, null, 0, null, null, null, new StreamFrames(0, 0, 0, Kept, 0), new StreamTokens(0, 0, 0), 0, null, [], request.Policy ?? "dtd", request.Retain, "unknown");
        return _streams.TryAdd(stream.Name, stream) ? Task.FromResult<Outcome<StreamDocument>>(stream) : Fail<StreamDocument>(ProblemKind.Taken, "there is a stream of that name");
    }

    public Task<IReadOnlyList<StreamDocument>> StreamsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StreamDocument>>([.. _streams.Values.OrderBy(s => s.Name, StringComparer.Ordinal)]);

    public Task<Outcome<StreamDocument>> StreamAsync(string name, CancellationToken cancellation) =>
        name == Broken ? throw new InvalidOperationException($"a bug that knows {Password}") : Find(_streams, name);

    public Task<Outcome<StreamDocument>> ChangeStreamAsync(string name, StreamPatch patch, CancellationToken cancellation)
    {
        if (!_streams.TryGetValue(name, out StreamDocument? stream))
            return Find(_streams, name);
        if (patch.Sampling is { } rate && !double.IsFinite(rate))
            return Fail<StreamDocument>(ProblemKind.Invalid, "sampling has to be a number of frames per second");
        _streams[name] = stream with { Sampling = patch.Sampling ?? stream.Sampling, State = patch.Enabled is false ? StreamState.Stopped : stream.State };
        return Find(_streams, name);
    }

    public Task<Outcome<StreamDocument>> RemoveStreamAsync(string name, CancellationToken cancellation) =>
        _streams.TryRemove(name, out StreamDocument? stream) ? Task.FromResult<Outcome<StreamDocument>>(stream) : Find(_streams, name);

    public async Task<Outcome<FileDocument>> AddFileAsync(string fileName, Stream content, CancellationToken cancellation)
    {
        byte[] digest = await SHA256.HashDataAsync(content, cancellation);
        string id = Convert.ToHexStringLower(digest.AsSpan(..8));
        if (fileName.EndsWith(".txt", StringComparison.Ordinal))
            return new Problem(ProblemKind.Invalid, "it is no film");
        var file = new FileDocument(id, fileName, FileState.Queued, content.Position, Start, 6, "h264", 160, 120, 0, null, new FrameCounts(0, 0, 0, 0), null);
        return _files.GetOrAdd(id, file);
    }

    public Task<IReadOnlyList<FileDocument>> FilesAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<FileDocument>>([.. _files.Values]);

    public Task<Outcome<FileDocument>> FileAsync(string id, CancellationToken cancellation) => Find(_files, id);

    public Task<Outcome<FileDocument>> CancelFileAsync(string id, CancellationToken cancellation)
    {
        if (_files.TryGetValue(id, out FileDocument? file))
            _files[id] = file with { State = FileState.Cancelled };
        return Find(_files, id);
    }

    public Task<Outcome<FileDocument>> RemoveFileAsync(string id, CancellationToken cancellation) => _streams.Values.Any(s => s.File == id)
        ? Fail<FileDocument>(ProblemKind.Taken, "a stream plays the file")
        : _files.TryRemove(id, out FileDocument? file) ? Task.FromResult<Outcome<FileDocument>>(file) : Find(_files, id);

    public async IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Asked = request;
        bool isKnown = request.Sources.All(s => s.Kind == SourceKind.Stream ? _streams.ContainsKey(s.Name) : _files.ContainsKey(s.Name));
        if (!isKnown)
        {
            yield return new AnswerPiece(Problem: new Problem(ProblemKind.NotFound, "there is no such stream or file"));
            yield break;
        }
        await foreach (AnswerPiece piece in Answer(request, cancellation))
            yield return piece;
    }

    /// <summary>Whose conversation was looked at or forgotten last.</summary>
    public ConversationName Talked { get; private set; }

    public Task<ConversationDocument> ConversationAsync(ConversationName name, CancellationToken cancellation)
    {
        Talked = name;
        return Task.FromResult(new ConversationDocument(name.Id, [.. ((string[])["door", "yard", "gate"]).Select((stream, i) => new TurnDocument(i + 1, Start, "who?", "nobody", [new TurnPart(stream, null, "nobody", [])]))]));
    }

    public Task ForgetConversationAsync(ConversationName name, CancellationToken cancellation)
    {
        Talked = name;
        return Task.CompletedTask;
    }

    public Task<Outcome<KeyframeList>> KeyframesAsync(SourceName source, int from, int most, CancellationToken cancellation) => Exists(source)
        ? Task.FromResult<Outcome<KeyframeList>>(new KeyframeList(
            [.. Enumerable.Range(0, 3).Where(n => n >= from).TakeLast(most).Select(n => new KeyframeDocument(n, n, null, "first", 0.5, 12, $"{source.Path}/keyframes/{n}.jpg"))]))
        : Fail<KeyframeList>(ProblemKind.NotFound, "there is no such stream or file");

    public Task<Outcome<byte[]>> KeyframePictureAsync(SourceName source, int number, CancellationToken cancellation) => Exists(source) && number < 3
        ? Task.FromResult<Outcome<byte[]>>((byte[])[.. Jpeg, (byte)number])
        : Fail<byte[]>(ProblemKind.NotFound, "there is no such keyframe");

    public Task<Outcome<EventList>> EventsAsync(string stream, EventQuery query, CancellationToken cancellation) => Exists(SourceName.Stream(stream))
        ? Task.FromResult<Outcome<EventList>>(new EventList(
            [new EventDocument(1, 2, Start.AddSeconds(1), Start.AddSeconds(2), "enter", "car", 3, 1, "=1+1, \"x\"", 0.81, "perception", [1, 1, 2], "line")], 0))
        : Fail<EventList>(ProblemKind.NotFound, "there is no such stream");

    public Task<Outcome<CountTable>> CountsAsync(string stream, CountQuery query, CancellationToken cancellation) => Exists(SourceName.Stream(stream))
        ? Task.FromResult<Outcome<CountTable>>(new CountTable(
            query.Bucket.TotalSeconds, [new TotalDocument("car", 1, 7, 2, Start, Start, 12, Start, 4)], [new CountRow("car", 0, Start, query.Bucket.TotalSeconds, 4, 3, 2)]))
        : Fail<CountTable>(ProblemKind.NotFound, "there is no such stream");

    public Task<Outcome<HeatDocument>> HeatAsync(string stream, CancellationToken cancellation) => Exists(SourceName.Stream(stream))
        ? Task.FromResult<Outcome<HeatDocument>>(new HeatDocument(64, 36, [.. Enumerable.Range(0, 64 * 36).Select(i => i % 7f)]))
        : Fail<HeatDocument>(ProblemKind.NotFound, "there is no such stream");

    public Task<Outcome<byte[]>> LivePictureAsync(string stream, CancellationToken cancellation) => KeyframePictureAsync(SourceName.Stream(stream), 2, cancellation);

    public Task<Outcome<MemoryDocument>> MemoryAsync(SourceName source, CancellationToken cancellation) => Exists(source)
        ? Task.FromResult<Outcome<MemoryDocument>>(new MemoryDocument(9, Start, 90, [new ClipDocument(0, 4, 6, 2, 30, false), new ClipDocument(5, 9, 3, 3, 60, true)], []))
        : Fail<MemoryDocument>(ProblemKind.NotFound, "there is no such stream or file");

    public static async IAsyncEnumerable<AnswerPiece> RedCar(AskRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield return new AnswerPiece(Text: "a red ");
        yield return new AnswerPiece(Text: "car");
        yield return new AnswerPiece(Answer: new AnswerDocument(
            "a red car", [.. request.Sources.Select(s => new CitationDocument(1, 2.5, $"{s.Path}/keyframes/1.jpg", s.Name))],
            new FrameCounts(150, 12, 3, 0), new UsageDocument(768, 64, 90, 4), new TimingsDocument(0, 0, 0, 0.1, 0.2), "scenes",
            [new GapDocument(3, 5, "offline", 0, "not seen: camera offline 0:03–0:05")])
        {
            Sight = request.Sight ? [.. request.Sources.Select(SightOf)] : null,
        });
    }

    /// <summary>Two by two places: one was read first and not again, one is read as it is, one stands for three, of one nothing was read.</summary>
    private static SightDocument SightOf(SourceName source) => new(source.Path, 2, 2,
    [
        new SightFrame(1, Start.AddSeconds(1), $"{source.Path}/keyframes/1.jpg", [0, 1], [1, 1]),
        new SightFrame(2, Start.AddSeconds(2), $"{source.Path}/keyframes/2.jpg", [1, 2], [1, 3]),
    ]);

    private bool Exists(SourceName source) => source.Kind == SourceKind.Stream ? _streams.ContainsKey(source.Name) : _files.ContainsKey(source.Name);

    private static Task<Outcome<T>> Find<T>(ConcurrentDictionary<string, T> all, string name)
        where T : class =>
        all.TryGetValue(name, out T? found) ? Task.FromResult<Outcome<T>>(found) : Fail<T>(ProblemKind.NotFound, "there is nothing of that name");

    private static Task<Outcome<T>> Fail<T>(ProblemKind kind, string detail)
        where T : class =>
        Task.FromResult<Outcome<T>>(new Problem(kind, detail));
}
