using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Server.Archive;
using Streaming.Video;

namespace Streaming.Server.Files;

/// <summary>An uploaded file as it is filed.</summary>
/// <param name="Id">The first half of its content's SHA-256, hexadecimal.</param>
/// <param name="Content">All of it.</param>
/// <param name="IsCancelled">Its reading was stopped by the caller.</param>
/// <param name="Problem">Why nothing of it could be read; null if it could, or was not tried.</param>
internal sealed record FileFacts(
    string Id, string Content, string Name, long SizeBytes, DateTimeOffset CreatedAt, double? DurationSeconds, string Codec, int Width, int Height,
    bool IsCancelled = false, string? Problem = null)
{
    private const string FactsName = "file.json", FilmName = "film", AddedMark = ".";

    internal static FileFacts Of(string content, string name, long sizeBytes, DateTimeOffset at, VideoFacts film) =>
        new(content[..(content.Length / 2)], content, name, sizeBytes, at, film.Duration?.TotalSeconds, film.Codec, film.Width, film.Height);

    internal static string FolderOf(string files, string id) => Path.Combine(files, id);

    internal static string FilmOf(string files, string id) => Path.Combine(files, id, FilmName);

    /// <param name="leftBefore">Uploads and removals that nobody went on with since are interrupted ones, and are deleted.</param>
    internal static IEnumerable<FileFacts> All(string files, DateTimeOffset leftBefore, Action<string> warn)
    {
        if (!Directory.Exists(files))
            yield break;
        foreach (string folder in Directory.GetDirectories(files))
        {
            if (Path.GetFileName(folder).StartsWith(AddedMark, StringComparison.Ordinal))
            {
                if (Directory.GetLastWriteTimeUtc(folder) < leftBefore)
                    Directory.Delete(folder, recursive: true);
            }
            else if (Read(folder, warn) is { } facts)
                yield return facts;
        }
    }

    internal void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FactsName), JsonSerializer.SerializeToUtf8Bytes(this, FileJson.Default.FileFacts));

    private static FileFacts? Read(string folder, Action<string> warn)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FactsName)), FileJson.Default.FileFacts) is { } facts
                && facts.Id == Path.GetFileName(folder) && File.Exists(Path.Combine(folder, FilmName)) ? facts : throw new InvalidDataException("it is not complete");
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            warn($"the upload in {folder} cannot be read and is left out: {e.Message}");
            return null;
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FileFacts))]
internal sealed partial class FileJson : JsonSerializerContext;
