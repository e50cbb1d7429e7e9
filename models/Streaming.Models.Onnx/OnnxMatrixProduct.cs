using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Models.Onnx;

/// <summary>Matrix products by ONNX Runtime's kernels, on as many threads as asked for. Calls may come from any thread.</summary>
public sealed unsafe class OnnxMatrixProduct : IMatrixProduct, IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    /// <param name="threads">Threads of one product; 0: one per core.</param>
    public OnnxMatrixProduct(int threads = 0)
    {
        const long opset = 13; // ONNX 1.8, which every runtime since 2020 reads
        OnnxGraph gram = OnnxGraph.Of(
            opset, [GraphNode.Of("Gemm", ["rows", "rows"], "products", NodeAttribute.Of("transB", 1L))], [],
            [GraphValue.Of("rows", ElementType.Float)], [GraphValue.Of("products", ElementType.Float)]);
        _session = new SessionFactory(new OnnxOptions { IntraOpThreads = threads }).Open(gram.ToBytes(""), "gram.onnx");
    }

    /// <inheritdoc/>
    public void Gram(ReadOnlySpan<float> rows, int width, Span<float> products)
    {
        long count = rows.Length / width;
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, count * width, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNotEqual(products.Length, count * count, nameof(products));
        fixed (float* input = rows, output = products)
        {
            using var from = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [count, width], (nint)input, rows.Length * sizeof(float));
            using var to = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [count, count], (nint)output, products.Length * sizeof(float));
            _session.Run(_run, ["rows"], [from], ["products"], [to]);
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }
}
