using System.Text;

namespace Streaming.Video;

/// <summary>All that a decoder process is told, once, on its standard input: never in its arguments, which everybody can read.</summary>
internal sealed record DecodeOrder(VideoSource Source, DecodeRequest Request, DecodeLimits Limits)
{
    private const int Magic = 0x31564453; // "SDV1"

    internal void Write(Stream stream)
    {
        using var order = new MemoryStream(); // Sent in one piece: the other side gets all of it or nothing.
        using var writer = new BinaryWriter(order, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Source is CameraSource);
        writer.Write(Source is CameraSource camera ? camera.Url : ((FileSource)Source).Path);
        writer.Write((byte)((Source as CameraSource)?.Transport ?? RtspTransport.Tcp));
        writer.Write(Request.FramesPerSecond);
        writer.Write(Request.MaxWidth);
        writer.Write(Request.MaxHeight);
        writer.Write(Request.ExactSize);
        writer.Write(Request.From.Ticks);
        writer.Write(Request.To?.Ticks ?? -1);
        writer.Write(Request.IntraOnly);
        writer.Write(Request.MotionVectors);
        writer.Write(Request.Sound);
        writer.Write(Request.CameraTimeout?.Ticks ?? -1);
        writer.Write(Request.CameraInterval.Ticks);
        writer.Write(Request.Threads);
        writer.Write(Limits.MaxDuration.Ticks);
        writer.Write(Limits.MaxPixels);
        writer.Write(Limits.MaxFrames);
        writer.Write(Limits.ReadTimeout.Ticks);
        writer.Write(Limits.StallTimeout.Ticks);
        writer.Write(Limits.MemoryBytes);
        writer.Write(Limits.ProcessorTime.Ticks);
        stream.Write(order.GetBuffer().AsSpan(0, (int)order.Length));
    }

    /// <exception cref="InvalidDataException">The other side is not this program's parent.</exception>
    internal static DecodeOrder Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadInt32() != Magic)
            throw new InvalidDataException("decode reads its order from a parent process; it is not for people");
        var isCamera = reader.ReadBoolean();
        var address = reader.ReadString();
        var transport = (RtspTransport)reader.ReadByte();
        return new DecodeOrder(
            isCamera ? new CameraSource(address, transport) : new FileSource(address), ReadRequest(reader), ReadLimits(reader));
    }

    private static DecodeRequest ReadRequest(BinaryReader reader) => new()
    {
        FramesPerSecond = reader.ReadDouble(),
        MaxWidth = reader.ReadInt32(),
        MaxHeight = reader.ReadInt32(),
        ExactSize = reader.ReadBoolean(),
        From = new TimeSpan(reader.ReadInt64()),
        To = reader.ReadInt64() is >= 0 and var ticks ? new TimeSpan(ticks) : null,
        IntraOnly = reader.ReadBoolean(),
        MotionVectors = reader.ReadBoolean(),
        Sound = reader.ReadBoolean(),
        CameraTimeout = reader.ReadInt64() is >= 0 and var timeout ? new TimeSpan(timeout) : null,
        CameraInterval = new TimeSpan(reader.ReadInt64()),
        Threads = reader.ReadInt32(),
    };

    private static DecodeLimits ReadLimits(BinaryReader reader) => new()
    {
        MaxDuration = new TimeSpan(reader.ReadInt64()),
        MaxPixels = reader.ReadInt64(),
        MaxFrames = reader.ReadInt64(),
        ReadTimeout = new TimeSpan(reader.ReadInt64()),
        StallTimeout = new TimeSpan(reader.ReadInt64()),
        MemoryBytes = reader.ReadInt64(),
        ProcessorTime = new TimeSpan(reader.ReadInt64()),
    };
}
