using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Server.Archive;

namespace Streaming.Server.Files;

/// <summary>What is filed of an upload beside its bytes.</summary>
/// <param name="File">The film that it became.</param>
/// <param name="Problem">Why it became none.</param>
internal sealed record UploadFacts(string Id, string Name, long SizeBytes, string? Metadata, string? File = null, string? Problem = null)
{
    private const string FactsName = "upload.json";

    internal void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FactsName), JsonSerializer.SerializeToUtf8Bytes(this, UploadJson.Default.UploadFacts));

    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not whole.</exception>
    internal static UploadFacts Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(Path.Combine(folder, FactsName)), UploadJson.Default.UploadFacts) is { } facts && facts.Id == Path.GetFileName(folder)
                ? facts
                : throw new InvalidDataException("it is not whole");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UploadFacts))]
internal sealed partial class UploadJson : JsonSerializerContext;
