using System.Buffers.Binary;

namespace Streaming.Attacks.Media;

/// <summary>RIFF as AVI has it: chunks of a type and a 32-bit size, padded to even lengths; RIFF and LIST hold others.</summary>
public sealed class RiffForm : IContainerForm
{
    private const int HeadBytes = 8, KindBytes = 4;

    public List<Chunk> Parse(ReadOnlySpan<byte> file)
    {
        var chunks = new List<Chunk>();
        while (file.Length >= HeadBytes && BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) is var size && size <= file.Length - HeadBytes)
        {
            byte[] id = file[..4].ToArray();
            ReadOnlySpan<byte> payload = file.Slice(HeadBytes, (int)size);
            chunks.Add(size >= KindBytes && (id.AsSpan().SequenceEqual("RIFF"u8) || id.AsSpan().SequenceEqual("LIST"u8))
                ? new Chunk(id, payload[..KindBytes].ToArray(), null, Parse(payload[KindBytes..]))
                : Chunk.Leaf(id, payload.ToArray()));
            file = file[Math.Min(file.Length, HeadBytes + (int)(size + (size & 1)))..];
        }
        return chunks;
    }

    public void Write(Stream target, Chunk chunk)
    {
        byte[] body = chunk.Body(this);
        Write(target, chunk.Id, chunk.Lie ?? (ulong)body.Length, body);
    }

    private static void Write(Stream target, byte[] id, ulong size, byte[] body)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)Math.Min(size, uint.MaxValue));
        target.Write(id);
        target.Write(length);
        target.Write(body);
        if (body.Length % 2 == 1)
            target.WriteByte(0);
    }
}
