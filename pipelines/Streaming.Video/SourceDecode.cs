using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Streaming.Compression;
using Streaming.Video.FFmpeg;

namespace Streaming.Video;

/// <summary>
/// One decode inside the decoder process: packets become pictures, wanted pictures are scaled and sent. The loop allocates no
/// managed memory; what cannot be read or decoded is counted and skipped.
/// </summary>
internal sealed class SourceDecode : IDisposable
{
    private const int AutomaticThreads = 4; // More help little at 1080p and cost a picture of memory and delay each.
    private const int UnreadableInARow = 100; // Reads that fail one after the other without end: the rest is lost.
    private const int CameraStall = 4; // Cameras send an intra frame every 1 to 20 s; the stall timeout is for files.

    // Some containers seek to any packet, and decoding starts at the next intra frame: seek this much earlier if it is too late.
    private static readonly TimeSpan[] SeekMargins =
        [TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromDays(1)];

    private readonly DecodeOrder _order;
    private readonly SafeFileHandle? _file;
    private readonly DecodeWish _wish;
    private readonly DecodeOutput _output;
    private readonly Demuxer _demuxer;
    private AvStream _stream;
    private VideoCodec _codec = null!;
    private SoundTrack? _sound;
    private PictureScaler _scaler = null!;
    private VideoFacts? _facts;
    private SourceFailure? _failure;
    private StreamClock _clock;
    private CameraPatience _patience;
    private FrameSampler _sampler;
    private MotionSum _motion;
    private SizeSum _sizes;
    private DecodeProgress _progress;
    private int _seeks;
    private bool _isFinished;
    private bool _skips;
    private long _lastPicture;
    private long _allocatedAtFirst;
    private long _allocated;

    /// <param name="file">What is decoded, owned by the caller; null: the camera of the order.</param>
    internal SourceDecode(DecodeOrder order, SafeFileHandle? file, DecodeWish wish, DecodeOutput output)
    {
        (_order, _file, _wish, _output) = (order, file, wish, output);
        _skips = order.Request.IntraOnly;
        _demuxer = new Demuxer(order.Source.IsLive ? order.Request.CameraTimeout ?? order.Limits.ReadTimeout : order.Limits.ReadTimeout, () => output.LifeSign(_progress));
        _patience = new CameraPatience(order.Request.CameraTimeout, order.Limits.ReadTimeout, order.Request.CameraInterval);
        _sampler = new FrameSampler(order.Request.FramesPerSecond, order.Request.From, order.Request.To);
    }

    private DecodeRequest Request => _order.Request;

    private DecodeLimits Limits => _order.Limits;

    internal DecodeReport Run()
    {
        _failure = Open();
        if (_failure is not null)
            return Report(null);
        _lastPicture = RunQueue.Own.Clock;
        SeekToStart();
        ReadAll();
        _sound?.Finish();
        _allocated = _progress.Decoded == 0 ? 0 : GC.GetTotalAllocatedBytes(precise: true) - _allocatedAtFirst;
        _failure ??= ExplainEnd();
        return Report(_failure is null ? Remark() : null);
    }

    internal static DecodeReport Failed(SourceFailure failure) => new(null, default, failure, null, TimeSpan.Zero, 0);

    public void Dispose()
    {
        _scaler?.Dispose();
        _codec?.Dispose();
        _sound?.Dispose();
        _demuxer.Dispose();
    }

