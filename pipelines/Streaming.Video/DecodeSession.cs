using System.Runtime.InteropServices;
using System.Threading.Channels;
using Streaming.Compression;

namespace Streaming.Video;

/// <summary>One running decode. Enumerate <see cref="Frames"/> once, then await <see cref="Completion"/>; dispose to stop early.</summary>
public sealed class DecodeSession : IAsyncDisposable
{
    /// <summary>Frames that wait for the reader; while as many do, one more is in the pipe. More would only hide that the reader is slow.</summary>
    public const int FramesAhead = 2;

    /// <summary>Pieces of sound, half a second each, that wait for their reader; the oldest go first.</summary>
    private const int MostSound = 240;

    private readonly DecoderProcess _process;
    private readonly FramePool _pool = new();
    private readonly Channel<Frame> _frames = Channel.CreateUnbounded<Frame>(
        new UnboundedChannelOptions { SingleWriter = true, SingleReader = true });
    private readonly Channel<Sound> _sound = Channel.CreateBounded<Sound>(
        new BoundedChannelOptions(MostSound) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true, SingleReader = true });
    private readonly TaskCompletionSource<DecodeReport> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _room = new(FramesAhead);
    private DecodeProgress _progress;
    private VideoFacts? _facts;
    private bool _isDisposed;

    internal DecodeSession(DecoderOptions options, VideoSource source, DecodeRequest request, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _process = new DecoderProcess(options, new DecodeOrder(source, request, options.Limits));
        _stop.Token.UnsafeRegister(static session => ((DecodeSession)session!).Stop(), this);
        // A thread of its own: it waits in read(2) most of its life, which would starve the pool with many sources.
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = "decoder pipe" }.Start();
    }

    /// <summary>The sampled frames in order of time. Whoever takes one disposes it. Ends where the source ends, also after a failure.</summary>
    public async IAsyncEnumerable<Frame> Frames()
    {
        while (await _frames.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_frames.Reader.TryRead(out var frame))
            {
                _room.Release();
                yield return frame;
            }
        }
    }

    /// <summary>The sound, where the order asks for it, in order of time and with gaps. Pictures do not wait for its reader. Ends where the source ends.</summary>
    public IAsyncEnumerable<Sound> Sounds(CancellationToken cancellation = default) => _sound.Reader.ReadAllAsync(cancellation);

    /// <summary>Known from the first frame on.</summary>
    public VideoFacts? Facts => Volatile.Read(ref _facts);

    /// <summary>Counts so far, at most a second old.</summary>
    public DecodeProgress Progress
    {
        get
        {
            lock (_completion)
                return _progress;
        }
    }

    /// <summary>Frames that exist and are not disposed, with the reader or on their way to it.</summary>
    public int FramesInUse => _pool.InUse;

    /// <summary>The decoder process, for supervision and metrics.</summary>
    public int ProcessId => _process.Id;

    /// <summary>
    /// From now on only intra frames are decoded, or all again from the next intra frame on. Where the order says intra only, so it stays.
    /// </summary>
    public void DecodeIntraOnly(bool isIntraOnly) => _process.Say(isIntraOnly ? DecodeWish.OnlyIntra : DecodeWish.AllFrames);

    /// <summary>Completes, never faults, once the process is gone and reaped. Frames not taken do not hold it back when the session is disposed.</summary>
    public Task<DecodeReport> Completion => _completion.Task;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        while (_frames.Reader.TryRead(out var frame))
            frame.Dispose();
        _stop.Dispose();
    }

    private void Stop()
    {
        _process.Kill();
        _room.Release();
    }

    private void Run()
    {
        DecodeReport? report = null;
        SourceFailure? lost = null;
        try
        {
            report = Receive(out lost);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            lost = DecoderProcess.Nonsense; // A message that does not parse: the process is not trusted.
        }
        catch (Exception e)
        {
            // On a thread of its own a bug would end the whole server, with all other sources.
            lost = new(SourceFailureKind.DecoderLost, $"an error in the server while reading from the decoder process: {e.GetType().Name}");
        }
        finally
        {
            var exit = _process.KillAndReap();
            if (_stop.IsCancellationRequested && report is null)
                lost = new(SourceFailureKind.Stopped, "decoding was stopped");
            lost ??= new(SourceFailureKind.DecoderLost, $"the decoder process died ({exit})");
            _completion.TrySetResult(report ?? new(Facts, Progress, lost, null, TimeSpan.Zero, 0));
            _frames.Writer.Complete();
            _sound.Writer.Complete();
        }
    }

    /// <summary>Takes messages until the last one. Null if the process ended or fell silent before it.</summary>
    private DecodeReport? Receive(out SourceFailure? lost)
    {
        lost = _process.StartFailure;
        if (lost is not null)
            return null;
        while (_process.Receive(out MessageHeader header, out lost))
        {
            switch (header.Kind)
            {
                case MessageKind.Progress when _process.Receive(out DecodeProgress progress, out lost):
                    SetProgress(progress);
                    break;
                case MessageKind.Facts when _process.ReceiveBytes(header.Length, out lost) is { } bytes:
                    Volatile.Write(ref _facts, DecodeMessages.ReadFacts(bytes));
                    break;
                case MessageKind.Picture when _process.Receive(out PictureHeader picture, out lost):
                    if (!Deliver(header, picture, out lost))
                        return null;
                    break;
                case MessageKind.Sound when _process.Receive(out SoundHeader sound, out lost):
                    if (!Deliver(header, sound, out lost))
                        return null;
                    break;
                case MessageKind.Report when _process.ReceiveBytes(header.Length, out lost) is { } bytes:
                    var report = DecodeMessages.ReadReport(bytes, Facts);
                    SetProgress(report.Progress);
                    return report;
                default:
                    lost ??= DecoderProcess.Nonsense;
                    return null;
            }
        }
        return null;
    }

    private bool Deliver(MessageHeader header, PictureHeader picture, out SourceFailure? lost)
    {
        lost = DecoderProcess.Nonsense;
        if (!picture.Fits(header))
            return false;
        var frame = picture.RentFrom(_pool, out var pixels);
        var isComplete = false;
        try
        {
            if (!_process.Receive(pixels, out lost))
                return false;
            _room.Wait(); // Stop makes room too.
            if (_stop.IsCancellationRequested)
                return false;
            isComplete = true;
        }
        finally
        {
            if (!isComplete)
                frame.Dispose();
        }
        SetProgress(Progress with { Sampled = Progress.Sampled + 1, Time = frame.Time });
        _frames.Writer.TryWrite(frame);
        return true;
    }

    private bool Deliver(MessageHeader header, SoundHeader sound, out SourceFailure? lost)
    {
        lost = DecoderProcess.Nonsense;
        if (!sound.Fits(header))
            return false;
        var samples = new short[sound.Samples];
        if (!_process.Receive(MemoryMarshal.AsBytes(samples.AsSpan()), out lost))
            return false;
        _sound.Writer.TryWrite(new Sound(new TimeSpan(sound.TimeTicks), samples));
        return true;
    }

    private void SetProgress(DecodeProgress progress)
    {
        lock (_completion)
            _progress = progress;
    }
}
