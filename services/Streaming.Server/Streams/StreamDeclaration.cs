using System.Text.Json.Serialization;
using Streaming.Contracts;

namespace Streaming.Server.Streams;

/// <summary>A stream as it was declared, and what must survive a restart. Holds passwords: it is never logged or answered with.</summary>
/// <param name="StartedAt">The moment of second 0; null before the first frame.</param>
/// <param name="Played">How much of its film was played, where it plays one.</param>
/// <param name="HasEnded">Its film was played to the end.</param>
/// <param name="Policy">The reducer that it was declared with; null: the server's default.</param>
/// <param name="Retain">The share that it was declared with; null: the server's default.</param>
/// <param name="Zones">As they were declared; null: none.</param>
/// <param name="TimeoutSeconds">As it was declared; null: by the camera's own frame interval.</param>
public sealed record StreamDeclaration(
    string Name,
    string? Url,
    string? File,
    string? SubUrl,
    double Sampling,
    DecodeMode Decode,
    string TimeZone,
    bool Enabled,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt = null,
    double Played = 0,
    bool HasEnded = false,
    string? Policy = null,
    double? Retain = null,
    IReadOnlyList<ZoneDocument>? Zones = null,
    double? TimeoutSeconds = null)
{
    /// <summary>Without its addresses.</summary>
    public override string ToString() => Name;
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StreamDeclaration))]
internal sealed partial class DeclarationJson : JsonSerializerContext;
