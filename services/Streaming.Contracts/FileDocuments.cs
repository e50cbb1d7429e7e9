using System.Text.Json.Serialization;

namespace Streaming.Contracts;

[JsonConverter(typeof(SnakeCaseEnum<FileState>))]
public enum FileState
{
    /// <summary>Others are read first.</summary>
    Queued,
    Ingesting,
    Ready,

    /// <summary>Nothing of it could be read.</summary>
    Failed,

    /// <summary>Stopped by the caller; what was read can be asked about.</summary>
    Cancelled,
}

/// <summary>An uploaded film.</summary>
/// <param name="Id">Opaque; the same content uploaded again keeps its id.</param>
/// <param name="EtaSeconds">Until it is read to its end, at the speed so far; null while unknown or when done.</param>
/// <param name="Problem">What could not be read, in words; null if all could.</param>
public sealed record FileDocument(
    string Id,
    string Name,
    FileState State,
    long SizeBytes,
    DateTimeOffset CreatedAt,
    double? DurationSeconds,
    string? Codec,
    int? Width,
    int? Height,
    double IngestedSeconds,
    double? EtaSeconds,
    FrameCounts Frames,
    string? Problem);
