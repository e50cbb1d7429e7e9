using Streaming.Contracts;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server.Alerts;
using Streaming.Server.Archive;
using Streaming.Server.Conversations;
using Streaming.Server.Files;
using Streaming.Server.Films;
using Streaming.Server.Questions;
using Streaming.Server.Store;
using Streaming.Server.Streams;
using Streaming.Server.Watches;
using Streaming.Server.Webhooks;
using Streaming.Video;

namespace Streaming.Server;

/// <summary>The streams, files and questions of one machine, with everything embedded. Disposing it ends all decoders and closes all archives.</summary>
public sealed partial class LocalDirectory : IStreamDirectory, IAsyncDisposable
{
    private readonly LocalSystem _system;
    private readonly IClusterLink? _link;
    private FileLibrary _files;
    private readonly UploadLibrary _uploads;
    private readonly StreamRegistry _streams;
    private readonly IConversations _conversations;
    private ConversationBook? _book;
    private readonly QuestionDesk _desk;
    private readonly FairRates _rates;
    private readonly DiskKeeper _disk;
    private readonly RedisLink? _redis;
    private readonly RedisAlertLog? _sharedEvents;
    private readonly LocalWatches _watches;

    private LocalDirectory(Settings settings, VideoModel model, LocalDirectoryOptions options)
    {
        Action<string> warn = options.Warn ?? (_ => { });
        _redis = settings.Redis is { } address ? RedisLink.Connect(address, RedisPatience) : null;
        // Whoever listens to meters may ask before the rest of this is there.
        var metrics = new StreamingMetrics(
            Observe, model.Queue, () => _desk?.Questions ?? 0, () => model.DeviceMemory() is { } memory ? (memory.UsedBytes, memory.TotalBytes) : null);
        _system = new LocalSystem(
            settings, model, new Decoder(options.Decoder), new FilmStore(settings.DataFolder, warn), new VideoStreamOptions { Reducer = settings.Reducer, Memory = settings.Memory }, options.Backoff, metrics, options.Clock, warn,
            options.Detector is null ? null : new DetectionLine(options.Detector), options.TextReader is null ? null : new ReadingLine(options.TextReader),
            options.Recognizer is null ? null : new HearingLine(options.Recognizer))
        {
            Disk = DiskRoom.Of(settings.DataFolder, settings.DiskReserveBytes),
        };
        if (_redis is { } redis)
            _system = _system with { StoreOf = (_, name) => new RedisMemoryStore(redis, name), LedgerOf = (_, name) => new RedisMemoryStore(redis, name, "ledger") };
        _link = options.Cluster;
        _files = new FileLibrary(_system, _link is null ? null : HandOverAsync);
        string uploads = Path.Combine(settings.DataFolder, "uploads");
        _uploads = new UploadLibrary(
            _link is null ? uploads : Path.Combine(uploads, _link.Machine), settings.UploadBytes, _link is null ? _files.TakeAsync : HandOverAsync, options.Clock, warn, _system.Disk);
        _streams = new StreamRegistry(_system, _link is null ? id => _files.Find(id).Value?.Path : SharedFilm);
        _conversations = _link?.Conversations ?? (_book = NewBook());
        _desk = new QuestionDesk(_system, See, _conversations);
        _disk = new DiskKeeper(_system.Disk, () => _streams.All, options.Clock, warn);
        _rates = new FairRates(_streams, new FairShareOptions(), options.Clock);
        string events = Path.Combine(settings.DataFolder, "events");
        var retention = new AlertRetention(TimeSpan.FromDays(settings.EventDays), settings.EventBytes);
        _sharedEvents = _link is null ? null : new RedisAlertLog(_redis!, events, retention, options.Clock, warn, _link.TellOfEvents);
        _watches = new LocalWatches(_system, _streams, _sharedEvents ?? (IAlertLog)new AlertLog(events, retention, options.Clock, warn), options.Webhooks) { ForgetsOthers = _link is null };
    }

    /// <summary>How long a Redis may take for one command; it answers in a millisecond, and in a second while it rewrites its file on a slow disk.</summary>
    internal static readonly TimeSpan RedisPatience = TimeSpan.FromSeconds(5);

