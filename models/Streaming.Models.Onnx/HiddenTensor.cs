using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>Hidden rows in the type that a graph declares, float or half, read and written as floats.</summary>
internal static class HiddenTensor
{
    /// <returns>The elements of the tensors, one after another.</returns>
    public static float[] Read(params IReadOnlyList<OrtValue> values)
    {
        var rows = new float[values.Sum(value => value.GetTensorTypeAndShape().ElementCount)];
        int start = 0;
        foreach (var value in values)
        {
            var type = value.GetTensorTypeAndShape();
            Span<float> part = rows.AsSpan(start, (int)type.ElementCount);
            if (type.ElementDataType == TensorElementType.Float)
                value.GetTensorDataAsSpan<float>().CopyTo(part);
            else
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()), part);
            start += part.Length;
        }
        return rows;
    }

    /// <returns>[1, count, width], to be disposed.</returns>
    public static INativeTensor Of(TensorElementType type, ReadOnlySpan<float> rows, int count)
    {
        long width = rows.Length / count;
        if (type == TensorElementType.Float)
        {
            var single = new NativeTensor<float>(1, count, width);
            rows.CopyTo(single.Data);
            return single;
        }
        var half = new NativeTensor<Half>(1, count, width);
        TensorPrimitives.ConvertToHalf(rows, half.Data);
        return half;
    }
}
