using System.Security.Cryptography;

namespace Streaming.Models.Onnx.Graphs;

/// <summary>
/// Graphs that are made of a model's own when it is loaded. They hold no weights, but say where in the model's file these are, so
/// they are small and are kept on disk under a digest of the graph they were made of.
/// </summary>
/// <param name="folder">Where they are kept; null to make them anew each time.</param>
internal sealed class RewrittenGraphs(string? folder)
{
    /// <summary>Part of the names on disk: another number for another way of rewriting.</summary>
    private const int Version = 2;

    /// <param name="path">The model's .onnx file.</param>
    /// <param name="name">Names what is done to the graph, in characters that a file name may have.</param>
    /// <param name="rewrite">Does it.</param>
    /// <returns>Files of the graphs' bytes, for the folder of <paramref name="path"/>; none if nothing was to be done.</returns>
    /// <exception cref="InvalidModelException">The file is no graph, or cannot be rewritten.</exception>
    public IReadOnlyList<byte[]> Make(string path, Func<OnnxGraph, string> name, Func<OnnxGraph, IEnumerable<OnnxGraph>> rewrite)
    {
        string weights = Path.GetFileName(path);
        try
        {
            using var file = new MappedFile(path);
            return Make(OnnxGraph.Read(file.Memory), weights, name, rewrite);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidModelException($"{weights} cannot be loaded: {error.Message}", error);
        }
    }

    private IReadOnlyList<byte[]> Make(OnnxGraph graph, string weights, Func<OnnxGraph, string> name, Func<OnnxGraph, IEnumerable<OnnxGraph>> rewrite)
    {
        if (folder is not null)
        {
            string kept = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(graph.ToBytes(weights)))}.{name(graph)}.v{Version}");
            try
            {
                if (!Directory.Exists(kept))
                    Keep(kept, Rewritten());
                return [.. Directory.EnumerateFiles(kept).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A folder that cannot be written costs the time to make the graphs, no more.
            }
        }
        return [.. Rewritten()];

        IEnumerable<byte[]> Rewritten() => rewrite(graph).Select(part => part.ToBytes(weights));
    }

    /// <summary>Writes into a folder of its own and renames it, so that no one ever finds half of it.</summary>
    private void Keep(string kept, IEnumerable<byte[]> graphs)
    {
        string unfinished = Directory.CreateDirectory(Path.Combine(folder!, Path.GetRandomFileName())).FullName;
        foreach (var (index, graph) in graphs.Index())
            File.WriteAllBytes(Path.Combine(unfinished, $"{index:00}.onnx"), graph);
        try
        {
            Directory.Move(unfinished, kept);
        }
        catch (IOException) when (Directory.Exists(kept))
        {
            Directory.Delete(unfinished, recursive: true);
        }
    }
}
