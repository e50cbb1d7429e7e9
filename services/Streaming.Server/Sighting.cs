using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Contracts;
using Streaming.Perception;
using Streaming.Pipelines;

namespace Streaming.Server;

/// <summary>What a question about a stretch of one source has before it.</summary>
/// <param name="From">The first moment asked about.</param>
/// <param name="To">The moment the answer is as of; null: the newest.</param>
/// <param name="SeenUntil">How far the memory goes: time of the last frame looked at all keyframes up to which are remembered.</param>
/// <param name="SourceTokens">Tokens of all frames looked at in the stretch, had none been removed.</param>
/// <param name="Notes">What perception noted; null while it is off.</param>
/// <param name="StartedAt">The moment of second 0, in the source's time zone; null for a film.</param>
/// <param name="Zone">The source's time zone; null for a film.</param>
/// <param name="Now">The source's own time now; null for a film, and where the answer is as of an earlier moment.</param>
/// <param name="Gaps">What of the source was not seen; null: nothing is known to be missing.</param>
public sealed record Sighting(
    SourceName Source,
    MemorySnapshot Memory,
    TimeSpan From,
    TimeSpan? To,
    TimeSpan SeenUntil,
    long SourceTokens,
    FrameCounts Frames,
    DateTimeOffset? StartedAt,
    TimeZoneInfo? Zone = null,
    TimeSpan? Now = null,
    IReadOnlyList<Gap>? Gaps = null,
    NotebookSnapshot? Notes = null)
{
    /// <summary>The JPEG of the keyframe of a time; null where there is none any more.</summary>
    public Func<TimeSpan, byte[]?>? Picture { get; init; }

    /// <summary>The number of the keyframe that shows a time; null where its picture is no longer kept.</summary>
    public Func<TimeSpan, int?> NumberAt { get; init; } = _ => null;

    /// <summary>What the source's times mean on the clock; null for a film.</summary>
    public StreamClock? Clock => StartedAt is { } start && Zone is { } zone ? new StreamClock(start, zone) : null;
}
