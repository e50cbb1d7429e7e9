using System.Text.Json;

namespace Streaming.Models.Hub.Pulling;

/// <summary>A file of a repository at one commit.</summary>
/// <param name="Path">Relative, with slashes.</param>
public sealed record HubFile(string Path, long SizeBytes, Digest Digest);

/// <summary>A repository at one commit, as the hub's <c>/api/models/NAME/revision/REVISION?blobs=true</c> tells it.</summary>
/// <param name="Licence">As the model card's front matter has it; null where it says none.</param>
public sealed record HubRepository(string Name, string Commit, string? Licence, IReadOnlyList<HubFile> Files)
{
    /// <exception cref="HubException">The answer is not of that form.</exception>
    internal static HubRepository Parse(string name, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            string? licence = root.TryGetProperty("cardData", out JsonElement card) && card.ValueKind == JsonValueKind.Object
                && card.TryGetProperty("license", out JsonElement stated) && stated.ValueKind == JsonValueKind.String ? stated.GetString() : null;
            return new HubRepository(
                name, Digest.GitBlob(root.GetProperty("sha").GetString()!).Hex, licence, [.. root.GetProperty("siblings").EnumerateArray().Select(File)]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new HubException($"The hub's answer about {name} is none: {error.Message}", error);
        }
    }

    private static HubFile File(JsonElement file)
    {
        string path = file.GetProperty("rfilename").GetString()!;
        bool isLarge = file.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object;
        return new HubFile(
            path,
            (isLarge ? lfs : file).GetProperty("size").GetInt64(),
            isLarge ? Digest.Sha256(lfs.GetProperty("sha256").GetString()!) : Digest.GitBlob(file.GetProperty("blobId").GetString()!));
    }
}
