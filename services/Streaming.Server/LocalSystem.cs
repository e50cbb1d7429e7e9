using Streaming.Pipelines;
using Streaming.Server.Films;
using Streaming.Server.Store;
using Streaming.Server.Streams;
using Streaming.Video;

namespace Streaming.Server;

/// <summary>What streams and files of this machine share.</summary>
/// <param name="Warn">Told, in one line without secrets, what an operator should know.</param>
/// <param name="Detector">Null: perception is off.</param>
/// <param name="Reader">Null: nothing is read in pictures.</param>
/// <param name="Hearing">Null: nothing that is said is written down.</param>
internal sealed record LocalSystem(
    Settings Settings, VideoModel Model, Decoder Decoder, FilmStore Films, VideoStreamOptions Streams, Backoff Backoff,
    StreamingMetrics Metrics, TimeProvider Clock, Action<string> Warn, DetectionLine? Detector = null, ReadingLine? Reader = null, HearingLine? Hearing = null)
{
    /// <summary>The disk that all of this lies on.</summary>
    public required DiskRoom Disk { get; init; }

    /// <summary>The films that are held in memory.</summary>
    public RecentFilms Recent { get; } = new();

    /// <summary>Where what a stream remembers is stored, by its folder and name.</summary>
    public Func<StreamFolder, string, IMemoryStore> StoreOf { get; init; } = (folder, _) => new FileMemoryStore(folder.Log);

    /// <summary>Where what else it knows is stored.</summary>
    public Func<StreamFolder, string, IMemoryStore> LedgerOf { get; init; } = (folder, _) => new FileMemoryStore(folder.Ledger);

    /// <summary>Tokens of one frame before any reduction.</summary>
    public int TokensPerFrame => Model.Manifest.Vision.TokensPerFrame;

    public int Hidden => Model.Manifest.Vision.Hidden;

    /// <summary>Null where films are not perceived: nothing but the language model would read their notes.</summary>
    public DetectionLine? FilmDetector => Model.Manifest.ReadsNotes ? Detector : null;

    /// <summary>What else than its content and the model decides what is seen of a film.</summary>
    public string FilmSettings => FilmKey.SettingsOf(Streams, FilmDetector is not null);
}
