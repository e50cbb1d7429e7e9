using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Video.FFmpeg;

/// <summary>Reads packets of one video stream, and of one of sound where that is wanted, behind allow-lists, with a deadline that is re-armed at every read.</summary>
internal sealed unsafe class Demuxer : IDisposable
{
    /// <summary>Containers that a file may have, by FFmpeg's names. No playlist, no image sequence, nothing that opens another file.</summary>
    private const string FileFormats = "mov,matroska,avi,mpegts,gif";

    /// <summary>No protocol has this name: an allow-list that allows nothing.</summary>
    private const string NoProtocol = "none";

    private const int AttachedPicture = 0x400; // AV_DISPOSITION_ATTACHED_PIC: cover art is not a film.
    private const int TimedThumbnails = 0x800; // AV_DISPOSITION_TIMED_THUMBNAILS
    private const int DiscardAll = 48; // AVDISCARD_ALL
    private const int DiscardNothing = 0; // AVDISCARD_DEFAULT
    private const int SeekBackward = 1; // AVSEEK_FLAG_BACKWARD
    private const int TimestampsJump = 0x200; // AVFMT_TS_DISCONT
    private const double MicrosecondsPerSecond = 1_000_000; // AV_TIME_BASE

    private readonly Action? _waiting;
    private readonly GCHandle _self;
    private long _deadline;
    private bool _wasInterrupted;
    private readonly AvHandles.Packet _packet = new();
    private FileReader? _reader;
    private AvHandles.Format? _format;
    private AvStream _stream;
    private int _streamIndex = -1, _soundIndex = -1;

    /// <param name="timeout">Longest wait for opening and probing, and at first for each packet.</param>
    /// <param name="waiting">Called again and again while FFmpeg waits for a network; <see cref="IOException"/> there ends the waiting.</param>
    internal Demuxer(TimeSpan timeout, Action? waiting = null)
    {
        (Timeout, _waiting) = (timeout, waiting);
        _self = GCHandle.Alloc(this);
    }

    /// <summary>Longest wait for the next packet.</summary>
    internal TimeSpan Timeout { get; set; }

    /// <summary>The packet that <see cref="Read"/> read.</summary>
    internal AvPacket Packet => _packet.View;

    internal string Container => Context.InputName;

    /// <summary>True for containers such as MPEG-TS in which times may jump; elsewhere a gap is a gap.</summary>
    internal bool TimesMayJump => (Context.InputFlags & TimestampsJump) != 0;

    /// <summary>By the stream, else by the container, else null.</summary>
    internal TimeSpan? Duration =>
        _stream.Duration > 0 && _stream.TimeBase.Value is { } unit ? Seconds(_stream.Duration * unit)
        : Context.Duration > 0 ? Seconds(Context.Duration / MicrosecondsPerSecond)
        : null;

    private AvFormat Context => _format!.Context;

    /// <param name="sound">Whether sound is asked for, too.</param>
    internal int Open(CameraSource camera, bool sound) => Open(camera.Url, "rtsp,rtsps,rtp,udp,tcp,tls", "rtsp",
        [
            ("rtsp_transport", camera.Transport == RtspTransport.Udp ? "udp" : "tcp"),
            ("allowed_media_types", sound ? "video+audio" : "video"),
        ], sound);

    /// <summary>Reads from an opened file, which has no name here and brings no other with it.</summary>
    /// <inheritdoc cref="Open(CameraSource, bool)"/>
    internal int Open(SafeFileHandle file, bool sound)
    {
        _reader = new FileReader(file);
        return Open("", NoProtocol, FileFormats, [], sound);
    }

    /// <returns>0 or FFmpeg's code. <see cref="Probe"/> shares the deadline that starts here.</returns>
    internal int Open(string url, string protocols, string formats, ReadOnlySpan<(string, string)> more, bool sound = false)
    {
        var context = LibAv.avformat_alloc_context();
        context.SetInterrupt(&IsOverdue, GCHandle.ToIntPtr(_self));
        _reader?.Attach(context);
        using var options = new AvHandles.Options(
            [("protocol_whitelist", protocols), ("format_whitelist", formats), ("codec_whitelist", sound ? $"{VideoCodec.AllowList},{SoundCodec.AllowList}" : VideoCodec.AllowList), .. more]);
        Arm();
        var code = LibAv.avformat_open_input(ref context, url, 0, ref options.Pointer);
        if (code < 0)
            return OverdueOr(code); // FFmpeg has freed the context.
        _format = new AvHandles.Format(context);
        return 0;
    }

