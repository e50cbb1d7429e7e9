namespace Streaming.Models.Hub;

/// <summary>
/// The folders that hold models: those of the environment variable STREAMING_MODELS (separated like PATH), then the one that models are
/// pulled into, then the nearest folder named <c>models</c> at or above the program and at or above the working directory.
/// </summary>
public sealed class ModelLibrary
{
    public const string Variable = "STREAMING_MODELS";

    public ModelLibrary(IEnumerable<string> roots) => Roots = [.. roots.Select(Path.GetFullPath).Distinct().Where(Directory.Exists)];

    /// <summary>The folders that are searched, in order.</summary>
    public IReadOnlyList<string> Roots { get; }

    /// <summary>The library of this machine.</summary>
    /// <param name="pulled">Where models are pulled to; null: nowhere.</param>
    public static ModelLibrary Default(string? pulled = null) =>
        new([.. Named(), .. pulled is null ? (string[])[] : [pulled], .. Above(AppContext.BaseDirectory), .. Above(Directory.GetCurrentDirectory())]);

    /// <summary>The folders that the environment variable names.</summary>
    public static string[] Named() => Environment.GetEnvironmentVariable(Variable)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Opens a model by its folder's name or by a path.</summary>
    /// <exception cref="InvalidModelException">There is none; the message says where it was searched.</exception>
    public ModelFolder Find(string nameOrPath) => ModelFolder.Open(FindPath(nameOrPath));

    /// <summary>The folder of a model of any kind.</summary>
    /// <inheritdoc cref="Find"/>
    public string FindPath(string nameOrPath)
    {
        IEnumerable<string> candidates = [nameOrPath, .. Roots.Select(root => Path.Combine(root, nameOrPath))];
        string? found = candidates.FirstOrDefault(IsModel);
        if (found is not null)
            return found;
        string searched = Roots.Count == 0 ? "no model folder exists" : $"searched {string.Join(", ", Roots)}";
        throw new InvalidModelException($"There is no model \"{nameOrPath}\" ({searched}); installed: {Listing()}.");
    }

    /// <summary>The first file of that path under a root; null if there is none.</summary>
    public string? FindFile(string path) => Roots.Select(root => Path.Combine(root, path)).FirstOrDefault(File.Exists);

    /// <summary>Every folder with a config.json directly under a root, but for hidden ones, by name; a name counts once, where it is found first.</summary>
    public IReadOnlyList<string> Installed() =>
        [.. Roots.SelectMany(Directory.EnumerateDirectories).Where(path => !IsUnfinished(path) && IsModel(path))
            .DistinctBy(Path.GetFileName).OrderBy(Path.GetFileName, StringComparer.Ordinal)];

    private string Listing() => Installed() is { Count: > 0 } paths ? string.Join(", ", paths.Select(Path.GetFileName)) : "none";

    /// <summary>A model is pulled or loaded under a hidden name until it is whole.</summary>
    private static bool IsUnfinished(string path) => Path.GetFileName(path).StartsWith('.');

    private static bool IsModel(string path) => File.Exists(Path.Combine(path, "config.json"));

    private static IEnumerable<string> Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "models")))
                yield return Path.Combine(folder.FullName, "models");
    }
}
