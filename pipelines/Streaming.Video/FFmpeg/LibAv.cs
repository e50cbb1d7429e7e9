using System.Runtime.InteropServices;

namespace Streaming.Video.FFmpeg;

/// <summary>
/// The functions of FFmpeg that this program uses, by their own names. Pointers are raw: <see cref="AvHandles"/> own them,
/// <see cref="AvStructs"/> read them. Calling any without <see cref="FFmpegLibraries.Require"/> first is a bug.
/// </summary>
internal static unsafe partial class LibAv
{
    private const string Format = "avformat";
    private const string Codec = "avcodec";
    private const string Util = "avutil";
    private const string Scale = "swscale";

    [LibraryImport(Format)] internal static partial uint avformat_version();
    [LibraryImport(Format)] internal static partial AvFormat avformat_alloc_context();
    [LibraryImport(Format, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int avformat_open_input(ref AvFormat context, string url, nint inputFormat, ref nint options);
    [LibraryImport(Format)] internal static partial int avformat_find_stream_info(AvFormat context, nint options);
    [LibraryImport(Format)] internal static partial void avformat_close_input(ref nint context);
    [LibraryImport(Format)] internal static partial int av_read_frame(AvFormat context, AvPacket packet);
    [LibraryImport(Format)] internal static partial int av_seek_frame(AvFormat context, int stream, long timestamp, int flags);
    [LibraryImport(Format)] internal static partial int* av_stream_get_side_data(AvStream stream, int type, nuint* sizeBytes);

    [LibraryImport(Format)]
    internal static partial nint avio_alloc_context(
        nint buffer, int sizeBytes, int writes, nint opaque, delegate* unmanaged<nint, byte*, int, int> read, nint write, delegate* unmanaged<nint, long, int, long> seek);
    [LibraryImport(Format)] internal static partial void avio_context_free(ref nint context);

    [LibraryImport(Codec)] internal static partial uint avcodec_version();
    [LibraryImport(Codec)] internal static partial byte* avcodec_get_name(int id);
    [LibraryImport(Codec, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint avcodec_find_decoder_by_name(string name);
    [LibraryImport(Codec, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint avcodec_find_encoder_by_name(string name);
    [LibraryImport(Codec)] internal static partial nint avcodec_alloc_context3(nint codec);
    [LibraryImport(Codec)] internal static partial void avcodec_free_context(ref nint context);
    [LibraryImport(Codec)] internal static partial int avcodec_parameters_to_context(AvCodec context, AvParameters parameters);
    [LibraryImport(Codec)] internal static partial int avcodec_open2(AvCodec context, nint codec, ref nint options);
    [LibraryImport(Codec)] internal static partial int avcodec_send_packet(AvCodec context, AvPacket packet);
    [LibraryImport(Codec)] internal static partial int avcodec_receive_frame(AvCodec context, AvFrame frame);
    [LibraryImport(Codec)] internal static partial int avcodec_send_frame(AvCodec context, AvFrame frame);
    [LibraryImport(Codec)] internal static partial int avcodec_receive_packet(AvCodec context, AvPacket packet);
    [LibraryImport(Codec)] internal static partial void avcodec_flush_buffers(AvCodec context);
    [LibraryImport(Codec)] internal static partial nint av_packet_alloc();
    [LibraryImport(Codec)] internal static partial int av_new_packet(AvPacket packet, int sizeBytes);
    [LibraryImport(Codec)] internal static partial void av_packet_unref(AvPacket packet);
    [LibraryImport(Codec)] internal static partial void av_packet_free(ref nint packet);

    [LibraryImport(Util)] internal static partial uint avutil_version();
    [LibraryImport(Util)] internal static partial void av_log_set_level(int level);
    [LibraryImport(Util)] internal static partial nint av_malloc(nuint sizeBytes);
    [LibraryImport(Util)] internal static partial void av_freep(nint pointer);
    [LibraryImport(Util)] internal static partial void av_max_alloc(nuint sizeBytes);
    [LibraryImport(Util)] internal static partial int av_strerror(int code, byte* text, nuint sizeBytes);
    [LibraryImport(Util, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int av_dict_set(ref nint options, string key, string value, int flags);
    [LibraryImport(Util, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int av_opt_set(AvCodec context, string name, string value, int flags);
    [LibraryImport(Util)] internal static partial void av_dict_free(ref nint options);
    [LibraryImport(Util)] internal static partial nint av_frame_alloc();
    [LibraryImport(Util)] internal static partial int av_frame_get_buffer(AvFrame frame, int align);
    [LibraryImport(Util)] internal static partial int av_frame_make_writable(AvFrame frame);
    [LibraryImport(Util)] internal static partial AvSideData av_frame_get_side_data(AvFrame frame, int type);
    [LibraryImport(Util)] internal static partial void av_frame_unref(AvFrame frame);
    [LibraryImport(Util)] internal static partial void av_frame_free(ref nint frame);

    [LibraryImport(Scale)] internal static partial uint swscale_version();
    [LibraryImport(Scale)]
    internal static partial nint sws_getCachedContext(
        nint context, int sourceWidth, int sourceHeight, int sourceFormat,
        int width, int height, int format, int flags, nint sourceFilter, nint filter, double* parameters);
    [LibraryImport(Scale)]
    internal static partial int sws_scale(
        nint context, byte** source, int* sourceStrides, int firstRow, int rows, byte** target, int* targetStrides);
    [LibraryImport(Scale)] internal static partial int* sws_getCoefficients(int colorspace);
    [LibraryImport(Scale)]
    internal static partial int sws_setColorspaceDetails(
        nint context, int* sourceTable, int sourceFullRange, int* table, int fullRange, int brightness, int contrast, int saturation);
    [LibraryImport(Scale)] internal static partial void sws_freeContext(nint context);
}
