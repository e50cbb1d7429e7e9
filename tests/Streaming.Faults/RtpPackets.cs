using System.Buffers.Binary;

namespace Streaming.Faults;

/// <summary>RTP packets of coded pictures: single NAL units and fragments (RFC 6184 for H.264, RFC 7798 for H.265).</summary>
internal sealed class RtpPackets
{
    private const int HeaderBytes = 12;
    private const int MostPayload = 1200; // Below every path's MTU.
    private const byte Version2 = 0x80, Marker = 0x80, PayloadType = 96;
    private const byte FragmentH264 = 28, FragmentH265 = 49;

    private ushort _sequence = 1;

    /// <summary>The packets of one picture.</summary>
    /// <param name="time">In 1/90,000 s.</param>
    internal IEnumerable<byte[]> Of(CodedPicture picture, uint time)
    {
        for (int i = 0; i < picture.Units.Count; i++)
        {
            byte[][] payloads = [.. Payloads(picture.Units[i], picture.Codec)];
            for (int part = 0; part < payloads.Length; part++)
                yield return Packet(payloads[part], time, isLast: i == picture.Units.Count - 1 && part == payloads.Length - 1);
        }
    }

    private static IEnumerable<byte[]> Payloads(byte[] unit, CameraCodec codec)
    {
        if (unit.Length <= MostPayload)
        {
            yield return unit;
            yield break;
        }
        int header = codec == CameraCodec.H264 ? 1 : 2;
        byte type = codec == CameraCodec.H264 ? (byte)(unit[0] & 0x1F) : (byte)(unit[0] >> 1 & 0x3F);
        for (int at = header; at < unit.Length; at += MostPayload)
        {
            byte[] piece = unit[at..Math.Min(unit.Length, at + MostPayload)];
            byte state = (byte)((at == header ? 0x80 : 0) | (at + MostPayload >= unit.Length ? 0x40 : 0) | type);
            yield return codec == CameraCodec.H264
                ? [(byte)(unit[0] & 0xE0 | FragmentH264), state, .. piece]
                : [(byte)(unit[0] & 0x81 | FragmentH265 << 1), unit[1], state, .. piece];
        }
    }

    private byte[] Packet(byte[] payload, uint time, bool isLast)
    {
        var packet = new byte[HeaderBytes + payload.Length];
        packet[0] = Version2;
        packet[1] = (byte)(PayloadType | (isLast ? Marker : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), time);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0x5EED); // the sender's number, any
        payload.CopyTo(packet, HeaderBytes);
        return packet;
    }
}