    public ModelDocument Model => new(_system.Model.Language.Name, _system.Settings.Device.ToString().ToLowerInvariant(), _system.Model.ContextTokens);

    /// <summary>How many questions wait or are being answered.</summary>
    internal int Questions => _desk.Questions;

    public IWatchDirectory Watches => _watches;

    public IUploadDirectory Uploads => _uploads;

    public string? Trouble => _system.Model.Queue.Trouble;

    /// <summary>Opens what the data folder holds, declares the cameras of the configuration, and sets everything going.</summary>
    /// <param name="model">Owned by the directory from now on.</param>
    /// <param name="options">With a cluster it opens nothing before the cluster says so.</param>
    /// <exception cref="SettingException">The cameras of the configuration cannot be declared, or the data folder is a later program's.</exception>
    /// <exception cref="StoreException">What streams remember cannot be read now.</exception>
    public static async Task<LocalDirectory> OpenAsync(Settings settings, VideoModel model, LocalDirectoryOptions? options = null)
    {
        Directory.CreateDirectory(settings.DataFolder);
        DataFormat.Open(settings.DataFolder);
        var directory = new LocalDirectory(settings, model, options ?? new LocalDirectoryOptions());
        try
        {
            if (directory._redis is { } redis && await redis.CheckAsync().ConfigureAwait(false) is { } weakness)
                directory._system.Warn(weakness);
            if (directory._link is null)
                await directory.OpenAllAsync(settings.Cameras).ConfigureAwait(false);
        }
        catch
        {
            await directory.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        directory._streams.Start();
        if (directory._link is null)
            directory._files.Start();
        directory._uploads.Start();
        directory._rates.Start();
        directory._disk.Start();
        directory._watches.Start();
        return directory;
    }

    /// <summary>All that is stored, and the cameras of the configuration.</summary>
    private async Task OpenAllAsync(IReadOnlyList<StreamRequest> cameras)
    {
        await _book!.OpenAsync().ConfigureAwait(false);
        _files.Open();
        await _streams.OpenAsync().ConfigureAwait(false);
        foreach (StreamRequest camera in cameras)
            await _streams.ConfigureAsync(camera).ConfigureAwait(false);
    }

    private ConversationBook NewBook() => new(
        _redis is null ? new FileMemoryStore(Path.Combine(_system.Settings.DataFolder, "conversations.log")) : new RedisMemoryStore(_redis, "machine", "conversations"),
        new LineJournalOptions("conversations", _system.Backoff, _system.Clock, _system.Warn));

    public Task<Outcome<StreamDocument>> AddStreamAsync(StreamRequest request, CancellationToken cancellation) => _streams.AddAsync(request, cancellation);

    public Task<IReadOnlyList<StreamDocument>> StreamsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StreamDocument>>([.. _streams.All.Select(stream => stream.Document())]);

    public Task<Outcome<StreamDocument>> StreamAsync(string name, CancellationToken cancellation) =>
        Task.FromResult(Select(_streams.Find(name), stream => stream.Document()));

    public Task<Outcome<StreamDocument>> ChangeStreamAsync(string name, StreamPatch patch, CancellationToken cancellation) =>
        _streams.ChangeAsync(name, patch, cancellation);

    public async Task<Outcome<StreamDocument>> RemoveStreamAsync(string name, CancellationToken cancellation)
    {
        Outcome<StreamDocument> removed = await _streams.RemoveAsync(name, cancellation).ConfigureAwait(false);
        if (removed.Problem is null)
        {
            _watches.Forget(name);
            await _conversations.ForgetAsync(SourceName.Stream(name)).ConfigureAwait(false);
        }
        return removed;
    }

    public Task<Outcome<FileDocument>> AddFileAsync(string fileName, Stream content, CancellationToken cancellation) =>
        _files.AddAsync(fileName, content, cancellation);

    public Task<IReadOnlyList<FileDocument>> FilesAsync(CancellationToken cancellation) => Task.FromResult(_files.All());

    public Task<Outcome<FileDocument>> FileAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(Select(_files.Find(id), file => file.Document()));

    public Task<Outcome<FileDocument>> CancelFileAsync(string id, CancellationToken cancellation) => Task.FromResult(_files.Cancel(id));

    public async Task<Outcome<FileDocument>> RemoveFileAsync(string id, CancellationToken cancellation)
    {
        Outcome<FileDocument> removed = await _files.RemoveAsync(id, PlayerOf, cancellation).ConfigureAwait(false);
        if (removed.Problem is null)
            await _conversations.ForgetAsync(SourceName.File(id)).ConfigureAwait(false);
        return removed;
    }

    public IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, CancellationToken cancellation) => _desk.AskAsync(request, cancellation);

