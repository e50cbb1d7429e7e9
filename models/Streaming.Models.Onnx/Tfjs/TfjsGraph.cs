using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Streaming.Models.Onnx.Tfjs;

/// <summary>An operation of a TensorFlow.js graph model.</summary>
/// <param name="Attributes">As in the JSON, where 64-bit integers are strings and strings are base64.</param>
internal sealed record TfjsNode(string Name, string Operator, IReadOnlyList<string> Inputs, JsonElement Attributes)
{
    /// <summary>A list of integers; empty if it is not set.</summary>
    public long[] Integers(string name) => Attribute(name) is { } attribute && attribute.TryGetProperty("list", out JsonElement list) && list.TryGetProperty("i", out JsonElement values)
        ? [.. values.EnumerateArray().Select(Integer)]
        : [];

    public string Text(string name) => Attribute(name) is { } attribute && attribute.TryGetProperty("s", out JsonElement text) ? Decode(text) : "";

    public string[] Texts(string name) => Attribute(name) is { } attribute && attribute.TryGetProperty("list", out JsonElement list) && list.TryGetProperty("s", out JsonElement values)
        ? [.. values.EnumerateArray().Select(Decode)]
        : [];

    public bool Flag(string name) => Attribute(name) is { } attribute && attribute.TryGetProperty("b", out JsonElement flag) && flag.GetBoolean();

    private JsonElement? Attribute(string name) => Attributes.ValueKind == JsonValueKind.Object && Attributes.TryGetProperty(name, out JsonElement value) ? value : null;

    private static long Integer(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? long.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
        : value.GetInt64();

    private static string Decode(JsonElement value) => Encoding.UTF8.GetString(value.GetBytesFromBase64());
}

/// <summary>A constant of a TensorFlow.js graph model. Integers are given as floats too: they are sizes and axes.</summary>
/// <param name="Shape">Empty for a scalar.</param>
internal sealed record TfjsWeight(int[] Shape, float[] Values);

/// <summary>A TensorFlow.js graph model: model.json and the binary file beside it.</summary>
internal sealed class TfjsGraph
{
    private TfjsGraph(IReadOnlyDictionary<string, TfjsNode> nodes, IReadOnlyDictionary<string, TfjsWeight> weights) => (Nodes, Weights) = (nodes, weights);

    public IReadOnlyDictionary<string, TfjsNode> Nodes { get; }

    public IReadOnlyDictionary<string, TfjsWeight> Weights { get; }

    /// <param name="path">Of the .json file.</param>
    /// <exception cref="InvalidModelException">The files are not what they should be.</exception>
    public static TfjsGraph Open(string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = json.RootElement.Clone();
            var nodes = root.GetProperty("modelTopology").GetProperty("node").EnumerateArray().Select(ReadNode).ToDictionary(node => node.Name);
            return new TfjsGraph(nodes, ReadWeights(root.GetProperty("weightsManifest"), Path.GetDirectoryName(path)!));
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidModelException($"{Path.GetFileName(path)} is no TensorFlow.js graph model: {e.Message}", e);
        }
    }

    private static TfjsNode ReadNode(JsonElement node) => new(
        node.GetProperty("name").GetString()!,
        node.GetProperty("op").GetString()!,
        node.TryGetProperty("input", out JsonElement inputs) ? [.. inputs.EnumerateArray().Select(input => input.GetString()!)] : [],
        node.TryGetProperty("attr", out JsonElement attributes) ? attributes : default);

    private static Dictionary<string, TfjsWeight> ReadWeights(JsonElement manifest, string folder)
    {
        var weights = new Dictionary<string, TfjsWeight>();
        foreach (JsonElement group in manifest.EnumerateArray())
        {
            byte[] bytes = [.. group.GetProperty("paths").EnumerateArray().SelectMany(file => File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file.GetString()!))))];
            int at = 0;
            foreach (JsonElement weight in group.GetProperty("weights").EnumerateArray())
            {
                int[] shape = [.. weight.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
                string type = weight.TryGetProperty("quantization", out JsonElement stored) ? stored.GetProperty("dtype").GetString()! : weight.GetProperty("dtype").GetString()!;
                int count = shape.Aggregate(1, (product, size) => checked(product * size));
                weights[weight.GetProperty("name").GetString()!] = new TfjsWeight(shape, ReadValues(bytes, ref at, count, type));
            }
        }
        return weights;
    }

    private static float[] ReadValues(byte[] bytes, ref int at, int count, string type)
    {
        int size = type == "float16" ? 2 : 4;
        ReadOnlySpan<byte> stored = bytes.AsSpan(at, checked(count * size));
        at += stored.Length;
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> value = stored.Slice(i * size, size);
            values[i] = type switch
            {
                "float16" => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
                "float32" => BinaryPrimitives.ReadSingleLittleEndian(value),
                "int32" => BinaryPrimitives.ReadInt32LittleEndian(value),
                _ => throw new FormatException($"weights of type {type}"),
            };
        }
        return values;
    }
}
