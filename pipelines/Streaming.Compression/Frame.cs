using System.Buffers;

namespace Streaming.Compression;

/// <summary>
/// A decoded, scaled picture with its codec signals. Its pixels live in a pooled array: one owner at a time, who disposes it.
/// </summary>
public sealed class Frame : IDisposable
{
    private byte[]? _pixels;

    /// <param name="pixels">An array rented from <see cref="ArrayPool{T}.Shared"/>; the frame takes it over.</param>
    public Frame(byte[] pixels, int width, int height, TimeSpan time, long index, CodecSignals codec)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels.Length, width * height * 3);
        _pixels = pixels;
        Width = width;
        Height = height;
        Time = time;
        Index = index;
        Codec = codec;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Presentation time since the start of the stream.</summary>
    public TimeSpan Time { get; }

    /// <summary>Number of the decoded picture in its source, counted from 0 before sampling.</summary>
    public long Index { get; }

    public CodecSignals Codec { get; }

    /// <summary>RGB24, row-major [height, width, 3], without padding.</summary>
    public ReadOnlySpan<byte> Rgb => (_pixels ?? throw new ObjectDisposedException(nameof(Frame))).AsSpan(0, Width * Height * 3);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
            ArrayPool<byte>.Shared.Return(pixels);
    }
}