    private SourceFailure? Open()
    {
        // Bounds every single allocation of FFmpeg: a plane of the largest picture at four bytes a pixel.
        LibAv.av_max_alloc((nuint)Math.Max(Limits.MaxPixels * 4, 64 << 20));
        if ((_file is null ? _demuxer.Open((CameraSource)_order.Source, Request.Sound) : _demuxer.Open(_file, Request.Sound)) is < 0 and var code)
            return AvError.Explain(code, _file, _demuxer.Timeout);
        var (width, height) = _demuxer.LargestPicture();
        if (SourceLimits.Check(width, height, null, _order) is { } announced)
            return announced; // Before probing, which decodes.
        if (!_order.Source.IsLive && _demuxer.Probe() is < 0 and var probed)
            return AvError.Explain(probed, _file, _demuxer.Timeout);
        _output.LifeSign(default);
        if (_demuxer.SelectVideo(out var refused) is not { } stream)
            return refused is null
                ? new(SourceFailureKind.NotVideo, "holds no video (sound or cover art only)")
                : new(SourceFailureKind.Undecodable, $"its video codec, {refused}, is not one of {VideoCodec.Names}");
        _stream = stream;
        if (SourceLimits.Check(stream.Parameters.Width, stream.Parameters.Height, _demuxer.Duration, _order) is { } exceeded)
            return exceeded;
        return OpenDecoder();
    }

    private SourceFailure? OpenDecoder()
    {
        var threads = Request.Threads > 0 ? Request.Threads
            : _order.Source.IsLive ? 1
            : Math.Min(Environment.ProcessorCount, AutomaticThreads);
        try
        {
            _codec = new VideoCodec(
                _stream, VideoCodec.DecoderOf(_stream)!, threads, Limits.MaxPixels, Request.IntraOnly, Request.MotionVectors);
        }
        catch (InvalidOperationException e)
        {
            return new(SourceFailureKind.Undecodable, $"its {VideoCodec.NameOf(_stream)} stream cannot be decoded ({e.Message})");
        }
        _scaler = new PictureScaler(Request.MaxWidth, Request.MaxHeight, Request.ExactSize, Orientation.Of(_stream));
        _sound = Request.Sound ? OpenSound() : null;
        var frameDuration = TimeSpan.FromSeconds(1 / (_stream.AverageFrameRate.Value ?? 25));
        _clock = new StreamClock(
            _stream.StartTime == AvStructs.NoPts || _order.Source.IsLive ? null : _stream.StartTime,
            _stream.TimeBase.Value ?? 1, frameDuration, _demuxer.TimesMayJump || _order.Source.IsLive);
        return null;
    }

