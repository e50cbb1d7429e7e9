using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Server.Alerts;
using Streaming.Server.Store;

namespace Streaming.Server.Backup;

/// <summary>
/// What a server has seen and was told, as one tar in the layout of the data folder, also where logs are stored elsewhere. It may be made
/// while the server runs: files are replaced as a whole and logs only grow, so that each is in it as of one moment.
/// </summary>
/// <param name="elsewhere">The store of a log that does not lie in the data folder, by its path in there; null: it does.</param>
public sealed class DataBackup(string dataFolder, Func<string, ILogStore?> elsewhere)
{
    private const string End = "backup.json", DraftPrefix = ".restore-";
    private const int Version = 1;

    /// <summary>What may grow while it is read is no larger; a larger file is a film, which stays as it is.</summary>
    private const long LargestLog = 1 << 30;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite, OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>What is made again, can be had again, or belongs to a running server: not in a backup, and no obstacle to restoring one.</summary>
    private static readonly string[] Passing = ["graphs", "models", "serving", "uploads"];

    /// <summary>Writes all of it; the file is there only once it is whole.</summary>
    /// <returns>How many files it holds.</returns>
    /// <exception cref="StoreException">A log that is stored elsewhere cannot be read now.</exception>
    /// <exception cref="IOException">It would lie in the data folder, and so in itself.</exception>
    public async Task<int> WriteAsync(string file, CancellationToken cancellation)
    {
        if (Path.GetFullPath(file).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new IOException($"a backup cannot lie in {dataFolder}, where it would be a part of itself: name a file elsewhere");
        string unfinished = file + ".unfinished";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            int files = 0;
            await using (var stream = new FileStream(unfinished, options))
            {
                await using (var tar = new TarWriter(stream, leaveOpen: true))
                {
                    foreach (string path in Paths())
                        files += await AddAsync(tar, path, cancellation).ConfigureAwait(false) ? 1 : 0;
                    byte[] end = JsonSerializer.SerializeToUtf8Bytes(new BackupEnd(Version, files), BackupJson.Default.BackupEnd);
                    await tar.WriteEntryAsync(Entry(End, new MemoryStream(end)), cancellation).ConfigureAwait(false);
                }
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, file, overwrite: true);
            return files;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Brings a backup into a data folder that holds nothing yet. What is there afterwards is all of it, or nothing.</summary>
    /// <returns>How many files it held.</returns>
    /// <exception cref="InvalidDataException">It is no backup, or not a whole one.</exception>
    /// <exception cref="IOException">The data folder, or a store, holds something already.</exception>
    public async Task<int> ReadAsync(string file, CancellationToken cancellation)
    {
        Directory.CreateDirectory(dataFolder);
        foreach (string leftover in Directory.GetDirectories(dataFolder, DraftPrefix + "*"))
            Directory.Delete(leftover, recursive: true);
        if (Directory.EnumerateFileSystemEntries(dataFolder).Select(Path.GetFileName).FirstOrDefault(name => !Passing.Contains(name)) is { } there)
            throw new IOException($"{dataFolder} holds {there} already; a backup is restored into an empty data folder");
        string draft = Folder(Path.Combine(dataFolder, DraftPrefix + Guid.NewGuid().ToString("N")));
        try
        {
            List<string> paths = await UnpackAsync(file, draft, cancellation).ConfigureAwait(false);
            await StoreAsync(draft, paths, cancellation).ConfigureAwait(false);
            foreach (string part in Directory.GetFileSystemEntries(draft))
                Directory.Move(part, Path.Combine(dataFolder, Path.GetFileName(part)));
            return paths.Count;
        }
        finally
        {
            Directory.Delete(draft, recursive: true);
        }
    }

    /// <summary>Relative paths, with slashes, of what belongs into a backup; logs that are stored elsewhere are among them whether or not there are any.</summary>
    private IEnumerable<string> Paths()
    {
        string streams = Path.Combine(dataFolder, "streams");
        IEnumerable<string> names = Directory.Exists(streams) ? Directory.GetDirectories(streams).Select(path => Path.GetFileName(path)) : [];
        IEnumerable<string> logs = names.SelectMany(name => (string[])[$"streams/{name}/keyframes.log", $"streams/{name}/ledger.log"]).Append("conversations.log").Append(SharedAlerts.Path);
        return FilesBelow(dataFolder)
            .Select(path => Path.GetRelativePath(dataFolder, path).Replace('\\', '/')).Union(logs)
            .Where(path => !Passing.Contains(path.Split('/')[0]) && !path.Split('/').Any(IsDraft)).Order(StringComparer.Ordinal);
    }

    /// <summary>Those that are there: the server goes on meanwhile, and folders with it.</summary>
    private static IEnumerable<string> FilesBelow(string folder)
    {
        try
        {
            return Directory.GetFiles(folder).Concat(Directory.GetDirectories(folder).SelectMany(FilesBelow));
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>What a writing or a removal that is not finished, or was interrupted, is called.</summary>
    private static bool IsDraft(string name) => name.StartsWith('.') || Guid.TryParseExact(Path.GetExtension(name).TrimStart('.'), "N", out _);

    /// <returns>False: it is not there, or no more.</returns>
    private async Task<bool> AddAsync(TarWriter tar, string path, CancellationToken cancellation)
    {
        if (elsewhere(path) is { } store)
        {
            byte[] log = await store.ReadAsync(cancellation).ConfigureAwait(false);
            if (log.Length > 0)
                await tar.WriteEntryAsync(Entry(path, new MemoryStream(log)), cancellation).ConfigureAwait(false);
            return log.Length > 0;
        }
        try
        {
            await using var file = new FileStream(Path.Combine(dataFolder, path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await tar.WriteEntryAsync(Entry(path, await AsOfNowAsync(file, cancellation).ConfigureAwait(false)), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static async Task<Stream> AsOfNowAsync(FileStream file, CancellationToken cancellation)
    {
        if (file.Length > LargestLog)
            return file;
        var bytes = new byte[file.Length];
        int read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return new MemoryStream(bytes, 0, read);
    }

    private static PaxTarEntry Entry(string path, Stream content) => new(TarEntryType.RegularFile, path) { DataStream = content, Mode = OwnerOnly };

    /// <returns>The paths of what was unpacked.</returns>
    private static async Task<List<string>> UnpackAsync(string file, string draft, CancellationToken cancellation)
    {
        await using FileStream stream = File.OpenRead(file);
        await using var tar = new TarReader(stream);
        var paths = new List<string>();
        try
        {
            while (await tar.GetNextEntryAsync(copyData: false, cancellation).ConfigureAwait(false) is { } entry)
            {
                if (entry.Name == End && entry.DataStream is { } content)
                    return await IsEndAsync(content, paths.Count, cancellation).ConfigureAwait(false) ? paths : throw new InvalidDataException($"{file} is a backup of a version that this program does not know, or not a whole one");
                string path = Path.GetFullPath(Path.Combine(draft, entry.Name));
                if (entry.EntryType != TarEntryType.RegularFile || !path.StartsWith(draft + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                    throw new InvalidDataException($"{file} holds {entry.Name}, which is in no backup");
                Folder(Path.GetDirectoryName(path)!);
                await entry.ExtractToFileAsync(path, overwrite: false, cancellation).ConfigureAwait(false);
                paths.Add(entry.Name);
            }
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or JsonException)
        {
            throw new InvalidDataException($"{file} is damaged or not a whole backup", e);
        }
        throw new InvalidDataException($"{file} is no backup, or not a whole one");
    }

    private static async Task<bool> IsEndAsync(Stream content, int files, CancellationToken cancellation) =>
        await JsonSerializer.DeserializeAsync(content, BackupJson.Default.BackupEnd, cancellation).ConfigureAwait(false) is { Version: Version } end && end.Files == files;

    /// <summary>Takes the logs that are stored elsewhere there, and out of the folder. None is written unless all find their place empty.</summary>
    private async Task StoreAsync(string draft, List<string> paths, CancellationToken cancellation)
    {
        var stores = new Dictionary<string, ILogStore>();
        foreach (string path in paths)
        {
            if (elsewhere(path) is { } store)
                stores.Add(path, store);
        }
        foreach (var (path, store) in stores)
        {
            if ((await store.ReadAsync(cancellation).ConfigureAwait(false)).Length > 0)
                throw new IOException($"where {path} is to be stored there is something already");
        }
        foreach (var (path, store) in stores)
        {
            string log = Path.Combine(draft, path);
            await store.ReplaceAsync(await File.ReadAllBytesAsync(log, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            File.Delete(log);
        }
    }

    private static string Folder(string path) =>
        (OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnersFolder)).FullName;
}

/// <summary>The last file of a backup, by which it is known to be whole.</summary>
/// <param name="Files">How many came before it.</param>
internal sealed record BackupEnd(int Version, int Files);

[JsonSerializable(typeof(BackupEnd))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class BackupJson : JsonSerializerContext;
