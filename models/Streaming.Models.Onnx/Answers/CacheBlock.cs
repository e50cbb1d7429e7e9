using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx.Answers;

/// <summary>Keys or values of one layer, of several answers: [rows, heads, tokens, width] in native memory, zero where nothing was written. Memory that was never written is not taken from the machine.</summary>
internal sealed unsafe class CacheBlock : IDisposable
{
    private readonly CacheTensor _cache;
    private readonly int _tokens, _tokenBytes;
    private byte* _memory;

    public CacheBlock(CacheTensor cache, int rows, int tokens)
    {
        (_cache, _tokens) = (cache, tokens);
        _tokenBytes = (int)cache.Width * (cache.Type == TensorElementType.Float ? sizeof(float) : sizeof(short));
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)rows * (nuint)RowBytes);
    }

    private long HeadBytes => (long)_tokens * _tokenBytes;

    private long RowBytes => _cache.Heads * HeadBytes;

    /// <summary>The first rows as a tensor, to be disposed; valid until this is disposed.</summary>
    public OrtValue First(int rows) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, _cache.Type, [rows, _cache.Heads, _tokens, _cache.Width], (nint)_memory, rows * RowBytes);

    /// <summary>Takes over a stretch of one row of another tensor of the same heads and width.</summary>
    /// <param name="at">The first token of it here.</param>
    /// <param name="source">[rows, heads, tokens, width], in memory that the processor reads.</param>
    /// <param name="from">The first token of it there.</param>
    public void CopyRow(int row, int at, OrtValue source, int sourceRow, int from, int count)
    {
        int sourceTokens = (int)source.GetTensorTypeAndShape().Shape[2];
        ReadOnlySpan<byte> bytes = source.GetTensorMutableRawData();
        for (int head = 0; head < _cache.Heads; head++)
        {
            int start = checked((int)((((sourceRow * _cache.Heads) + head) * sourceTokens) + from) * _tokenBytes);
            byte* target = _memory + (row * RowBytes) + (head * HeadBytes) + ((long)at * _tokenBytes);
            bytes.Slice(start, count * _tokenBytes).CopyTo(new Span<byte>(target, count * _tokenBytes));
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