    /// <summary>Null where there is no sound that can be decoded: pictures are worth having without it.</summary>
    private SoundTrack? OpenSound()
    {
        try
        {
            return _demuxer.SelectSound() is { } stream
                ? new SoundTrack(stream, _output) { Origin = _stream.StartTime == AvStructs.NoPts || _order.Source.IsLive ? null : _stream.StartTime * _stream.TimeBase.Value }
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void ReadAll()
    {
        var errors = 0;
        while (!_isFinished)
        {
            if (_order.Source.IsLive)
                _demuxer.Timeout = _patience.Wait;
            var code = _demuxer.Read();
            if (code >= 0)
            {
                errors = 0;
                if (_demuxer.IsSound)
                    _sound?.Feed(_demuxer.Packet);
                else
                    Feed(_demuxer.Packet);
            }
            else if (code == AvError.EndOfFile)
            {
                Feed(null);
                return;
            }
            else
            {
                CountUnreadable();
                if (_order.Source.IsLive || code == AvError.Interrupted || ++errors >= UnreadableInARow)
                {
                    Feed(null);
                    _failure ??= ReadingFailed(code);
                    return;
                }
            }
            Supervise();
        }
    }

    private SourceFailure ReadingFailed(int code)
    {
        var why = AvError.Explain(code, _file, _demuxer.Timeout);
        return new(
            _order.Source.IsLive ? SourceFailureKind.Unreachable : SourceFailureKind.Undecodable,
            $"reading failed at {_progress.Time.TotalSeconds:0.0} s: {(code == AvError.InvalidData ? AvError.Text(code) : why.Message)}");
    }

    /// <summary>Gives the decoder a packet, or null at the end, and takes all pictures that it has by then.</summary>
    private void Feed(AvPacket? packet)
    {
        if (packet is { } next)
            Follow(next);
        if (_codec.Send(packet) is < 0 and var refused && refused != AvError.EndOfFile)
            CountUnreadable();
        while (!_isFinished)
        {
            var code = _codec.Receive();
            if (code == AvError.Again || code == AvError.EndOfFile)
                return;
            if (code < 0)
            {
                CountUnreadable();
                if (code == AvError.OutOfMemory)
                    Fail(new(SourceFailureKind.LimitExceeded, "a picture needs more memory than a decoder process may take"));
                return;
            }
            Take(_codec.Picture);
        }
    }

    /// <summary>Notes when it came, and skips or decodes what is between intra frames, as the parent wishes. What follows a gap can only be decoded from an intra frame on.</summary>
    private void Follow(AvPacket packet)
    {
        if (_order.Source.IsLive)
            _patience.Arrive(packet.Pts == AvStructs.NoPts ? null : TimeSpan.FromSeconds(packet.Pts * (_stream.TimeBase.Value ?? 1)));
        var skips = Request.IntraOnly || _wish.IntraOnly;
        if (skips == _skips || (!skips && !packet.IsIntra))
            return;
        _codec.SkipToIntra(skips);
        _skips = skips;
    }

    private void Take(AvFrame picture)
    {
        if ((long)picture.Width * picture.Height > Limits.MaxPixels)
        {
            Fail(SourceLimits.Check(picture.Width, picture.Height, null, _order));
            return;
        }
        var time = _clock.Next(picture.BestEffortPts == AvStructs.NoPts ? null : picture.BestEffortPts);
        if (_sound is not null && picture.BestEffortPts != AvStructs.NoPts)
            _sound.Origin = (picture.BestEffortPts * (_stream.TimeBase.Value ?? 1)) - time.TotalSeconds;
        if (_progress.Decoded == 0)
        {
            if (time > Request.From && SeekEarlier())
                return;
            Describe(picture);
            _allocatedAtFirst = GC.GetTotalAllocatedBytes(precise: true);
        }
        else if (_facts is { } facts && (facts.Width, facts.Height, _scaler.Orientation) != (picture.Width, picture.Height, OrientationOf(picture)))
        {
            Describe(picture);
        }
        if (_sampler.IsPast(time))
        {
            _isFinished = true;
            return;
        }
        _lastPicture = RunQueue.Own.Clock;
        if (Request.MotionVectors)
            _motion.Add(picture);
        _sizes.Add(picture);
        if (_sampler.IsWanted(time))
            Send(picture, time);
        _progress = _progress with { Decoded = _progress.Decoded + 1, Time = time };
        if (!_order.Source.IsLive)
            Fail(SourceLimits.Check(_progress, Limits));
    }

    private void Send(AvFrame picture, TimeSpan time)
    {
        var (width, height) = _scaler.Scale(picture, _stream.SampleAspectRatio);
        if (width == 0)
        {
            CountUnreadable();
            return;
        }
        var header = new PictureHeader
        {
            TimeTicks = time.Ticks,
            Index = _progress.Decoded,
            Width = width,
            Height = height,
            PacketBytes = picture.PacketSize,
            Motion = Request.MotionVectors ? _motion.Motion : float.NaN,
            IntraFraction = Request.MotionVectors ? _motion.IntraFraction : float.NaN,
            PredictedBytes = _sizes.Predicted,
            IntraBytes = _sizes.IntraBytes,
            IsIntra = picture.IsIntra ? (byte)1 : (byte)0,
            Type = picture.PictureType is >= 1 and <= 3 and var type ? (PictureType)type : PictureType.Unknown,
        };
        _output.Send(header, _scaler.Pixels[..(width * height * 3)]);
        (_motion, _sizes) = (default, default);
        _progress = _progress with { Sampled = _progress.Sampled + 1 };
        _lastPicture = RunQueue.Own.Clock; // Waiting for the reader is no stall of the source.
    }

    /// <summary>What the codec says, which holds until the next intra frame, else what the container says of all.</summary>
    private Orientation OrientationOf(AvFrame picture) => Orientation.Of(picture) ?? (picture.IsIntra ? Orientation.Of(_stream) : _scaler.Orientation);

    /// <summary>Tells what comes from now on; cameras change size and rotation in mid-stream.</summary>
    private void Describe(AvFrame picture)
    {
        if (_scaler.Orientation != OrientationOf(picture))
        {
            _scaler.Dispose();
            _scaler = new PictureScaler(Request.MaxWidth, Request.MaxHeight, Request.ExactSize, OrientationOf(picture));
        }
        _facts = new VideoFacts(
            VideoCodec.NameOf(_stream), _demuxer.Container, picture.Width, picture.Height, _scaler.Orientation.Degrees,
            _stream.AverageFrameRate.Value, _order.Source.IsLive ? null : _demuxer.Duration);
        _output.Send(_facts);
    }

    private void SeekToStart()
    {
        if (Request.From <= TimeSpan.Zero || _order.Source.IsLive)
            _seeks = SeekMargins.Length;
        else
            SeekEarlier();
    }

    /// <summary>Seeks with the next larger margin. False if all were tried or the container cannot seek: decoding goes on where it is.</summary>
    private bool SeekEarlier()
    {
        while (_seeks < SeekMargins.Length)
        {
            var target = Request.From - SeekMargins[_seeks++];
            if (!_demuxer.Seek(target < TimeSpan.Zero ? TimeSpan.Zero : target))
                continue;
            _codec.Flush();
            _sound?.Flush();
            _clock.Forget();
            return true;
        }
        return false;
    }

    private void Supervise()
    {
        _output.LifeSign(_progress);
        var patience = Limits.StallTimeout * (_order.Source.IsLive ? CameraStall : 1);
        if (_order.Source.IsLive && 2 * _patience.Wait > patience)
            patience = 2 * _patience.Wait;
        if (RunQueue.Own.Clock - _lastPicture > patience.TotalMilliseconds)
            Fail(new(SourceFailureKind.Undecodable, $"no picture could be decoded for {patience.TotalSeconds:0.#} s"));
    }

    private void Fail(SourceFailure? failure)
    {
        if (failure is null)
            return;
        _failure ??= failure;
        _isFinished = true;
    }

    private void CountUnreadable() => _progress = _progress with { Unreadable = _progress.Unreadable + 1 };

    private SourceFailure? ExplainEnd()
    {
        if (_order.Source.IsLive && !_isFinished)
            return new(SourceFailureKind.EndOfStream, "the camera ended the stream");
        if (_isFinished)
            return null;
        var end = _demuxer.Duration ?? _progress.Time;
        if (_progress.Sampled == 0 && Request.From > TimeSpan.Zero && Request.From >= end)
            return new(SourceFailureKind.EndOfStream, $"the film ends at {end.TotalSeconds:0.0} s, before {Request.From.TotalSeconds:0.0} s");
        return _progress.Decoded > 0
            ? null
            : new(SourceFailureKind.Undecodable, $"not one picture could be decoded ({_progress.Unreadable} unreadable)");
    }

    /// <summary>A film whose pictures end more than a second, and a twentieth, before its header says is cut off, or its file is.</summary>
    private string? Remark()
    {
        if (_isFinished || _file is null)
            return null;
        var end = $"the pictures end at {_progress.Time.TotalSeconds:0.0} s";
        if (_demuxer.Duration is { } duration && duration - _progress.Time is var missing && missing > TimeSpan.FromSeconds(1) && missing > duration / 20)
            return $"{end}; the file's header says {duration.TotalSeconds:0.0} s";
        return Sniffer.IsCutOff(_file, _demuxer.Container) ? $"{end}, where the file is cut off" : null;
    }

    private DecodeReport Report(string? remark)
    {
        using var self = Process.GetCurrentProcess();
        return new DecodeReport(_facts, _progress, _failure, remark, self.TotalProcessorTime, _allocated) { CameraInterval = _patience.Interval };
    }
}
