using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Server.Store;
using Streaming.Video;

namespace Streaming.Server.Streams;

/// <summary>
/// One stream of this machine: what was declared, what keeps it alive, what it saw. Changes come from one caller at a time; any
/// thread may read.
/// </summary>
internal sealed partial class LocalStream : IAsyncDisposable
{
    private readonly LocalSystem _system;
    private readonly StreamFolder _folder;
    private readonly Func<string, string?> _filmOf;
    private readonly StreamArchive _archive;
    private readonly StreamTimeline _timeline;
    private readonly VideoStream _stream;
    private readonly StreamLedger _ledger;
    private readonly StreamPerception? _perception;
    private readonly StreamSpeech? _speech;
    private readonly ClipScribe? _scribe;
    private readonly CameraAddresses _addresses = new();
    private TimeSpan _interval;
    private readonly Lock _declaring = new();
    private volatile StreamDeclaration _declaration;
    private readonly StreamStanding _before;
    private StreamSupervisor? _supervisor;
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private bool _isDisposed;

    private LocalStream(LocalSystem system, StreamFolder folder, StreamDeclaration declaration, StreamArchive archive, StreamLedger ledger, Func<string, string?> filmOf)
    {
        (_system, _folder, _declaration, _archive, _ledger, _filmOf) = (system, folder, declaration, archive, ledger, filmOf);
        _timeline = new StreamTimeline(system.Clock, declaration.StartedAt, _archive.PastEnd);
        _perception = system.Detector is null ? null : new StreamPerception(system.Detector, new PerceptionOptions(), () => ZoneRules.Of(_declaration.Zones), ledger.Notes, system.Reader);
        if (_perception is not null)
            ledger.Restore(_perception.Heat);
        _speech = _perception is null || system.Hearing is null ? null : new StreamSpeech(system.Hearing, _perception.Write);
        _stream = new VideoStream(
            system.Decoder, system.Model.EncoderFor(InferenceClass.Keyframe), system.Streams with { Reducer = Reducer }, _archive, _archive.Past with { Gaps = ledger.Gaps, End = _archive.PastEnd }, system.Clock, system.Metrics.Remembered(declaration.Name),
            _perception, _speech);
        _archive.Memory = () => _stream.Written;
        _ = YieldAsync();
        ledger.Begin(_perception, () => _stream.Gaps);
        if (system.Settings.ModelNotes && _perception is { } perception)
        {
            _scribe = new ClipScribe(system.Model.Answering, perception.Write);
            _stream.ClipClosed = _scribe.Offer;
        }
        _before = new StreamStanding(declaration.HasEnded ? StreamPhase.Ended : StreamPhase.Stopped, 0, null);
    }

