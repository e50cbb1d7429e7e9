using System.Text.Json.Serialization;
using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server.Archive;

namespace Streaming.Server.Films;

/// <summary>A film that has been seen: its facts, its keyframes and what the reducer left of their tokens, in order of time.</summary>
public sealed class SeenFilm
{
    // Four times the memory of a stream: every film of some minutes is held whole, and one of hours is read from disk where all of it is needed.
    private const int MostHeldTokens = 32_768;

    private readonly FilmMemory _memory;

    private SeenFilm(string folder, FilmFacts facts, KeyframeIndex index, FilmMemory memory) =>
        (Folder, Facts, Index, _memory, Notes) = (folder, facts, index, memory, new NotebookFile(folder, _ => { }).Read());

    /// <summary>Where its pictures lie.</summary>
    public string Folder { get; }

    public FilmFacts Facts { get; }

    public KeyframeIndex Index { get; }

    /// <summary>What perception noted of it; null where it was off.</summary>
    public NotebookSnapshot? Notes { get; }

    /// <exception cref="InvalidDataException">What is stored is damaged or incomplete.</exception>
    public static SeenFilm Load(string folder, FilmFacts facts)
    {
        var index = new KeyframeIndex();
        List<MemoryEntry>? held = [];
        var positions = new List<long>();
        long tokens = 0;
        string log = Path.Combine(folder, FilmStore.TokensName);
        foreach ((KeyframeRecord record, long position) in KeyframeLog.ReadFrom(log, 0))
        {
            index.Add(record);
            positions.Add(position);
            held?.Add(record.Entry);
            tokens += record.Entry.Tokens.Count;
            if (tokens > MostHeldTokens)
                held = null;
        }
        if (positions.Count != facts.Frames.Kept)
            throw new InvalidDataException($"it holds {positions.Count} of {facts.Frames.Kept} keyframes");
        TimeSpan[] times = [.. index.All().Select(keyframe => keyframe.Keyframe.Time)];
        return new SeenFilm(folder, facts, index, held is null
            ? new FilmMemory(times, first => first == times.Length ? [] : KeyframeLog.ReadFrom(log, positions[first]).Select(stored => stored.Record.Entry))
            : new FilmMemory(times, held.Skip));
    }

    public string PictureOf(Keyframe keyframe) => Path.Combine(Folder, FilmDraft.PictureName(keyframe.Number));

    /// <summary>The memory as it was at <paramref name="asOf"/>: everything later is as if it had never been seen.</summary>
    public MemorySnapshot MemoryAsOf(TimeSpan? asOf, MemoryOptions options) => _memory.AsOf(asOf, options);
}

/// <summary>What is known of a film as a whole.</summary>
/// <param name="TokensPerFrame">Tokens of one frame before any reduction.</param>
/// <param name="FramesPerSecond">The sampling rate it was read with.</param>
/// <param name="Problem">Why it could not be read to its end; null if it could.</param>
public sealed record FilmFacts(
    FrameCounts Frames,
    int TokensPerFrame,
    double FramesPerSecond,
    double DurationSeconds,
    string Codec,
    int Width,
    int Height,
    string? Problem)
{
    /// <param name="account">Of all readings, where one was interrupted.</param>
    public static FilmFacts Of(StreamReport report, StreamAccount account, int tokensPerFrame, double framesPerSecond) => new(
        FrameAccounts.Of(account, report.Evidence),
        tokensPerFrame,
        framesPerSecond,
        report.Decode.Progress.Time.TotalSeconds,
        report.Decode.Facts?.Codec ?? "",
        report.Decode.Facts?.Width ?? 0,
        report.Decode.Facts?.Height ?? 0,
        report.Decode.Failure?.Message ?? report.Decode.Remark);

    /// <summary>When the last frame was looked at, at the latest.</summary>
    [JsonIgnore]
    public TimeSpan LastSample => TimeSpan.FromSeconds(DurationSeconds);

    /// <summary>Tokens of all sampled frames between two moments, had none been removed.</summary>
    public long SourceTokens(TimeSpan? from, TimeSpan? to)
    {
        long first = (long)Math.Ceiling((from ?? TimeSpan.Zero).TotalSeconds * FramesPerSecond);
        long last = to is { } end ? Math.Min((long)Math.Floor(end.TotalSeconds * FramesPerSecond), Frames.Sampled - 1) : Frames.Sampled - 1;
        return Math.Max(0, last - first + 1) * TokensPerFrame;
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FilmFacts))]
internal sealed partial class FilmJson : JsonSerializerContext;