    /// <summary>Reads and decodes a little to learn what the container did not say. Not for cameras: their session description says enough.</summary>
    internal int Probe() => LibAv.avformat_find_stream_info(Context, 0);

    /// <summary>The largest picture that the container announces, (0, 0) if it announces none.</summary>
    internal (int Width, int Height) LargestPicture()
    {
        var largest = (Width: 0, Height: 0);
        for (var i = 0; i < Context.StreamCount; i++)
        {
            var parameters = Context.Stream(i).Parameters;
            if (parameters.IsVideo && (long)parameters.Width * parameters.Height > (long)largest.Width * largest.Height)
                largest = (parameters.Width, parameters.Height);
        }
        return largest;
    }

    /// <summary>Chooses the first video stream that is no cover art and is coded in an allowed way; the others are not read.</summary>
    /// <param name="refused">A video stream's codec that is not allowed, for the message.</param>
    internal AvStream? SelectVideo(out string? refused)
    {
        refused = null;
        for (var i = 0; i < Context.StreamCount; i++)
        {
            var stream = Context.Stream(i);
            if (_streamIndex < 0 && stream.Parameters.IsVideo && (stream.Disposition & (AttachedPicture | TimedThumbnails)) == 0)
            {
                if (VideoCodec.DecoderOf(stream) is not null)
                {
                    (_stream, _streamIndex) = (stream, i);
                    continue;
                }
                refused ??= VideoCodec.NameOf(stream);
            }
            stream.Discard = DiscardAll;
        }
        return _streamIndex < 0 ? null : _stream;
    }

    /// <summary>Chooses the first sound that is coded in an allowed way, after the video; null: there is none.</summary>
    internal AvStream? SelectSound()
    {
        for (var i = 0; i < Context.StreamCount; i++)
        {
            var stream = Context.Stream(i);
            if (!stream.Parameters.IsSound || SoundCodec.DecoderOf(stream) is null)
                continue;
            stream.Discard = DiscardNothing;
            _soundIndex = i;
            return stream;
        }
        return null;
    }

    /// <summary>The packet that was read is one of sound.</summary>
    internal bool IsSound => Packet.Stream == _soundIndex;

    /// <summary>Reads the next packet of the chosen streams: 0, or FFmpeg's code; only <see cref="AvError.EndOfFile"/> is the end.</summary>
    internal int Read()
    {
        while (true)
        {
            LibAv.av_packet_unref(Packet);
            Arm();
            var code = LibAv.av_read_frame(Context, Packet);
            // Of an interrupted read the parser still gives what it has: waiting once more after it would take twice as long.
            if (code < 0 || _wasInterrupted)
                return OverdueOr(code);
            if (Packet.Stream == _streamIndex || IsSound)
                return code;
        }
    }

    /// <summary>Moves to an intra frame at or before the time, as far as the container knows. False if it cannot seek.</summary>
    internal bool Seek(TimeSpan time)
    {
        var unit = _stream.TimeBase;
        var origin = _stream.StartTime == AvStructs.NoPts ? 0 : _stream.StartTime;
        Arm();
        return LibAv.av_seek_frame(Context, _streamIndex, origin + (long)(time.TotalSeconds * unit.Den / unit.Num), SeekBackward) >= 0;
    }

    public void Dispose()
    {
        _packet.Dispose();
        _format?.Dispose();
        _reader?.Dispose();
        _self.Free();
    }

    private void Arm() => (_deadline, _wasInterrupted) = (RunQueue.Own.Clock + (long)Timeout.TotalMilliseconds, false);

    // Protocols on top of an interrupted read report what they make of its silence, such as invalid data.
    private int OverdueOr(int code) => _wasInterrupted ? AvError.Interrupted : code;

    private static TimeSpan Seconds(double value) => value < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(value) : TimeSpan.MaxValue;

    [UnmanagedCallersOnly]
    private static int IsOverdue(nint self) => ((Demuxer)GCHandle.FromIntPtr(self).Target!).IsOverdue() ? 1 : 0;

    /// <summary>Called by FFmpeg, on the thread that called it: nothing may be thrown.</summary>
    private bool IsOverdue()
    {
        try
        {
            _waiting?.Invoke();
        }
        catch (IOException)
        {
            _wasInterrupted = true;
        }
        return _wasInterrupted |= RunQueue.Own.Clock > _deadline;
    }
}