    public Task<ConversationDocument> ConversationAsync(ConversationName name, CancellationToken cancellation) => _conversations.FindAsync(name);

    public Task ForgetConversationAsync(ConversationName name, CancellationToken cancellation) => _conversations.ForgetAsync(name);

    public Task<Outcome<KeyframeList>> KeyframesAsync(SourceName source, int from, int most, CancellationToken cancellation) =>
        Task.FromResult(Select(Find(source), found => new KeyframeList([.. found.Index.Newest(from, most).Select(k => new KeyframeDocument(
            k.Keyframe.Number, k.Keyframe.Time.TotalSeconds, found.At(k.Keyframe.Time), k.Keyframe.Reason.ToString().ToLowerInvariant(), k.Keyframe.Change,
            k.TokensKept, AnswerDocuments.PictureOf(source, k.Keyframe.Number)))])));

    public Task<Outcome<EventList>> EventsAsync(string stream, EventQuery query, CancellationToken cancellation) =>
        Task.FromResult(Perceived(stream, query.From, query.To, (answers, from, to) => answers.Events(from, to, query)));

    public Task<Outcome<CountTable>> CountsAsync(string stream, CountQuery query, CancellationToken cancellation) =>
        Task.FromResult(Perceived(stream, query.From, query.To, (answers, from, to) => answers.Counts(from, to, query)));

    public Task<Outcome<HeatDocument>> HeatAsync(string stream, CancellationToken cancellation)
    {
        Outcome<LocalStream> found = _streams.Find(stream);
        return Task.FromResult<Outcome<HeatDocument>>(found.Value switch
        {
            null => found.Problem!,
            { Heat: { } heat } => new HeatDocument(HeatMap.Columns, HeatMap.Rows, heat.Seconds()),
            _ => PerceptionIsOff,
        });
    }

    public async Task<Outcome<byte[]>> KeyframePictureAsync(SourceName source, int number, CancellationToken cancellation)
    {
        Outcome<Pictures> found = Find(source);
        string? path = found.Value is { } pictures ? pictures.Index.Contains(number) ? pictures.PathOf(number) : null
            : _link is not null && source.Kind == SourceKind.Stream ? _streams.SharedPictureOf(source.Name, number) : null;
        if (path is null && found.Problem is { } problem)
            return problem;
        try
        {
            if (path is not null)
                return await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was let go of in between.
        }
        return new Problem(ProblemKind.NotFound, "there is no keyframe of that number, or it is no longer kept");
    }

    public Task<Outcome<byte[]>> LivePictureAsync(string stream, CancellationToken cancellation)
    {
        Outcome<LocalStream> found = _streams.Find(stream);
        return found.Value switch
        {
            null => Task.FromResult<Outcome<byte[]>>(found.Problem!),
            var local when local.Stream.Live.Look() is { } jpeg => Task.FromResult<Outcome<byte[]>>(jpeg),
            var local when local.Index.Newest(0, 1) is [var newest] => KeyframePictureAsync(SourceName.Stream(stream), newest.Keyframe.Number, cancellation),
            _ => Task.FromResult<Outcome<byte[]>>(new Problem(ProblemKind.NotFound, "no picture of this stream has come yet")),
        };
    }

    public Task<Outcome<MemoryDocument>> MemoryAsync(SourceName source, CancellationToken cancellation) =>
        Task.FromResult(Select(See(source, null, null), MemoryDocuments.Of));

