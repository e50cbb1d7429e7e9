using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Models.Hub;

/// <summary>A published model that is known to fit: models/catalog has a file for each. What its files are the hub says when they are pulled.</summary>
/// <param name="Name">The folder that it is pulled into.</param>
/// <param name="Repository">On the hub, <c>owner/name</c>.</param>
/// <param name="Licence">As the model card names it.</param>
/// <param name="GoodFor">In one line.</param>
/// <param name="Dtype">Which of its graphs to take where nothing else is asked for.</param>
/// <param name="Megabytes">About how large its three graphs are together, by dtype.</param>
/// <param name="TokensPerFrame">Visual tokens of a frame before any reducer.</param>
/// <param name="CacheBytesPerToken">Keys and values of one token in half precision: layers · 2 · kv heads · width · 2 bytes.</param>
public sealed record CatalogModel(
    string Name, string Repository, string Family, string Licence, string GoodFor, string Dtype, IReadOnlyDictionary<string, int> Megabytes, int TokensPerFrame, int CacheBytesPerToken)
{
    /// <summary>A prompt of 1,024 visual tokens, the default, with text and answer.</summary>
    private const int Tokens = 2048;

    /// <summary>Program, runtime and what flows through the layers: 0.31 GB more than the graphs were resident at SmolVLM2-256M's shape.</summary>
    private const long Besides = 310_000_000;

    /// <summary>All of models/catalog, by name.</summary>
    public static IReadOnlyList<CatalogModel> All { get; } = [.. Read().OrderBy(model => model.Name, StringComparer.Ordinal)];

    /// <summary>About how much memory a process with it takes: graphs, cache (in single precision where the graphs are) and what else there is.</summary>
    public long MemoryBytes(string dtype) =>
        (Megabytes[dtype] * 1_000_000L) + ((long)CacheBytesPerToken * Tokens * (dtype.EndsWith("16", StringComparison.Ordinal) ? 1 : 2)) + Besides;

    private static IEnumerable<CatalogModel> Read()
    {
        var assembly = typeof(CatalogModel).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("catalog/", StringComparison.Ordinal)))
        {
            using Stream file = assembly.GetManifestResourceStream(name)!;
            yield return JsonSerializer.Deserialize(file, CatalogJson.Default.CatalogModel)!;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CatalogModel))]
internal sealed partial class CatalogJson : JsonSerializerContext;
