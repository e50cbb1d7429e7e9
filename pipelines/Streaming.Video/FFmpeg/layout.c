/*
 * Prints the offsets of one FFmpeg major as a C# file, for a new FFmpeg release:
 *   apt-get install gcc libavformat-dev libavcodec-dev libavutil-dev libswscale-dev
 *   gcc -w layout.c -o layout && ./layout > Layout59.cs      (59: LIBAVCODEC_VERSION_MAJOR)
 * then name the new layout in FFmpegLibraries.Known. A field that no longer exists fails to compile here.
 */
#include <stddef.h>
#include <stdio.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/ffversion.h>
#include <libswscale/swscale.h>

#define NUMBER(name, value) printf("        %s = %d,\n", name, (int)(value))
#define OFFSET(name, type, field) NUMBER(name, offsetof(type, field))

int main(void)
{
    printf("namespace Streaming.Video.FFmpeg;\n\n");
    printf("/// <summary>Printed by layout.c; 64-bit.</summary>\n");
    printf("internal static class Layout%d\n{\n", LIBAVCODEC_VERSION_MAJOR);
    printf("    internal static readonly Layout Offsets = new()\n    {\n");
    printf("        Release = \"%.3s\",\n", FFMPEG_VERSION);
    NUMBER("Avformat", LIBAVFORMAT_VERSION_MAJOR);
    NUMBER("Avcodec", LIBAVCODEC_VERSION_MAJOR);
    NUMBER("Avutil", LIBAVUTIL_VERSION_MAJOR);
    NUMBER("Swscale", LIBSWSCALE_VERSION_MAJOR);
    OFFSET("FormatInput", AVFormatContext, iformat);
    OFFSET("FormatStreamCount", AVFormatContext, nb_streams);
    OFFSET("FormatStreams", AVFormatContext, streams);
    OFFSET("FormatDuration", AVFormatContext, duration);
    OFFSET("FormatInterruptCallback", AVFormatContext, interrupt_callback);
    OFFSET("FormatIo", AVFormatContext, pb);
    OFFSET("FormatIoOpen", AVFormatContext, io_open);
    OFFSET("IoBuffer", AVIOContext, buffer);
    OFFSET("InputName", AVInputFormat, name);
    OFFSET("InputFlags", AVInputFormat, flags);
    OFFSET("StreamParameters", AVStream, codecpar);
    OFFSET("StreamTimeBase", AVStream, time_base);
    OFFSET("StreamStartTime", AVStream, start_time);
    OFFSET("StreamDuration", AVStream, duration);
    OFFSET("StreamDisposition", AVStream, disposition);
    OFFSET("StreamDiscard", AVStream, discard);
    OFFSET("StreamSampleAspectRatio", AVStream, sample_aspect_ratio);
    OFFSET("StreamAverageFrameRate", AVStream, avg_frame_rate);
    OFFSET("ParametersType", AVCodecParameters, codec_type);
    OFFSET("ParametersCodec", AVCodecParameters, codec_id);
    OFFSET("ParametersWidth", AVCodecParameters, width);
    OFFSET("ParametersHeight", AVCodecParameters, height);
    OFFSET("PacketPts", AVPacket, pts);
    OFFSET("PacketData", AVPacket, data);
    OFFSET("PacketSize", AVPacket, size);
    OFFSET("PacketStream", AVPacket, stream_index);
    OFFSET("PacketFlags", AVPacket, flags);
    OFFSET("CodecFlags", AVCodecContext, flags);
    OFFSET("CodecGlobalQuality", AVCodecContext, global_quality);
    OFFSET("CodecTimeBase", AVCodecContext, time_base);
    OFFSET("CodecWidth", AVCodecContext, width);
    OFFSET("CodecHeight", AVCodecContext, height);
    OFFSET("CodecPixelFormat", AVCodecContext, pix_fmt);
    OFFSET("FrameLineSizes", AVFrame, linesize);
    OFFSET("FrameWidth", AVFrame, width);
    OFFSET("FrameHeight", AVFrame, height);
    OFFSET("FrameFormat", AVFrame, format);
    OFFSET("FrameSamples", AVFrame, nb_samples);
    OFFSET("FrameSampleRate", AVFrame, sample_rate);
    OFFSET("FrameChannels", AVFrame, channels);
    OFFSET("FrameIsIntra", AVFrame, key_frame);
    OFFSET("FramePictureType", AVFrame, pict_type);
    OFFSET("FrameSampleAspectRatio", AVFrame, sample_aspect_ratio);
    OFFSET("FramePts", AVFrame, pts);
    OFFSET("FrameQuality", AVFrame, quality);
    OFFSET("FrameColorRange", AVFrame, color_range);
    OFFSET("FrameColorSpace", AVFrame, colorspace);
    OFFSET("FrameBestEffortPts", AVFrame, best_effort_timestamp);
    OFFSET("FramePacketSize", AVFrame, pkt_size);
    OFFSET("SideDataBytes", AVFrameSideData, data);
    OFFSET("SideDataSize", AVFrameSideData, size);
    printf("    };\n}\n");
    return 0;
}
