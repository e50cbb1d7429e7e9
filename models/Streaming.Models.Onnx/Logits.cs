using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Shapes;

namespace Streaming.Models.Onnx;

/// <summary>Where the decoder writes the logits of a step, [rows, 1, vocabulary], in the type that the graph declares.</summary>
internal sealed class Logits : IDisposable
{
    private readonly NativeTensor<float>? _single;
    private readonly NativeTensor<Half>? _half;
    private readonly TensorElementType _type;
    private readonly int _vocabulary;
    private readonly float[] _widened;

    private Logits(TensorElementType type, int rows, int vocabulary)
    {
        (_type, _vocabulary) = (type, vocabulary);
        _widened = type == TensorElementType.Float ? [] : new float[vocabulary];
        if (type == TensorElementType.Float)
            _single = new NativeTensor<float>(rows, 1, vocabulary);
        else
            _half = new NativeTensor<Half>(rows, 1, vocabulary);
    }

    public OrtValue Value => _single?.Value ?? _half!.Value;

    /// <summary>Takes over the last position of a prefill's logits, [1, positions, vocabulary].</summary>
    public static Logits OfLastPosition(OrtValue prefill)
    {
        var type = prefill.GetTensorTypeAndShape();
        int vocabulary = (int)type.Shape[^1];
        var logits = new Logits(type.ElementDataType, 1, vocabulary);
        if (logits._single is { } single)
            prefill.GetTensorDataAsSpan<float>()[^vocabulary..].CopyTo(single.Data);
        else
            MemoryMarshal.Cast<Float16, Half>(prefill.GetTensorDataAsSpan<Float16>())[^vocabulary..].CopyTo(logits._half!.Data);
        return logits;
    }

    /// <summary>Room for those of some rows of the same decoder.</summary>
    public Logits OfRows(int rows) => new(_type, rows, _vocabulary);

    /// <summary>The logits of the latest step, [vocabulary]. Where they are halves, until the next call.</summary>
    public ReadOnlySpan<float> OfRow(int row)
    {
        if (_single is not null)
            return _single.Data.Slice(row * _vocabulary, _vocabulary);
        TensorPrimitives.ConvertToSingle(_half!.Data.Slice(row * _vocabulary, _vocabulary), _widened);
        return _widened;
    }

    /// <summary>The first token of an answer: the likeliest but for some, or that is allowed.</summary>
    /// <param name="except">Their logits become minus infinity where no shape says what is allowed.</param>
    public int First(ShapedAnswer? shape, IReadOnlyList<int> except)
    {
        if (shape is not null)
            return Sampler.Greedy(OfRow(0), shape);
        foreach (int token in except)
        {
            if (_single is not null)
                _single.Data[token] = float.NegativeInfinity;
            else
                _half!.Data[token] = Half.NegativeInfinity;
        }
        return Sampler.Greedy(OfRow(0));
    }

    public void Dispose()
    {
        _single?.Dispose();
        _half?.Dispose();
    }
}
