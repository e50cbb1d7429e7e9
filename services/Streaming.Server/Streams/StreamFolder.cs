using System.Text.Json;
using Streaming.Server.Archive;

namespace Streaming.Server.Streams;

/// <summary>Where one stream lies on disk: its declaration, its keyframes and their pictures. Only the owner may look inside.</summary>
public sealed class StreamFolder
{
    private const string DeclarationName = "stream.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private StreamFolder(string path) => Path = path;

    public string Path { get; }

    public string Log => System.IO.Path.Combine(Path, "keyframes.log");

    public string Ledger => System.IO.Path.Combine(Path, "ledger.log");

    public string Watches => System.IO.Path.Combine(Path, "watches.json");

    public string Pictures => System.IO.Path.Combine(Path, "pictures");

    /// <summary>The streams under a folder, each with what was declared of it.</summary>
    /// <param name="warn">Told of each that cannot be read.</param>
    public static IEnumerable<(StreamFolder Folder, StreamDeclaration Declaration)> All(string streams, Action<string>? warn)
    {
        if (!Directory.Exists(streams))
            yield break;
        foreach (string path in Directory.GetDirectories(streams).Order(StringComparer.Ordinal))
        {
            var folder = new StreamFolder(path);
            if (System.IO.Path.GetFileName(path).StartsWith('.'))
                folder.Delete();
            else if (folder.Read(warn) is { } declaration)
                yield return (folder, declaration);
        }
    }

    /// <summary>One stream under a folder; null: there is none of that name, or it cannot be read.</summary>
    internal static (StreamFolder Folder, StreamDeclaration Declaration)? Find(string streams, string name, Action<string>? warn)
    {
        if (StreamRules.NameProblem(name) is not null)
            return null;
        StreamFolder folder = Of(streams, name);
        return File.Exists(System.IO.Path.Combine(folder.Path, DeclarationName)) && folder.Read(warn) is { } declaration ? (folder, declaration) : null;
    }

    /// <summary>The names of those under a folder.</summary>
    internal static IReadOnlyList<string> Names(string streams) => !Directory.Exists(streams) ? [] :
    [
        .. Directory.GetDirectories(streams).Select(path => System.IO.Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.') && File.Exists(System.IO.Path.Combine(streams, name, DeclarationName))).Order(StringComparer.Ordinal),
    ];

    public static StreamFolder Of(string streams, string name) => new(System.IO.Path.Combine(streams, name));

    public static StreamFolder Create(string streams, StreamDeclaration declaration)
    {
        CreateOwned(streams);
        StreamFolder folder = Of(streams, declaration.Name);
        CreateOwned(folder.Path);
        folder.Write(declaration);
        return folder;
    }

    public void Write(StreamDeclaration declaration) => AtomicFile.Write(
        System.IO.Path.Combine(Path, DeclarationName), JsonSerializer.SerializeToUtf8Bytes(declaration, DeclarationJson.Default.StreamDeclaration), isSecret: true);

    /// <summary>Removes it; one that was interrupted is finished at the next start.</summary>
    public void Delete()
    {
        string doomed = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, $".removed.{Guid.NewGuid():N}");
        Directory.Move(Path, doomed);
        Directory.Delete(doomed, recursive: true);
    }

    private StreamDeclaration? Read(Action<string>? warn)
    {
        try
        {
            StreamDeclaration? declaration = JsonSerializer.Deserialize(
                File.ReadAllBytes(System.IO.Path.Combine(Path, DeclarationName)), DeclarationJson.Default.StreamDeclaration);
            if (declaration?.Name == System.IO.Path.GetFileName(Path))
                return declaration;
            warn?.Invoke($"{Path} does not hold the stream that its name says and is left out");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // The message of a JsonException quotes no values.
            warn?.Invoke($"the stream in {Path} cannot be read and is left out: {e.Message}");
        }
        return null;
    }

    private static void CreateOwned(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }
}
