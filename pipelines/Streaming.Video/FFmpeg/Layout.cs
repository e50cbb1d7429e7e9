namespace Streaming.Video.FFmpeg;

/// <summary>
/// Where the fields that this program reads and writes stand in FFmpeg's structs, as byte offsets. They change with the major
/// versions; <c>layout.c</c> prints this record for the headers that it is compiled with.
/// </summary>
internal sealed record Layout
{
    /// <summary>The library majors that these offsets belong to.</summary>
    public required string Release { get; init; }
    public required int Avformat { get; init; }
    public required int Avcodec { get; init; }
    public required int Avutil { get; init; }
    public required int Swscale { get; init; }

    public required int FormatInput { get; init; }
    public required int FormatStreamCount { get; init; }
    public required int FormatStreams { get; init; }
    public required int FormatDuration { get; init; }
    public required int FormatInterruptCallback { get; init; }
    public required int FormatIo { get; init; }
    public required int FormatIoOpen { get; init; }
    public required int IoBuffer { get; init; }
    public required int InputName { get; init; }
    public required int InputFlags { get; init; }

    public required int StreamParameters { get; init; }
    public required int StreamTimeBase { get; init; }
    public required int StreamStartTime { get; init; }
    public required int StreamDuration { get; init; }
    public required int StreamDisposition { get; init; }
    public required int StreamDiscard { get; init; }
    public required int StreamSampleAspectRatio { get; init; }
    public required int StreamAverageFrameRate { get; init; }

    public required int ParametersType { get; init; }
    public required int ParametersCodec { get; init; }
    public required int ParametersWidth { get; init; }
    public required int ParametersHeight { get; init; }

    public required int PacketPts { get; init; }
    public required int PacketData { get; init; }
    public required int PacketSize { get; init; }
    public required int PacketStream { get; init; }
    public required int PacketFlags { get; init; }

    public required int CodecFlags { get; init; }
    public required int CodecGlobalQuality { get; init; }
    public required int CodecTimeBase { get; init; }
    public required int CodecWidth { get; init; }
    public required int CodecHeight { get; init; }
    public required int CodecPixelFormat { get; init; }

    public required int FrameLineSizes { get; init; }
    public required int FrameWidth { get; init; }
    public required int FrameHeight { get; init; }
    public required int FrameFormat { get; init; }
    public required int FrameSamples { get; init; }
    public required int FrameSampleRate { get; init; }
    public required int FrameChannels { get; init; }
    public required int FrameIsIntra { get; init; }
    public required int FramePictureType { get; init; }
    public required int FrameSampleAspectRatio { get; init; }
    public required int FramePts { get; init; }
    public required int FrameQuality { get; init; }
    public required int FrameColorRange { get; init; }
    public required int FrameColorSpace { get; init; }
    public required int FrameBestEffortPts { get; init; }
    public required int FramePacketSize { get; init; }

    public required int SideDataBytes { get; init; }
    public required int SideDataSize { get; init; }
}
