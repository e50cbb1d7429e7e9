using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>Enumerations travel as snake case words, never as numbers.</summary>
public sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
