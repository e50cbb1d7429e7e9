using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>A <see cref="NativeTensor{T}"/> of whatever type.</summary>
internal interface INativeTensor : IDisposable
{
    OrtValue Value { get; }
}

/// <summary>A dense tensor in native memory of its own, written and read from managed code and by ONNX Runtime without copies.</summary>
internal sealed unsafe class NativeTensor<T> : INativeTensor
    where T : unmanaged
{
    private readonly int _count;
    private void* _memory;

    /// <param name="shape">Sizes of the axes; none for a scalar. The content is undefined.</param>
    public NativeTensor(params long[] shape)
    {
        _count = checked((int)shape.Aggregate(1L, (count, size) => count * size));
        _memory = NativeMemory.Alloc((nuint)Math.Max(_count, 1), (nuint)sizeof(T));
        Value = View(shape, _count);
    }

    public OrtValue Value { get; }

    public Span<T> Data => new(_memory, _count);

    /// <summary>The first <paramref name="count"/> elements under another shape; valid until this tensor is disposed.</summary>
    public OrtValue View(long[] shape, int count) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, ElementType, shape, (nint)_memory, (long)count * sizeof(T));

    public void Dispose()
    {
        if (_memory is null)
            return;
        Value.Dispose();
        NativeMemory.Free(_memory);
        _memory = null;
    }

    private static TensorElementType ElementType =>
        typeof(T) == typeof(float) ? TensorElementType.Float
        : typeof(T) == typeof(Half) ? TensorElementType.Float16
        : typeof(T) == typeof(long) ? TensorElementType.Int64
        : typeof(T) == typeof(bool) ? TensorElementType.Bool
        : throw new NotSupportedException(typeof(T).Name);
}
