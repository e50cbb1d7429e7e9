using System.Threading.Channels;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Perception;

namespace Streaming.Pipelines;

/// <summary>One session of a stream's perception: copies of frames in order of time -> perceiver and, where something moves, detector.</summary>
internal sealed class PerceptionRun
{
    // One that is being looked at and one that is next: what is older is of no use to a tracker.
    private const int Waiting = 2;

    private readonly StreamPerception _perception;
    private readonly DetectionLine _detector;
    private readonly ReadingLine? _reader;
    private readonly ScenePerceiver _perceiver;
    private readonly FramePool _pool = new();
    private readonly Channel<Frame> _frames;
    private (TimeSpan Time, Task<IReadOnlyList<TextLine>> Lines)? _reading;

    internal PerceptionRun(StreamPerception perception, DetectionLine detector, ReadingLine? reader, ScenePerceiver perceiver, bool isLossy)
    {
        (_perception, _detector, _reader, _perceiver) = (perception, detector, reader, perceiver);
        _frames = Channel.CreateBounded<Frame>(
            new BoundedChannelOptions(Waiting) { FullMode = isLossy ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true },
            late =>
            {
                perception.Drop();
                late.Dispose();
            });
    }

    /// <summary>Takes a copy of a frame; the frame stays the caller's.</summary>
    internal async ValueTask OfferAsync(Frame frame, CancellationToken cancellation)
    {
        Frame copy = Copy(frame);
        try
        {
            await _frames.Writer.WriteAsync(copy, cancellation).ConfigureAwait(false);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>No frame comes any more.</summary>
    internal void Complete() => _frames.Writer.TryComplete();

    /// <summary>Perceives until the last frame.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (Frame frame in _frames.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                using (frame)
                {
                    if (_perception.Problem is null)
                        await PerceiveAsync(frame).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            while (_frames.Reader.TryRead(out Frame? left))
                left.Dispose();
            await FinishAsync().ConfigureAwait(false);
        }
    }

    private async Task PerceiveAsync(Frame frame)
    {
        try
        {
            bool isWanted = _perceiver.Look(frame.Rgb, frame.Width, frame.Height, frame.Time);
            if (isWanted)
            {
                IReadOnlyList<Detection> found = await _detector.DetectAsync(frame).ConfigureAwait(false);
                _perceiver.Observe(frame.Rgb, frame.Width, frame.Height, frame.Time, found);
            }
            else
            {
                _perceiver.Rest(frame.Time);
            }
            _perception.Look(isWanted);
            await ReadAsync(frame).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A stream is worth more than its notes.
            _perception.Fail(e);
        }
    }

    /// <summary>Takes what was read in the meantime, and begins to read this frame if it is time; things are followed while a text is read.</summary>
    private async Task ReadAsync(Frame frame)
    {
        if (_reader is null || _reading is { Lines.IsCompleted: false })
            return;
        await TakeReadingAsync().ConfigureAwait(false);
        if (_perceiver.WantsReading(frame.Time))
            _reading = (frame.Time, ReadCopyAsync(_reader, Copy(frame)));
    }

    private static async Task<IReadOnlyList<TextLine>> ReadCopyAsync(ReadingLine reader, Frame copy)
    {
        using (copy)
            return await reader.ReadAsync(copy).ConfigureAwait(false);
    }

    private async Task TakeReadingAsync()
    {
        if (_reading is not { } reading)
            return;
        _reading = null;
        _perceiver.Read(reading.Time, await reading.Lines.ConfigureAwait(false));
    }

    private async Task FinishAsync()
    {
        try
        {
            await TakeReadingAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _perception.Fail(e);
        }
        _perceiver.End();
    }

    private Frame Copy(Frame frame)
    {
        Frame copy = _pool.Rent(frame.Width, frame.Height, frame.Time, frame.Index, frame.Codec, out Span<byte> rgb);
        frame.Rgb.CopyTo(rgb);
        return copy;
    }
}
