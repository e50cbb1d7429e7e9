using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Models.Hub;

/// <summary>
/// A model folder in one tar file, for machines without a network: first a list of its files with their SHA-256, then the files. Any tar
/// program can look into it.
/// </summary>
public static class ModelBundle
{
    private const string ListName = "bundle.json";

    /// <summary>A list of files longer than this is none.</summary>
    private const int LongestList = 1 << 20;

    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static async Task WriteAsync(ModelFolder folder, string file, CancellationToken cancellation)
    {
        string unfinished = file + ".unfinished";
        try
        {
            await using (FileStream stream = File.Create(unfinished))
            await using (var tar = new TarWriter(stream))
            {
                BundleList list = await ListAsync(folder, cancellation).ConfigureAwait(false);
                await tar.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, ListName) { DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(list, BundleJson.Default.BundleList)) },
                    cancellation).ConfigureAwait(false);
                foreach (BundledFile part in list.Files)
                    await tar.WriteEntryAsync(Path.Combine(folder.Path, part.Path), part.Path, cancellation).ConfigureAwait(false);
            }
            File.Move(unfinished, file, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Unpacks a bundle; the folder is there only when every file is whole.</summary>
    /// <param name="parent">Where the model's folder is made.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="InvalidDataException">It is no bundle, or a file in it is not the one that was bundled.</exception>
    /// <exception cref="IOException">There is a folder of that name, or no room.</exception>
    public static async Task<string> ReadAsync(string file, string parent, CancellationToken cancellation)
    {
        await using FileStream stream = File.OpenRead(file);
        await using var tar = new TarReader(stream);
        BundleList list = await ReadListAsync(tar, cancellation).ConfigureAwait(false);
        string folder = Path.Combine(parent, list.Name), unfinished = Path.Combine(parent, $".{list.Name}.loading");
        if (Directory.Exists(folder))
            throw new IOException($"There is a {folder} already.");
        Directory.CreateDirectory(unfinished);
        try
        {
            var open = list.Files.ToDictionary(part => part.Path);
            while (await tar.GetNextEntryAsync(copyData: false, cancellation).ConfigureAwait(false) is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !open.Remove(entry.Name, out BundledFile? part))
                    throw new InvalidDataException($"The bundle has {entry.Name}, which is not in its list.");
                await UnpackAsync(entry, part, Path.Combine(unfinished, part.Path), cancellation).ConfigureAwait(false);
            }
            if (open.Count > 0)
                throw new InvalidDataException($"The bundle lacks {string.Join(", ", open.Keys)}.");
            Directory.Move(unfinished, folder);
            return folder;
        }
        finally
        {
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
        }
    }

    private static async Task<BundleList> ListAsync(ModelFolder folder, CancellationToken cancellation)
    {
        var files = new List<BundledFile>();
        foreach (string path in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            await using FileStream content = File.OpenRead(path);
            string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false));
            files.Add(new BundledFile(Path.GetRelativePath(folder.Path, path), content.Length, hash));
        }
        return new BundleList(folder.Name, files);
    }

    private static async Task<BundleList> ReadListAsync(TarReader tar, CancellationToken cancellation)
    {
        try
        {
            TarEntry? first = await tar.GetNextEntryAsync(copyData: false, cancellation).ConfigureAwait(false);
            if (first is not { Name: ListName, DataStream: { } content, Length: <= LongestList })
                throw new InvalidDataException("It is no bundle of a model.");
            BundleList list = (await JsonSerializer.DeserializeAsync(content, BundleJson.Default.BundleList, cancellation).ConfigureAwait(false))!;
            if (!IsInside(list.Name) || list.Name.Contains('/') || list.Files.Any(file => !IsInside(file.Path)))
                throw new InvalidDataException("The bundle names a file outside of its folder.");
            return list;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The bundle's list cannot be read: {error.Message}", error);
        }
    }

    private static async Task UnpackAsync(TarEntry entry, BundledFile part, string target, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using (FileStream file = File.Create(target))
        {
            if (entry.DataStream is { } content)
                await content.CopyToAsync(file, cancellation).ConfigureAwait(false);
        }
        await using FileStream written = File.OpenRead(target);
        if (written.Length != part.SizeBytes || Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellation).ConfigureAwait(false)) != part.Sha256)
            throw new InvalidDataException($"{part.Path} in the bundle is not what was bundled.");
    }

    /// <summary>A relative path without steps upwards, as bundle lists and repositories have it.</summary>
    internal static bool IsInside(string path) =>
        path.Length > 0 && !path.Contains('\\') && !path.Contains('\0') && path.Split('/').All(part => part is not ("" or "." or ".."));
}

/// <summary>What a bundle holds.</summary>
internal sealed record BundleList(string Name, IReadOnlyList<BundledFile> Files);

internal sealed record BundledFile(string Path, long SizeBytes, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BundleList))]
internal sealed partial class BundleJson : JsonSerializerContext;