    /// <summary>Stops all streams and readings; what they saw is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _rates.DisposeAsync().ConfigureAwait(false);
        await _disk.DisposeAsync().ConfigureAwait(false);
        await _watches.DisposeAsync().ConfigureAwait(false);
        await _uploads.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_streams.DisposeAsync().AsTask(), _files.DisposeAsync().AsTask()).ConfigureAwait(false);
        await CloseConversationsAsync().ConfigureAwait(false);
        _system.Metrics.Dispose();
        if (_system.Detector is { } detector)
            await detector.DisposeAsync().ConfigureAwait(false);
        _system.Reader?.Dispose();
        _system.Hearing?.Dispose();
        if (_redis is not null)
            await _redis.DisposeAsync().ConfigureAwait(false);
        _system.Model.Dispose();
    }

    private static Problem PerceptionIsOff => new(ProblemKind.NotFound, "nothing is noted, because perception is off: the weights of its networks are not installed (./run doctor says more)");

    private Outcome<T> Perceived<T>(string stream, Moment? from, Moment? to, Func<PerceptionAnswers, TimeSpan, TimeSpan, T> answer)
        where T : class
    {
        Outcome<LocalStream> found = _streams.Find(stream);
        if (found.Value is not { } local)
            return found.Problem!;
        if (local.Noted is not { } notes)
            return PerceptionIsOff;
        var (start, end) = local.Span(from, to);
        return answer(new PerceptionAnswers(notes, local.At), start, end);
    }

    private sealed record Pictures(KeyframeIndex Index, Func<int, string> PathOf, Func<TimeSpan, DateTimeOffset?> At);

    private Outcome<Pictures> Find(SourceName source) => source.Kind == SourceKind.Stream
        ? Select(_streams.Find(source.Name), stream => new Pictures(stream.Index, stream.PictureOf, time => stream.At(time)))
        : Select(_files.Find(source.Name), file => new Pictures(file.Index, file.PictureOf, _ => null));

    private Outcome<Sighting> See(SourceName source, Moment? from, Moment? to)
    {
        if (source.Kind == SourceKind.Stream)
            return Select(_streams.Find(source.Name), stream => stream.See(from, to));
        if (from?.At is not null || to?.At is not null)
            return new Problem(ProblemKind.Invalid, "a file has no dates; ask about seconds since its start");
        try
        {
            return Select(_files.Find(source.Name), file => file.See(from, to));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Problem(ProblemKind.NotFound, "the file was deleted meanwhile");
        }
    }

    private string? PlayerOf(string file) => _link is not null ? SharedPlayerOf(file) : _streams.All.FirstOrDefault(stream => stream.Declaration.File == file)?.Name;

    private IEnumerable<StreamObservation> Observe() => _streams?.All.Select(stream => stream.Observe()) ?? [];

    private static Outcome<TResult> Select<T, TResult>(Outcome<T> outcome, Func<T, TResult> select)
        where T : class
        where TResult : class =>
        outcome.Value is { } value ? select(value) : outcome.Problem!;
}

/// <summary>How a directory is opened.</summary>
public sealed record LocalDirectoryOptions
{
    /// <summary>How decoder processes are started and what they may cost.</summary>
    public DecoderOptions Decoder { get; init; } = new();

    /// <summary>How lost cameras are tried again.</summary>
    public Backoff Backoff { get; init; } = Backoff.Default;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How webhooks are tried.</summary>
    internal WebhookOptions Webhooks { get; init; } = new();

    /// <summary>The cluster that this machine is one of; null: it is alone.</summary>
    public IClusterLink? Cluster { get; init; }

    /// <summary>Finds things in the pictures of all streams; owned by the directory. Null: perception is off.</summary>
    public IObjectDetector? Detector { get; init; }

    /// <summary>Reads words in the pictures of all streams; owned by the directory. Null: nothing is read.</summary>
    public ITextReader? TextReader { get; init; }

    /// <summary>Writes down what is said in all streams that are perceived; owned by the directory. Null: nothing is.</summary>
    public ISpeechRecognizer? Recognizer { get; init; }

    /// <summary>Told, in one line without secrets, what an operator should know.</summary>
    public Action<string>? Warn { get; init; }
}