    /// <param name="filmOf">The path of an uploaded film; null if it is gone.</param>
    /// <exception cref="StoreException">What it remembers cannot be read now.</exception>
    internal static async Task<LocalStream> OpenAsync(LocalSystem system, StreamFolder folder, StreamDeclaration declaration, Func<string, string?> filmOf)
    {
        var options = new StreamArchiveOptions(system.Hidden, system.Streams.Memory, system.Settings.Pictures, text => system.Warn($"stream {declaration.Name}: {text}")) { Clock = system.Clock, Disk = system.Disk };
        StreamArchive archive = await StreamArchive.OpenAsync(folder, system.StoreOf(folder, declaration.Name), options).ConfigureAwait(false);
        try
        {
            var lines = new LineJournalOptions($"stream {declaration.Name}: notes", options.Backoff, system.Clock, system.Warn);
            return new LocalStream(system, folder, declaration, archive, await StreamLedger.OpenAsync(system.LedgerOf(folder, declaration.Name), lines, folder).ConfigureAwait(false), filmOf);
        }
        catch (StoreException)
        {
            await archive.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal string Name => _declaration.Name;

    internal StreamDeclaration Declaration => _declaration;

    /// <summary>Where it lies on disk.</summary>
    internal StreamFolder Folder => _folder;

    internal VideoStream Stream => _stream;

    internal KeyframeIndex Index => _archive.Index;

    /// <summary>How late the newest frame came out of the decoder.</summary>
    internal TimeSpan Lateness => _timeline.Lateness;

    /// <summary>Another server runs it, and here it ends.</summary>
    internal bool IsTaken => _archive.Taken.IsCompleted;

    internal StreamStanding Standing => _supervisor?.Standing ?? _before;

    /// <summary>How many pictures are kept, what they take, and how many went since the start, by why.</summary>
    internal (int Kept, long Bytes, PictureDeletions Deleted) Pictures => _archive.Pictures;

    /// <summary>Lets go of so many bytes of pictures.</summary>
    internal void MakeRoom(long bytes) => _archive.MakeRoom(bytes);

    internal string PictureOf(int number) => _archive.PictureOf(number);

    /// <summary>The moment of a time of this stream, in its time zone.</summary>
    internal DateTimeOffset At(TimeSpan time) => TimeZoneInfo.ConvertTime(StartedAt + time, Zone);

    private TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(_declaration.TimeZone);

    /// <summary>How long the stream has run; of a film that was played to its end, how long that was.</summary>
    private TimeSpan Length => _timeline.Last is { } last && (Standing.Phase == StreamPhase.Ended || last > _timeline.Now) ? last
        : Standing.Phase == StreamPhase.Ended ? TimeSpan.Zero : _timeline.Now;

    private TimeSpan StartOf(Moment? from) => from?.Within(StartedAt, Length) is { } start && start > TimeSpan.Zero ? start : TimeSpan.Zero;

    private DateTimeOffset StartedAt => _timeline.StartedAt ?? _declaration.CreatedAt;

    private ReducerOptions Reducer => _system.Streams.Reducer with
    {
        Name = _declaration.Policy ?? _system.Streams.Reducer.Name,
        RetainRatio = _declaration.Retain ?? _system.Streams.Reducer.RetainRatio,
    };

    private bool PlaysFile => _declaration.File is not null;

    /// <summary>Begins to run unless it is stopped, has ended, or runs.</summary>
    internal void Start()
    {
        if (!_declaration.Enabled || _declaration.HasEnded || !_run.IsCompleted || _isDisposed || IsTaken)
            return;
        _stop = new CancellationTokenSource();
        _stream.ReduceBy(Reducer);
        _supervisor = new StreamSupervisor(_system.Clock, _system.Backoff, PlaysFile, standing => _system.Warn(Say(standing)), Standing.Reconnects);
        StreamSupervisor supervisor = _supervisor;
        CancellationToken stop = _stop.Token;
        // It outlives the request that starts it, whose trace its log lines must not bear.
        using (ExecutionContext.SuppressFlow())
            _run = Task.Run(() => RunAsync(supervisor, stop), CancellationToken.None);
    }

    /// <summary>Stops running; afterwards its decoder is gone.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
    }

    /// <summary>Takes a declaration in place of the old one and makes it last.</summary>
    internal void Declare(Func<StreamDeclaration, StreamDeclaration> change)
    {
        lock (_declaring)
        {
            StreamDeclaration declaration = change(_declaration);
            _folder.Write(declaration);
            _declaration = declaration;
        }
    }

    /// <summary>Makes last what was noted, and how far its film was played, in case nobody can at the end.</summary>
    internal void Checkpoint()
    {
        _ledger.Checkpoint();
        if (!PlaysFile || Standing.Phase != StreamPhase.Running || _stream.SessionTime is not { } reached)
            return;
        Note(d => d with { Played = reached.TotalSeconds });
    }

    /// <summary>Removes all that is stored; the stream is stopped and disposed.</summary>
    /// <exception cref="StoreException">What it remembers cannot be removed now; it can be tried again.</exception>
    internal async Task DeleteAsync()
    {
        await _archive.ForgetAsync().ConfigureAwait(false);
        await _ledger.ForgetAsync().ConfigureAwait(false);
        _folder.Delete();
    }

    /// <summary>What a question about this stretch has before it.</summary>
    internal Sighting See(Moment? from, Moment? to)
    {
        // Before the memory, which then holds all up to there.
        TimeSpan? seenInThisRun = _stream.SeenUntil;
        MemorySnapshot memory = _stream.Memory;
        TimeSpan seen = seenInThisRun ?? (memory.Entries is [.., var newest] ? newest.Time : TimeSpan.Zero);
        TimeSpan start = StartOf(from);
        TimeSpan? end = to?.Within(StartedAt, Length);
        StreamAccount account = _stream.Account;
        return new Sighting(
            SourceName.Stream(Name), memory, start, end, seen,
            _archive.Index.SampledBetween(start, end ?? seen, account.Sampled) * _system.TokensPerFrame,
            FrameAccounts.Of(account, _stream.Evidence), At(TimeSpan.Zero), Zone,
            end is null && Length > seen ? Length : null, Gaps(seen), _perception?.Notes)
        { Picture = time => _archive.Index.PictureAt(time, PictureOf), NumberAt = _archive.Index.NumberAt };
    }

    /// <summary>What was not seen, up to now: a source that is away has been since the newest frame.</summary>
    private IReadOnlyList<Gap> Gaps(TimeSpan seen) =>
        Standing.Phase is StreamPhase.Running or StreamPhase.Ended || Length - seen < GapLog.Shortest || seen == TimeSpan.Zero
            ? _stream.Gaps
            : [.. _stream.Gaps, new Gap(seen, Length, GapReason.Offline, 0)];

    /// <summary>What is noted; null while perception is off and nothing was ever noted.</summary>
    internal NotebookSnapshot? Noted => _perception?.Notes ?? _ledger.Notes;

    /// <summary>Where things stood; null while perception is off.</summary>
    internal HeatMap? Heat => _perception?.Heat;

    /// <summary>The span of two moments of this stream; null stands for the beginning and for now, and the end belongs to it.</summary>
    internal (TimeSpan From, TimeSpan To) Span(Moment? from, Moment? to) => (StartOf(from), (to?.Within(StartedAt, Length) ?? Length) + TimeSpan.FromTicks(1));

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await StopAsync().ConfigureAwait(false);
        if (_scribe is not null)
            await _scribe.DisposeAsync().ConfigureAwait(false);
        await _ledger.DisposeAsync().ConfigureAwait(false);
        await _archive.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task<SourceFailure?> Session(Action onFirstFrame, CancellationToken cancellation)
    {
        if (PlaysFile)
            return _filmOf(_declaration.File!) is { } path
                ? await Session(new FileSource(path), onFirstFrame, cancellation).ConfigureAwait(false)
                : new SourceFailure(SourceFailureKind.Unreachable, "the file it plays is gone");
        SourceFailure? failure = null;
        foreach (CameraSource source in _addresses.Next(_declaration.Url!, _declaration.SubUrl))
        {
            bool showed = false;
            failure = await Session(source, Show, cancellation).ConfigureAwait(false);
            _addresses.Ended(source.Url == _declaration.SubUrl, showed, failure);
            if (showed || !CameraAddresses.GoesOn(failure))
                break;

            void Show()
            {
                showed = true;
                onFirstFrame();
            }
        }
        return failure;
    }

    private async Task<SourceFailure?> Session(VideoSource source, Action onFirstFrame, CancellationToken cancellation)
    {
        TimeSpan from = PlaysFile ? TimeSpan.FromSeconds(_declaration.Played) : TimeSpan.Zero;
        var run = new SourceRun(source, Request(from))
        {
            InRealTime = PlaysFile,
            Sampling = _perception is null ? null : _declaration.Sampling,
            Timeline = _timeline,
            OnFirstFrame = () =>
            {
                onFirstFrame();
                Begin();
            },
        };
        try
        {
            StreamReport report = await _stream.RunAsync(run, cancellation).ConfigureAwait(false);
            if (report.Decode.CameraInterval > TimeSpan.Zero)
                _interval = report.Decode.CameraInterval;
            if (PlaysFile)
                Note(d => d with { HasEnded = true });
            return report.Decode.Failure;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One bad stream never stops the server; the supervisor tries it again.
            _system.Warn($"stream {Name}: {e.GetType().Name}: {e.Message}");
            return new SourceFailure(SourceFailureKind.DecoderLost, "an error in the server, see its log");
        }
        finally
        {
            if (PlaysFile && _stream.SessionTime is { } reached)
                Note(d => d with { Played = reached.TotalSeconds });
        }
    }

    private DecodeRequest Request(TimeSpan from) => _system.Streams.Decode with
    {
        FramesPerSecond = Math.Max(_declaration.Sampling, _perception?.Options.FramesPerSecond ?? 0),
        MaxWidth = _perception?.PictureSide ?? _system.Streams.Decode.MaxWidth,
        MaxHeight = _perception?.PictureSide ?? _system.Streams.Decode.MaxHeight,
        IntraOnly = _declaration.Decode == DecodeMode.Intra,
        From = from,
        CameraTimeout = _declaration.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        CameraInterval = _interval,
        Threads = 1,
        Sound = _speech is not null,
    };

    /// <summary>The first frame ever is second 0.</summary>
    private void Begin()
    {
        if (_declaration.StartedAt is null)
            Note(d => d with { StartedAt = _timeline.StartedAt });
    }

    /// <summary>Makes last what came to pass, if the disk takes it: the stream goes on without.</summary>
    private void Note(Func<StreamDeclaration, StreamDeclaration> change)
    {
        try
        {
            Declare(change);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _declaration = change(_declaration);
            _system.Warn($"stream {Name}: {e.Message}");
        }
    }

    /// <summary>A stream never runs twice: what it would still remember is refused.</summary>
    private async Task YieldAsync()
    {
        await _archive.Taken.ConfigureAwait(false);
        if (!_isDisposed)
            await _stop.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>A bug ends this stream and nothing else.</summary>
    private async Task RunAsync(StreamSupervisor supervisor, CancellationToken stop)
    {
        try
        {
            await supervisor.RunAsync(Session, stop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _system.Warn($"stream {Name}: {e.GetType().Name}: {e.Message}");
        }
    }

    private string Say(StreamStanding standing) =>
        $"stream {Name}: {StateOf(standing.Phase).ToString().ToLowerInvariant()}{(standing.Phase is not (StreamPhase.Running or StreamPhase.Stopped) && standing.LastError is { } why ? $": {why}" : "")}";
}
