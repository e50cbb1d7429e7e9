using System.Runtime.InteropServices;

namespace Streaming.Video.FFmpeg;

// Typed pointers into FFmpeg's memory, read through the layout of the loaded release. They own nothing.

/// <summary>AVRational.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AvRational(int Num, int Den)
{
    internal double? Value => Num > 0 && Den > 0 ? (double)Num / Den : null;
}

internal static unsafe class AvStructs
{
    /// <summary>AV_NOPTS_VALUE.</summary>
    internal const long NoPts = long.MinValue;

    internal static Layout At => FFmpegLibraries.Offsets;

    internal static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";
}

/// <summary>AVFormatContext.</summary>
internal readonly unsafe record struct AvFormat(nint Pointer)
{
    private byte* P => (byte*)Pointer;

    internal string InputName => AvStructs.Text(*(byte**)(Input + AvStructs.At.InputName));
    internal int InputFlags => *(int*)(Input + AvStructs.At.InputFlags);
    internal int StreamCount => *(int*)(P + AvStructs.At.FormatStreamCount);
    internal long Duration => *(long*)(P + AvStructs.At.FormatDuration); // AV_TIME_BASE: microseconds
    internal AvStream Stream(int index) => (*(AvStream**)(P + AvStructs.At.FormatStreams))[index];

    internal void SetInterrupt(delegate* unmanaged<nint, int> callback, nint opaque)
    {
        var at = (nint*)(P + AvStructs.At.FormatInterruptCallback);
        at[0] = (nint)callback;
        at[1] = opaque;
    }

    /// <summary>Packets come from an AVIOContext of the caller's, and all that the demuxer would open itself goes to <paramref name="open"/>.</summary>
    internal void ReadFrom(nint context, delegate* unmanaged<nint, nint*, byte*, int, nint*, int> open)
    {
        *(nint*)(P + AvStructs.At.FormatIo) = context;
        *(nint*)(P + AvStructs.At.FormatIoOpen) = (nint)open;
    }

    private byte* Input => *(byte**)(P + AvStructs.At.FormatInput);
}

/// <summary>AVStream.</summary>
internal readonly unsafe record struct AvStream(nint Pointer)
{
    private byte* P => (byte*)Pointer;

    internal AvParameters Parameters => *(AvParameters*)(P + AvStructs.At.StreamParameters);
    internal AvRational TimeBase => *(AvRational*)(P + AvStructs.At.StreamTimeBase);
    internal long StartTime => *(long*)(P + AvStructs.At.StreamStartTime);
    internal long Duration => *(long*)(P + AvStructs.At.StreamDuration);
    internal int Disposition => *(int*)(P + AvStructs.At.StreamDisposition);
    internal ref int Discard => ref *(int*)(P + AvStructs.At.StreamDiscard);
    internal AvRational SampleAspectRatio => *(AvRational*)(P + AvStructs.At.StreamSampleAspectRatio);
    internal AvRational AverageFrameRate => *(AvRational*)(P + AvStructs.At.StreamAverageFrameRate);
}

/// <summary>AVCodecParameters.</summary>
internal readonly unsafe record struct AvParameters(nint Pointer)
{
    private byte* P => (byte*)Pointer;

    internal bool IsVideo => *(int*)(P + AvStructs.At.ParametersType) == 0; // AVMEDIA_TYPE_VIDEO
    internal bool IsSound => *(int*)(P + AvStructs.At.ParametersType) == 1; // AVMEDIA_TYPE_AUDIO
    internal int Codec => *(int*)(P + AvStructs.At.ParametersCodec);
    internal int Width => *(int*)(P + AvStructs.At.ParametersWidth);
    internal int Height => *(int*)(P + AvStructs.At.ParametersHeight);
}

