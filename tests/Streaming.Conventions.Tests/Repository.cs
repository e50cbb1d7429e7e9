using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Streaming.Conventions.Tests;

/// <summary>The checked-out repository as its files: what git tracks, without build outputs and downloaded packages.</summary>
internal static class Repository
{
    private static readonly HashSet<string> Ignored = ["bin", "obj", "node_modules", "TestResults", ".git", ".build", "data", "__pycache__"];

    /// <summary>The folder that holds Streaming.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file, as a path relative to <see cref="Root"/> with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>Every C# file with its syntax tree.</summary>
    public static IReadOnlyList<(string Path, SyntaxNode Tree)> Sources { get; } =
    [
        .. from path in Files
           where path.EndsWith(".cs", StringComparison.Ordinal)
           select (path, CSharpSyntaxTree.ParseText(Read(path)).GetRoot()),
    ];

    /// <summary>Every project file.</summary>
    public static IEnumerable<string> Projects => Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The one-based line on which <paramref name="node"/> begins, after its comments.</summary>
    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>How many lines <paramref name="node"/> takes, without the comments above it.</summary>
    public static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => !Ignored.Contains(Path.GetFileName(file))))
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (var inner in Directory.EnumerateDirectories(folder))
            if (!Ignored.Contains(Path.GetFileName(inner)))
                foreach (var file in Walk(inner))
                    yield return file;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Streaming.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the test holds Streaming.sln.");
    }
}
