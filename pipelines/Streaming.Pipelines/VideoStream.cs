using System.Diagnostics;
using System.Threading.Channels;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>
/// The writing half of a stream: source -> decoder -> frames -> keyframe selector -> vision encoder -> reducer -> memory.
/// One instance runs one source once.
/// </summary>
public sealed class VideoStream(Decoder decoder, FrameEncoder encoder, VideoStreamOptions options, IVideoStreamObserver? observer = null)
{
    private readonly KeyframeSelector _selector = new(options.Keyframes);
    private readonly IVisualTokenReducer _reducer = Reducers.Create(options.Reducer);
    private readonly StreamMemory _memory = new(options.Memory);
    private long _dropped, _encoded, _kept;
    private int _keyframes;
    private TimeSpan _reduceTime;

    /// <summary>The reading half: what is remembered so far. Safe to read while the stream runs.</summary>
    public MemorySnapshot Memory => _memory.Snapshot;

    /// <summary>Runs until the source ends or fails. How it ended stands in the report; only bugs and cancellation throw.</summary>
    public async Task<StreamReport> RunAsync(VideoSource source, CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using DecodeSession session = decoder.Open(source, options.Decode, stop.Token);
        Channel<Frame> frames = FramesOf(source);
        Channel<Candidate> keyframes = Channel.CreateBounded<Candidate>(new BoundedChannelOptions(options.EncoderBatch) { SingleReader = true, SingleWriter = true });
        try
        {
            await Stages.Run(
                cancellation,
                token => Decode(session, stop, frames.Writer, token),
                token => Select(session, frames.Reader, keyframes.Writer, token),
                token => EncodeReduceRemember(keyframes.Reader, token)).ConfigureAwait(false);
        }
        finally
        {
            Drain(frames.Reader, keyframes.Reader);
        }
        DecodeReport decoded = await session.Completion.ConfigureAwait(false);
        return new StreamReport(decoded, _dropped, _keyframes, _encoded, _kept, encoder.Elapsed, _reduceTime);
    }

    /// <summary>A kept frame on its way to the encoder, which disposes it.</summary>
    private readonly record struct Candidate(Frame Frame, Keyframe Keyframe, byte[] Jpeg);

    /// <summary>The one lossy edge: a camera does not wait, so the oldest frame that nobody took is dropped, counted and disposed.</summary>
    private Channel<Frame> FramesOf(VideoSource source) => Channel.CreateBounded<Frame>(
        new BoundedChannelOptions(options.QueuedFrames)
        {
            FullMode = source.IsLive ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = true,
        },
        frame =>
        {
            Interlocked.Increment(ref _dropped);
            frame.Dispose();
        });

    /// <param name="stop">Ends the decoder when another stage fails: it may be waiting for a camera that says nothing.</param>
    private static async Task Decode(DecodeSession session, CancellationTokenSource stop, ChannelWriter<Frame> frames, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration ending = cancellation.Register(stop.Cancel);
        try
        {
            await foreach (Frame frame in session.Frames().ConfigureAwait(false))
            {
                bool handedOver = false;
                try
                {
                    await frames.WriteAsync(frame, cancellation).ConfigureAwait(false);
                    handedOver = true;
                }
                finally
                {
                    if (!handedOver)
                        frame.Dispose();
                }
            }
        }
        finally
        {
            frames.Complete();
        }
    }

    private async Task Select(DecodeSession session, ChannelReader<Frame> frames, ChannelWriter<Candidate> keyframes, CancellationToken cancellation)
    {
        using var jpeg = new JpegEncoder();
        try
        {
            await foreach (Frame frame in frames.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                bool handedOver = false;
                try
                {
                    observer?.Progressed(session.Progress, session.Facts);
                    if (_selector.Select(frame) is { } keyframe)
                    {
                        await keyframes.WriteAsync(new Candidate(frame, keyframe, jpeg.Encode(frame)), cancellation).ConfigureAwait(false);
                        handedOver = true;
                    }
                }
                finally
                {
                    if (!handedOver)
                        frame.Dispose();
                }
            }
        }
        finally
        {
            keyframes.Complete();
        }
    }

    private async Task EncodeReduceRemember(ChannelReader<Candidate> keyframes, CancellationToken cancellation)
    {
        var batch = new List<Candidate>(options.EncoderBatch);
        try
        {
            while (await keyframes.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                while (batch.Count < options.EncoderBatch && keyframes.TryRead(out Candidate candidate))
                    batch.Add(candidate);
                VisualTokens[] tokens = await encoder.EncodeAsync([.. batch.Select(c => c.Frame)], cancellation).ConfigureAwait(false);
                for (int i = 0; i < batch.Count; i++)
                    Remember(batch[i], tokens[i]);
                Release(batch);
            }
        }
        finally
        {
            Release(batch);
        }
    }

    private void Remember(Candidate candidate, VisualTokens tokens)
    {
        long start = Stopwatch.GetTimestamp();
        VisualTokens kept = _reducer.Reduce(tokens, options.Reducer.FrameBudget);
        _reduceTime += Stopwatch.GetElapsedTime(start);
        _memory.Write(new MemoryEntry(candidate.Keyframe, kept));
        _keyframes++;
        _encoded += tokens.Count;
        _kept += kept.Count;
        observer?.Kept(candidate.Keyframe, candidate.Jpeg, tokens, kept);
    }

    private static void Release(List<Candidate> batch)
    {
        foreach (Candidate candidate in batch)
            candidate.Frame.Dispose();
        batch.Clear();
    }

    private static void Drain(ChannelReader<Frame> frames, ChannelReader<Candidate> keyframes)
    {
        while (frames.TryRead(out Frame? frame))
            frame.Dispose();
        while (keyframes.TryRead(out Candidate candidate))
            candidate.Frame.Dispose();
    }
}
