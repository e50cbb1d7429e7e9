using Streaming.Compression;
using Streaming.Video.FFmpeg;

namespace Streaming.Video;

/// <summary>Writes frames as JPEG with libavcodec's own encoder. Safe to use from several threads, one picture at a time.</summary>
public sealed class JpegEncoder : IDisposable
{
    private const int Rgb24 = 2; // AV_PIX_FMT_RGB24
    private const int FullRange420 = 12; // AV_PIX_FMT_YUVJ420P
    private const int FixedQuality = 2; // AV_CODEC_FLAG_QSCALE
    private const int BitExact = 1 << 23; // AV_CODEC_FLAG_BITEXACT: the same picture gives the same bytes, without a version string.
    private const int LambdaPerQuality = 118; // FF_QP2LAMBDA
    private const int Bicubic = 4; // SWS_BICUBIC

    private readonly Lock _lock = new();
    private readonly int _quality;
    private readonly AvHandles.Picture _picture;
    private readonly AvHandles.Packet _packet;
    private AvHandles.Codec? _codec;
    private nint _converter;
    private bool _isDisposed;

    /// <param name="quality">MPEG's quantiser scale, 2 (best) to 31. At 3 a JPEG of 384x216 takes 15 to 25 kB and shows no blocks.</param>
    /// <exception cref="InvalidOperationException">FFmpeg's libraries cannot be used; see <see cref="FFmpegLibraries.Problem"/>.</exception>
    public JpegEncoder(int quality = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(quality is >= 2 and <= 31, true, nameof(quality));
        FFmpegLibraries.Require();
        _quality = quality * LambdaPerQuality;
        _picture = new AvHandles.Picture();
        _packet = new AvHandles.Packet();
    }

    /// <returns>A complete JFIF file.</returns>
    public byte[] Encode(Frame frame) => Encode(frame.Rgb, frame.Width, frame.Height);

    /// <param name="rgb">RGB24, [height, width, 3] without padding.</param>
    public byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, width * height * 3, nameof(rgb));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_codec is null || (_codec.Context.Width, _codec.Context.Height) != (width, height))
                Prepare(width, height);
            Convert(rgb, width, height);
            AvError.Require(LibAv.avcodec_send_frame(_codec!.Context, _picture.View));
            AvError.Require(LibAv.avcodec_receive_packet(_codec.Context, _packet.View));
            var jpeg = _packet.View.Bytes.ToArray();
            LibAv.av_packet_unref(_packet.View);
            return jpeg;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _codec?.Dispose();
            _packet.Dispose();
            _picture.Dispose();
            LibAv.sws_freeContext(_converter);
        }
    }

    private unsafe void Prepare(int width, int height)
    {
        _codec?.Dispose();
        var encoder = LibAv.avcodec_find_encoder_by_name("mjpeg");
        if (encoder == 0)
            throw new InvalidOperationException("this build of FFmpeg has no mjpeg encoder");
        _codec = new AvHandles.Codec(encoder);
        var context = _codec.Context;
        (context.Width, context.Height, context.PixelFormat) = (width, height, FullRange420);
        context.TimeBase = new AvRational(1, 25);
        context.Flags |= FixedQuality | BitExact;
        context.GlobalQuality = _quality;
        using var options = new AvHandles.Options(("threads", "1"));
        AvError.Require(LibAv.avcodec_open2(context, encoder, ref options.Pointer));
        _converter = LibAv.sws_getCachedContext(_converter, width, height, Rgb24, width, height, FullRange420, Bicubic, 0, 0, null);
        LibAv.av_frame_unref(_picture.View);
        var picture = _picture.View;
        (picture.Width, picture.Height, picture.Format, picture.Pts) = (width, height, FullRange420, 0);
        AvError.Require(LibAv.av_frame_get_buffer(picture, 0));
    }

    private unsafe void Convert(ReadOnlySpan<byte> rgb, int width, int height)
    {
        var picture = _picture.View;
        AvError.Require(LibAv.av_frame_make_writable(picture));
        fixed (byte* pixels = rgb)
        {
            byte* source = pixels;
            var stride = width * 3;
            AvError.Require(LibAv.sws_scale(_converter, &source, &stride, 0, height, picture.Planes, picture.Strides));
        }
        picture.Quality = _quality;
        picture.Pts++;
    }
}
