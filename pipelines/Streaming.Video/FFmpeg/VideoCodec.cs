namespace Streaming.Video.FFmpeg;

/// <summary>One opened video decoder and the picture it decoded last.</summary>
internal sealed class VideoCodec : IDisposable
{
    // FFmpeg's codec names and the decoder that may run for each; everything else is attack surface.
    private static readonly (string Codec, string Decoder)[] Allowed =
    [
        ("h264", "h264"), ("hevc", "hevc"), ("vp8", "vp8"), ("vp9", "vp9"), ("av1", "libdav1d"), ("mpeg2video", "mpeg2video"),
        ("mpeg4", "mpeg4"), ("msmpeg4v3", "msmpeg4"), ("mjpeg", "mjpeg"), ("gif", "gif"),
    ];

    // FFmpeg's max_pixels counts the padding around a picture, up to 264 rows and 160 columns (MPEG-4): allow for it.
    private const long PaddingPixels = 4 << 20;

    private const string SkipOption = "skip_frame";

    private readonly AvHandles.Codec _codec;
    private readonly AvHandles.Picture _picture = new();

    /// <exception cref="InvalidOperationException">The decoder refuses the stream's parameters.</exception>
    internal VideoCodec(AvStream stream, string decoder, int threads, long maxPixels, bool intraOnly, bool motionVectors)
    {
        var codec = LibAv.avcodec_find_decoder_by_name(decoder);
        if (codec == 0)
            throw new InvalidOperationException($"this build of FFmpeg has no decoder {decoder}");
        _codec = new AvHandles.Codec(codec);
        AvError.Require(LibAv.avcodec_parameters_to_context(_codec.Context, stream.Parameters));
        using var options = new AvHandles.Options(
            ("threads", $"{threads}"),
            ("max_pixels", $"{maxPixels + PaddingPixels}"),
            (SkipOption, SkipValue(intraOnly)),
            ("export_side_data", motionVectors ? "mvs" : "0"));
        AvError.Require(LibAv.avcodec_open2(_codec.Context, codec, ref options.Pointer));
    }

    /// <summary>FFmpeg's own allow-list, for the decoders that it opens to probe a file.</summary>
    internal static string AllowList => string.Join(',', Allowed.Select(allowed => allowed.Decoder));

    /// <summary>The codecs that can be decoded, for a message.</summary>
    internal static string Names => string.Join(", ", Allowed.Select(allowed => allowed.Codec));

    internal AvFrame Picture => _picture.View;

    internal static unsafe string NameOf(AvStream stream) => AvStructs.Text(LibAv.avcodec_get_name(stream.Parameters.Codec));

    /// <summary>The decoder for a stream; null if its codec is not allowed.</summary>
    internal static string? DecoderOf(AvStream stream)
    {
        var name = NameOf(stream);
        return Allowed.FirstOrDefault(allowed => allowed.Codec == name).Decoder;
    }

    /// <summary>Takes a packet; null: no more will come. All pictures must have been received before.</summary>
    internal int Send(AvPacket? packet) => LibAv.avcodec_send_packet(_codec.Context, packet ?? default);

    /// <summary>0 with the next <see cref="Picture"/>, <see cref="AvError.Again"/> if it needs a packet, <see cref="AvError.EndOfFile"/>, or an error.</summary>
    internal int Receive() => LibAv.avcodec_receive_frame(_codec.Context, Picture);

    /// <summary>Skips all but intra frames, or none, from the next packet on.</summary>
    internal void SkipToIntra(bool skips) => AvError.Require(LibAv.av_opt_set(_codec.Context, SkipOption, SkipValue(skips), 0));

    /// <summary>Forgets all state, after a seek.</summary>
    internal void Flush() => LibAv.avcodec_flush_buffers(_codec.Context);

    private static string SkipValue(bool skips) => skips ? "nokey" : "default";

    public void Dispose()
    {
        _picture.Dispose();
        _codec.Dispose();
    }
}