/// <summary>AVPacket.</summary>
internal readonly unsafe record struct AvPacket(nint Pointer)
{
    private byte* P => (byte*)Pointer;

    internal int Stream => *(int*)(P + AvStructs.At.PacketStream);
    internal long Pts => *(long*)(P + AvStructs.At.PacketPts);
    internal bool IsIntra => (*(int*)(P + AvStructs.At.PacketFlags) & 1) != 0; // AV_PKT_FLAG_KEY
    internal ReadOnlySpan<byte> Bytes => Room;

    /// <summary>To be filled by whoever made it.</summary>
    internal Span<byte> Room => new(*(byte**)(P + AvStructs.At.PacketData), *(int*)(P + AvStructs.At.PacketSize));
}

/// <summary>AVCodecContext.</summary>
internal readonly unsafe record struct AvCodec(nint Pointer)
{
    private byte* P => (byte*)Pointer;

    internal ref int Flags => ref *(int*)(P + AvStructs.At.CodecFlags);
    internal ref int GlobalQuality => ref *(int*)(P + AvStructs.At.CodecGlobalQuality);
    internal ref AvRational TimeBase => ref *(AvRational*)(P + AvStructs.At.CodecTimeBase);
    internal ref int Width => ref *(int*)(P + AvStructs.At.CodecWidth);
    internal ref int Height => ref *(int*)(P + AvStructs.At.CodecHeight);
    internal ref int PixelFormat => ref *(int*)(P + AvStructs.At.CodecPixelFormat);
}

/// <summary>AVFrame.</summary>
internal readonly unsafe record struct AvFrame(nint Pointer)
{
    private byte* P => (byte*)Pointer;

    internal byte** Planes => (byte**)P;
    internal int* Strides => (int*)(P + AvStructs.At.FrameLineSizes);
    internal ref int Width => ref *(int*)(P + AvStructs.At.FrameWidth);
    internal ref int Height => ref *(int*)(P + AvStructs.At.FrameHeight);
    internal ref int Format => ref *(int*)(P + AvStructs.At.FrameFormat);
    internal int Samples => *(int*)(P + AvStructs.At.FrameSamples); // of each channel
    internal int SampleRate => *(int*)(P + AvStructs.At.FrameSampleRate);
    internal int Channels => *(int*)(P + AvStructs.At.FrameChannels);
    internal bool IsIntra => *(int*)(P + AvStructs.At.FrameIsIntra) != 0;
    internal int PictureType => *(int*)(P + AvStructs.At.FramePictureType); // AVPictureType: 1 I, 2 P, 3 B
    internal AvRational SampleAspectRatio => *(AvRational*)(P + AvStructs.At.FrameSampleAspectRatio);
    internal ref long Pts => ref *(long*)(P + AvStructs.At.FramePts);
    internal ref int Quality => ref *(int*)(P + AvStructs.At.FrameQuality);
    internal int ColorRange => *(int*)(P + AvStructs.At.FrameColorRange);
    internal int ColorSpace => *(int*)(P + AvStructs.At.FrameColorSpace);
    internal long BestEffortPts => *(long*)(P + AvStructs.At.FrameBestEffortPts);
    internal int PacketSize => *(int*)(P + AvStructs.At.FramePacketSize);
}

/// <summary>AVFrameSideData; null where there is none.</summary>
internal readonly unsafe record struct AvSideData(nint Pointer)
{
    internal ReadOnlySpan<AvMotionVector> MotionVectors => MemoryMarshal.Cast<byte, AvMotionVector>(Bytes);

    internal ReadOnlySpan<byte> Bytes => Pointer == 0 ? [] : new ReadOnlySpan<byte>(
        *(byte**)((byte*)Pointer + AvStructs.At.SideDataBytes), checked((int)*(nuint*)((byte*)Pointer + AvStructs.At.SideDataSize)));
}

/// <summary>AVMotionVector, the same since FFmpeg 3.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct AvMotionVector
{
    internal readonly int Source; // < 0 past, > 0 future reference
    internal readonly byte Width;
    internal readonly byte Height;
    internal readonly short SourceX;
    internal readonly short SourceY;
    internal readonly short TargetX;
    internal readonly short TargetY;
    internal readonly ulong Flags;
    internal readonly int MotionX; // in 1 / Scale pixels
    internal readonly int MotionY;
    internal readonly ushort Scale;
}
