using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>Hidden rows in the type that a graph declares, float or half, read and written as floats.</summary>
internal static class HiddenTensor
{
    /// <returns>All elements of a tensor.</returns>
    public static float[] Read(OrtValue value)
    {
        var rows = new float[value.GetTensorTypeAndShape().ElementCount];
        Read(value, rows);
        return rows;
    }

    /// <param name="rows">Receives all elements of the tensor, and may be longer.</param>
    public static void Read(OrtValue value, Span<float> rows)
    {
        if (value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
            value.GetTensorDataAsSpan<float>().CopyTo(rows);
        else
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()), rows);
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
