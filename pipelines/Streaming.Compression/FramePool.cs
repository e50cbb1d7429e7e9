using System.Collections.Concurrent;

namespace Streaming.Compression;

/// <summary>
/// The frames of one source, used again and again: once as many exist as are ever in use together, a frame costs no memory.
/// Safe for one who rents and any who dispose. Its memory lives as long as its source.
/// </summary>
public sealed class FramePool
{
    private readonly ConcurrentQueue<Frame> _idle = [];
    private int _inUse;

    /// <summary>Frames that were rented and are not disposed yet.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <param name="rgb">Where the caller puts the pixels, RGB24 [height, width, 3], before handing the frame on.</param>
    public Frame Rent(int width, int height, TimeSpan time, long index, CodecSignals codec, out Span<byte> rgb)
    {
        int sizeBytes = width * height * 3;
        if (!_idle.TryDequeue(out Frame? frame) || !frame.Holds(sizeBytes))
            frame = new Frame(this, sizeBytes);
        Interlocked.Increment(ref _inUse);
        rgb = frame.Become(width, height, time, index, codec);
        return frame;
    }

    internal void TakeBack(Frame frame)
    {
        Interlocked.Decrement(ref _inUse);
        _idle.Enqueue(frame);
    }
}
