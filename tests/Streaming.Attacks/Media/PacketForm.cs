namespace Streaming.Attacks.Media;

/// <summary>Pieces of equal length without a head of their own: packets of MPEG-TS, and of what is not known more closely.</summary>
public sealed class PacketForm(int bytes) : IContainerForm
{
    public List<Chunk> Parse(ReadOnlySpan<byte> file)
    {
        var packets = new List<Chunk>();
        for (; !file.IsEmpty; file = file[Math.Min(bytes, file.Length)..])
            packets.Add(Chunk.Leaf([], file[..Math.Min(bytes, file.Length)].ToArray()));
        return packets;
    }

    /// <summary>A packet has no size to lie about: it is cut to it instead.</summary>
    public void Write(Stream target, Chunk chunk) =>
        target.Write(chunk.Payload.AsSpan(0, chunk.Lie is { } lie ? (int)(lie % (ulong)(chunk.Payload!.Length + 1)) : chunk.Payload!.Length));
}
