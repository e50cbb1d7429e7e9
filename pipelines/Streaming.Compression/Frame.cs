namespace Streaming.Compression;

/// <summary>
/// A decoded, scaled picture with its codec signals. One owner at a time, who disposes it and then lets go of it: a pooled frame
/// becomes another picture afterwards.
/// </summary>
public sealed class Frame : IDisposable
{
    private readonly FramePool? _pool;
    private readonly byte[] _pixels;
    private bool _isDisposed;

    /// <param name="pixels">RGB24 of at least [height, width, 3] bytes; the frame takes the array over.</param>
    public Frame(byte[] pixels, int width, int height, TimeSpan time, long index, CodecSignals codec)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels.Length, width * height * 3);
        _pixels = pixels;
        (Width, Height, Time, Index, Codec) = (width, height, time, index, codec);
    }

    internal Frame(FramePool pool, int sizeBytes) => (_pool, _pixels, _isDisposed) = (pool, new byte[sizeBytes], true);

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Presentation time since the start of the stream.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Number of the decoded picture in its source, counted from 0 before sampling.</summary>
    public long Index { get; private set; }

    public CodecSignals Codec { get; private set; }

    /// <summary>RGB24, row-major [height, width, 3], without padding.</summary>
    public ReadOnlySpan<byte> Rgb => Pixels;

    private Span<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _pixels.AsSpan(0, Width * Height * 3);
        }
    }

    /// <summary>The same frame, moved to another time.</summary>
    public Frame At(TimeSpan time)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Time = time;
        return this;
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
            _pool?.TakeBack(this);
    }

    /// <summary>Whether a picture of that many bytes has room here.</summary>
    internal bool Holds(int sizeBytes) => sizeBytes <= _pixels.Length;

    /// <summary>Makes a disposed frame the given picture; its pixels are whatever they were until the caller fills them.</summary>
    internal Span<byte> Become(int width, int height, TimeSpan time, long index, CodecSignals codec)
    {
        (Width, Height, Time, Index, Codec) = (width, height, time, index, codec);
        _isDisposed = false;
        return Pixels;
    }
}
