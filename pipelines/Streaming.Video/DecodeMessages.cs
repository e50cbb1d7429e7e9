using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Compression;

namespace Streaming.Video;

/// <summary>What a decoder process sends: a header, then <see cref="MessageHeader.Length"/> bytes, in the machine's byte order.</summary>
internal enum MessageKind
{
    /// <summary>A <see cref="DecodeProgress"/>; also the sign of life, sent about once a second.</summary>
    Progress = 1,
    Facts,

    /// <summary>A <see cref="PictureHeader"/> and its RGB24 pixels.</summary>
    Picture,

    /// <summary>A <see cref="SoundHeader"/> and its samples.</summary>
    Sound,

    /// <summary>The last message.</summary>
    Report,
}

[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MessageHeader(MessageKind Kind, int Length);

/// <summary>A frame without its pixels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PictureHeader
{
    internal long TimeTicks;
    internal long Index;
    internal int Width;
    internal int Height;
    internal int PacketBytes;
    internal float Motion; // NaN: none
    internal float IntraFraction; // NaN: none
    internal float PredictedBytes; // NaN: none
    internal float IntraBytes; // NaN: none
    internal byte IsIntra;
    internal PictureType Type;

    internal readonly int PixelBytes => Width * Height * 3;

    /// <summary>The decoder process is not trusted: sizes are checked before memory is taken.</summary>
    internal readonly bool Fits(MessageHeader header) =>
        Width is > 0 and <= 4096 && Height is > 0 and <= 4096 && header.Length == PixelBytes + Unsafe.SizeOf<PictureHeader>();

    /// <param name="pixels">Where the picture's pixels go.</param>
    internal readonly Frame RentFrom(FramePool pool, out Span<byte> pixels) => pool.Rent(
        Width, Height, new TimeSpan(TimeTicks), Index,
        new CodecSignals(IsIntra != 0, Type, PacketBytes, NullIfNaN(Motion), NullIfNaN(IntraFraction), NullIfNaN(PredictedBytes), NullIfNaN(IntraBytes)), out pixels);

    private static float? NullIfNaN(float value) => float.IsNaN(value) ? null : value;
}

/// <summary>A stretch of mono sound at 16 kHz without its samples, which are shorts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SoundHeader
{
    internal long TimeTicks;
    internal int Samples;

    /// <summary>The decoder process is not trusted: no stretch is longer than a second.</summary>
    internal readonly bool Fits(MessageHeader header) =>
        Samples is > 0 and <= Models.Speech.VoiceActivity.SampleRate && header.Length == (Samples * sizeof(short)) + Unsafe.SizeOf<SoundHeader>();
}

/// <summary>The messages that are sent once: facts and report.</summary>
internal static class DecodeMessages
{
    internal const int LongestText = 64 * 1024;

    internal static byte[] WriteFacts(VideoFacts facts) => Write(writer =>
    {
        writer.Write(facts.Codec);
        writer.Write(facts.Container);
        writer.Write(facts.Width);
        writer.Write(facts.Height);
        writer.Write(facts.Rotation);
        writer.Write(facts.FramesPerSecond ?? double.NaN);
        writer.Write(facts.Duration?.Ticks ?? -1);
    });

    internal static VideoFacts ReadFacts(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return new VideoFacts(
            reader.ReadString(), reader.ReadString(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(),
            reader.ReadDouble() is var rate && double.IsNaN(rate) ? null : rate,
            reader.ReadInt64() is >= 0 and var ticks ? new TimeSpan(ticks) : null);
    }

    internal static byte[] WriteReport(DecodeReport report) => Write(writer =>
    {
        writer.Write(report.Progress.Decoded);
        writer.Write(report.Progress.Sampled);
        writer.Write(report.Progress.Unreadable);
        writer.Write(report.Progress.Time.Ticks);
        writer.Write(report.Failure is not null);
        writer.Write((byte)(report.Failure?.Kind ?? 0));
        writer.Write(report.Failure?.Message ?? "");
        writer.Write(report.Remark ?? "");
        writer.Write(report.CpuTime.Ticks);
        writer.Write(report.AllocatedBytes);
        writer.Write(report.CameraInterval.Ticks);
    });

    internal static DecodeReport ReadReport(byte[] bytes, VideoFacts? facts)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var progress = new DecodeProgress(
            reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), new TimeSpan(reader.ReadInt64()));
        var failed = reader.ReadBoolean();
        var failure = new SourceFailure((SourceFailureKind)reader.ReadByte(), reader.ReadString());
        var remark = reader.ReadString();
        return new DecodeReport(
            facts, progress, failed ? failure : null, remark.Length > 0 ? remark : null,
            new TimeSpan(reader.ReadInt64()), reader.ReadInt64())
        {
            CameraInterval = new TimeSpan(reader.ReadInt64()),
        };
    }

    private static byte[] Write(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
            write(writer);
        return stream.ToArray();
    }
}
