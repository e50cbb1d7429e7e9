using System.Runtime.InteropServices;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Weights that depend on nothing but seed and name: normal, as large as keeps the size of what flows through; norms around 1.</summary>
internal sealed class RandomWeights(int seed)
{
    private readonly Dictionary<string, float[]> _values = [];

    /// <summary>Row-major as the graph has it: a linear map is [from, to].</summary>
    public float[] this[string name] => _values[name];

    public GraphTensor Tensor(string name, long[] shape)
    {
        float[] values = _values[name] = Draw(seed, name, shape);
        return GraphTensor.Of(name, ElementType.Float, shape, MemoryMarshal.AsBytes<float>(values));
    }

    /// <summary>The values of one weight.</summary>
    public static float[] Draw(int seed, string name, long[] shape)
    {
        var random = new Random(name.Aggregate(seed, (hash, letter) => unchecked((hash * 31) + letter)));
        float scale = shape.Length > 1 ? 1 / MathF.Sqrt(shape[0]) : 0.1f, mean = name.Contains("norm", StringComparison.Ordinal) ? 1 : 0;
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        for (int i = 0; i < values.Length; i++)
            values[i] = mean + (scale * Normal(random));
        return values;
    }

    /// <summary>Box and Muller's transform.</summary>
    private static float Normal(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
