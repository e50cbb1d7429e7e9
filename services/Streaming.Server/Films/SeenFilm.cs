using System.Text.Json.Serialization;
using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Films;

/// <summary>A film that has been seen: its facts, its keyframes and what the reducer left of their tokens, in order of time.</summary>
/// <param name="Folder">Where its pictures lie.</param>
public sealed record SeenFilm(string Folder, FilmFacts Facts, IReadOnlyList<MemoryEntry> Keyframes)
{
    public string PictureOf(Keyframe keyframe) => Path.Combine(Folder, FilmArchive.PictureName(keyframe));

    /// <summary>The memory as it was at <paramref name="asOf"/>: everything later is as if it had never been seen.</summary>
    public MemorySnapshot MemoryAsOf(TimeSpan? asOf, MemoryOptions options)
    {
        var memory = new StreamMemory(options);
        foreach (MemoryEntry entry in Keyframes.TakeWhile(k => asOf is null || k.Time <= asOf))
            memory.Write(entry);
        return memory.Snapshot;
    }
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
    public static FilmFacts Of(StreamReport report, int tokensPerFrame, double framesPerSecond) => new(
        new FrameCounts(report.Decode.Progress.Decoded, report.Decode.Progress.Sampled, report.KeyframesKept, report.Decode.Progress.Unreadable),
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
