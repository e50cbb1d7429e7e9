using System.Runtime.InteropServices;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>The weights of <see cref="RandomWeights"/> in a file beside the graph, where those of large published networks lie too, and not in memory.</summary>
internal sealed class RandomWeightsFile(int seed, string path) : IDisposable
{
    private readonly FileStream _file = File.Create(path);

    public GraphTensor Tensor(string name, long[] shape)
    {
        ReadOnlySpan<byte> values = MemoryMarshal.AsBytes<float>(RandomWeights.Draw(seed, name, shape));
        long offset = _file.Position;
        _file.Write(values);
        return GraphTensor.In(Path.GetFileName(path), offset, values.Length, name, ElementType.Float, shape);
    }

    public void Dispose() => _file.Dispose();
}
