using System.Buffers.Binary;

namespace Streaming.Attacks.Media;

/// <summary>ISO/IEC 14496-12, section 4.2: boxes of a 32-bit size and a type.</summary>
public sealed class Mp4Form : IContainerForm
{
    private const int HeadBytes = 8;

    private static readonly HashSet<string> Holders = ["moov", "trak", "mdia", "minf", "stbl", "dinf", "edts", "udta"];

    public List<Chunk> Parse(ReadOnlySpan<byte> file)
    {
        var boxes = new List<Chunk>();
        while (file.Length >= HeadBytes && BinaryPrimitives.ReadUInt32BigEndian(file) is var size && size >= HeadBytes && size <= file.Length)
        {
            byte[] id = file[4..HeadBytes].ToArray();
            ReadOnlySpan<byte> payload = file[HeadBytes..(int)size];
            boxes.Add(Holders.Contains(System.Text.Encoding.Latin1.GetString(id)) ? new Chunk(id, [], null, Parse(payload)) : Chunk.Leaf(id, payload.ToArray()));
            file = file[(int)size..];
        }
        return boxes;
    }

    public void Write(Stream target, Chunk chunk)
    {
        byte[] body = chunk.Body(this);
        Write(target, chunk.Id, chunk.Lie ?? (ulong)body.Length + HeadBytes, body);
    }

    private static void Write(Stream target, byte[] id, ulong size, byte[] body)
    {
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(head, (uint)Math.Min(size, uint.MaxValue));
        target.Write(head);
        target.Write(id);
        target.Write(body);
    }
}
