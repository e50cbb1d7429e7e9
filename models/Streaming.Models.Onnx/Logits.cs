using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>Where the decoder writes the logits of a step, [1, 1, vocabulary], in the type that the graph declares.</summary>
internal sealed class Logits : IDisposable
{
    private readonly NativeTensor<float>? _single;
    private readonly NativeTensor<Half>? _half;
    private readonly float[] _widened;

    private Logits(TensorElementType type, int vocabulary)
    {
        _widened = type == TensorElementType.Float ? [] : new float[vocabulary];
        if (type == TensorElementType.Float)
            _single = new NativeTensor<float>(1, 1, vocabulary);
        else
            _half = new NativeTensor<Half>(1, 1, vocabulary);
    }

    public OrtValue Value => _single?.Value ?? _half!.Value;

    /// <summary>The logits of the latest step, [vocabulary].</summary>
    public ReadOnlySpan<float> Values
    {
        get
        {
            if (_single is not null)
                return _single.Data;
            TensorPrimitives.ConvertToSingle(_half!.Data, _widened);
            return _widened;
        }
    }

    /// <summary>Takes over the last position of a prefill's logits, [1, positions, vocabulary].</summary>
    public static Logits OfLastPosition(OrtValue prefill)
    {
        var type = prefill.GetTensorTypeAndShape();
        int vocabulary = (int)type.Shape[^1];
        var logits = new Logits(type.ElementDataType, vocabulary);
        if (logits._single is { } single)
            prefill.GetTensorDataAsSpan<float>()[^vocabulary..].CopyTo(single.Data);
        else
            MemoryMarshal.Cast<Float16, Half>(prefill.GetTensorDataAsSpan<Float16>())[^vocabulary..].CopyTo(logits._half!.Data);
        return logits;
    }

    /// <summary>The likeliest token but for some.</summary>
    /// <param name="except">Their logits become minus infinity.</param>
    public int Greedy(IReadOnlyList<int> except)
    {
        foreach (int token in except)
        {
            if (_single is not null)
                _single.Data[token] = float.NegativeInfinity;
            else
                _half!.Data[token] = Half.NegativeInfinity;
        }
        return Greedy();
    }

    public int Greedy() => Sampler.Greedy(Values);

    /// <summary>The likeliest token of those that are allowed.</summary>
    public int Greedy(ReadOnlySpan<bool> allowed) => Sampler.Greedy(Values, allowed);

    public void Dispose()
    {
        _single?.Dispose();
        _half?.Dispose();
    }
}
