using Streaming.Compression;
using Streaming.Video.FFmpeg;

namespace Streaming.Video;

/// <summary>Reads pictures that <see cref="JpegEncoder"/> wrote. For no others: whatever comes from elsewhere is decoded in a process of its own.</summary>
public static class JpegDecoder
{
    private const int LongestSide = 4096; // That of DecodeRequest.

    /// <param name="time">The frame's.</param>
    /// <returns>Null where the bytes are no whole JPEG, or one of a larger picture.</returns>
    /// <exception cref="InvalidOperationException">FFmpeg's libraries cannot be used; see <see cref="FFmpegLibraries.Problem"/>.</exception>
    public static Frame? Decode(ReadOnlySpan<byte> jpeg, TimeSpan time)
    {
        FFmpegLibraries.Require();
        nint decoder = LibAv.avcodec_find_decoder_by_name("mjpeg");
        if (decoder == 0)
            throw new InvalidOperationException("this build of FFmpeg has no mjpeg decoder");
        using var codec = new AvHandles.Codec(decoder);
        using var options = new AvHandles.Options(("threads", "1"), ("err_detect", "explode"));
        AvError.Require(LibAv.avcodec_open2(codec.Context, decoder, ref options.Pointer));
        using var packet = new AvHandles.Packet();
        AvError.Require(LibAv.av_new_packet(packet.View, jpeg.Length));
        jpeg.CopyTo(packet.View.Room);
        using var picture = new AvHandles.Picture();
        if (LibAv.avcodec_send_packet(codec.Context, packet.View) < 0 || LibAv.avcodec_receive_frame(codec.Context, picture.View) < 0)
            return null;
        var (width, height) = (picture.View.Width, picture.View.Height);
        if (width is < 1 or > LongestSide || height is < 1 or > LongestSide)
            return null;
        using var scaler = new PictureScaler(width, height, exactSize: true, Orientation.Upright);
        return scaler.Scale(picture.View, default) == (width, height)
            ? new Frame(scaler.Pixels[..(width * height * 3)].ToArray(), width, height, time, 0, default)
            : null;
    }
}
