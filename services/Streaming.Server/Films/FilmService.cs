using System.Globalization;
using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Video;

namespace Streaming.Server.Films;

/// <summary>Sees films and cameras, and answers questions about what it saw: the whole line of one machine.</summary>
public sealed class FilmService : IDisposable
{
    // Half a second's reading, as long as a decoder process takes to start and show a picture.
    private const long LargeFileBytes = 256 << 20;

    private readonly VideoModel _model;
    private readonly FilmStore _store;
    private readonly Decoder _decoder;
    private readonly Action<string> _warn;
    private DetectionLine? _detector;
    private ReadingLine? _reader;

    /// <exception cref="InvalidModelException">The model folder is missing or cannot be used.</exception>
    public FilmService(Settings settings, DecoderOptions? decoder = null, Action<string>? warn = null)
    {
        _warn = warn ?? (_ => { });
        _model = VideoModel.Load(settings, warn);
        _store = new FilmStore(settings.DataFolder, warn);
        Streams = new VideoStreamOptions { Reducer = settings.Reducer, Memory = settings.Memory };
        _decoder = new Decoder(decoder ?? new DecoderOptions { Limits = settings.Limits });
    }

    public Answering Answering => _model.Answering;

    /// <summary>Tells how the model reads words; null where it does not.</summary>
    public ITextEmbedder? Embedder => _model.Language as ITextEmbedder;

    public ModelManifest Model => _model.Manifest;

    /// <summary>The folder of the model in use.</summary>
    public string Folder => _model.Folder;

    public VideoStreamOptions Streams { get; init; }

    /// <summary>From now on what is seen is perceived, too.</summary>
    /// <param name="detector">Disposed with this.</param>
    /// <param name="reader">Disposed with this; null: nothing is read in pictures.</param>
    public void PerceiveBy(IObjectDetector detector, ITextReader? reader) =>
        (_detector, _reader) = (new DetectionLine(detector), reader is null ? null : new ReadingLine(reader));

    /// <summary>Reads a film to its end unless it was seen before. A camera is watched until <paramref name="until"/>.</summary>
    /// <param name="observer">Told what is kept, as it is kept; not told anything of a film that was seen before.</param>
    /// <param name="anew">Read a film even if it was seen before, for an observer that must be told.</param>
    public async Task<Sight> SeeAsync(
        VideoSource source, TimeSpan? until = null, IVideoStreamObserver? observer = null, bool anew = false, CancellationToken cancellation = default)
    {
        string key = "camera-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        if (source is FileSource file)
        {
            if (file.Examine() is { } problem)
                return new Sight(null, problem.Message, TimingsOf(null));
            if (await LookAsync(file, cancellation).ConfigureAwait(false) is { } failure)
                return new Sight(null, failure.Message, TimingsOf(null));
            key = await FilmKey.OfAsync(file.Path, _model.Digest, FilmKey.SettingsOf(Streams, _detector is not null), cancellation).ConfigureAwait(false);
            if (!anew && _store.Find(key) is { } seen)
                return new Sight(seen, null, TimingsOf(null));
        }
        using FilmDraft draft = _store.Begin(key, Model.Vision.Hidden, observer);
        VideoStreamOptions options = source.IsLive ? Streams with { Decode = Streams.Decode with { To = until } } : Streams;
        StreamPerception? perception = _detector is null ? null : new StreamPerception(_detector, new PerceptionOptions(), () => [], reader: _reader);
        var stream = new VideoStream(_decoder, _model.EncoderFor(InferenceClass.Keyframe), options, draft, perception: perception);
        StreamReport report = await stream.RunAsync(SourceRun.OfFilm(source, options.Decode, perception), cancellation).ConfigureAwait(false);
        if (report.KeyframesKept == 0)
            return new Sight(null, report.Decode.Failure?.Message ?? "it holds no picture", TimingsOf(report));
        if (perception is not null)
            new NotebookFile(draft.Folder, _warn).Write(perception, isLast: true);
        FilmFacts facts = FilmFacts.Of(report, stream.Account, Model.Vision.TokensPerFrame, options.Decode.FramesPerSecond);
        return new Sight(draft.Publish(facts), null, TimingsOf(report));
    }

    /// <param name="onText">Called with each piece of the answer as it is written.</param>
    /// <exception cref="ArgumentException">The question is refused; <see cref="Answering.Refuse"/> says why beforehand.</exception>
    public Task<Answer> AskAsync(SeenFilm film, Question question, Action<string>? onText = null, CancellationToken cancellation = default) =>
        Answering.AskAsync(
            question, film.MemoryAsOf(question.To, Streams.Memory), film.Facts.LastSample, film.Facts.SourceTokens(question.From, question.To), onText,
            cancellation: cancellation, notes: film.Notes,
            picture: time => film.Index.PictureAt(time, number => Path.Combine(film.Folder, FilmDraft.PictureName(number))));

    public void Dispose()
    {
        _detector?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _reader?.Dispose();
        _model.Dispose();
    }

    /// <summary>
    /// Recognising a film takes reading all of it, minutes for a large file. A look at the first picture says sooner that it is
    /// none; null if it is one, or small.
    /// </summary>
    private async Task<SourceFailure?> LookAsync(FileSource file, CancellationToken cancellation)
    {
        if (new FileInfo(file.Path).Length < LargeFileBytes)
            return null;
        await using DecodeSession session = _decoder.Open(file, Streams.Decode, cancellation);
        await foreach (Frame frame in session.Frames().ConfigureAwait(false))
        {
            frame.Dispose();
            return null;
        }
        return (await session.Completion.ConfigureAwait(false)).Failure;
    }

    private static TimingsDocument TimingsOf(StreamReport? report) => report is null
        ? new TimingsDocument(0, 0, 0, 0, 0)
        : new TimingsDocument(report.Decode.CpuTime.TotalSeconds, report.EncodeTime.TotalSeconds, report.ReduceTime.TotalSeconds, 0, 0);
}

/// <summary>What came of looking at a source.</summary>
/// <param name="Film">Null if nothing could be seen.</param>
/// <param name="Problem">Why nothing could be seen, in one line.</param>
/// <param name="Timings">What it cost; zero for a film that was seen before. Decoding counts the processor time of its process.</param>
public sealed record Sight(SeenFilm? Film, string? Problem, TimingsDocument Timings);
