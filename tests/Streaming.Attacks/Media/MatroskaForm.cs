using System.Buffers.Binary;
using System.Numerics;

namespace Streaming.Attacks.Media;

/// <summary>RFC 8794: elements of an id and a size, both of variable length.</summary>
public sealed class MatroskaForm : IContainerForm
{
    /// <summary>EBML, Segment, SeekHead, Seek, Info, Tracks, TrackEntry, Video, Cluster, BlockGroup, Cues, CuePoint, CueTrackPositions, Tags, Tag, SimpleTag (RFC 9559).</summary>
    private static readonly HashSet<string> Holders =
        ["1A45DFA3", "18538067", "114D9B74", "4DBB", "1549A966", "1654AE6B", "AE", "E0", "1F43B675", "A0", "1C53BB6B", "BB", "B7", "1254C367", "7373", "67C8"];

    public List<Chunk> Parse(ReadOnlySpan<byte> file)
    {
        var elements = new List<Chunk>();
        while (file.Length >= 2)
        {
            int idBytes = Length(file[0]);
            if (idBytes > 4 || file.Length <= idBytes)
                break;
            int sizeBytes = Length(file[idBytes]);
            if (sizeBytes > 8 || file.Length < idBytes + sizeBytes)
                break;
            ulong size = file[idBytes] & (0xffUL >> sizeBytes);
            for (int i = 1; i < sizeBytes; i++)
                size = (size << 8) | file[idBytes + i];
            ReadOnlySpan<byte> rest = file[(idBytes + sizeBytes)..];
            // A size that says "unknown", or lies, is taken as the rest.
            int length = (int)Math.Min(size, (ulong)rest.Length);
            byte[] id = file[..idBytes].ToArray();
            elements.Add(Holders.Contains(Convert.ToHexString(id)) ? new Chunk(id, [], null, Parse(rest[..length])) : Chunk.Leaf(id, rest[..length].ToArray()));
            file = rest[length..];
        }
        return elements;
    }

    public void Write(Stream target, Chunk chunk)
    {
        byte[] body = chunk.Body(this);
        Write(target, chunk.Id, chunk.Lie ?? (ulong)body.Length, body);
    }

    /// <summary>Bytes of a number of variable length, by its first; more than 8: none.</summary>
    private static int Length(byte first) => BitOperations.LeadingZeroCount((uint)first) - 24 + 1;

    private static void Write(Stream target, byte[] id, ulong size, byte[] body)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, (size & 0x00ff_ffff_ffff_ffff) | 0x0100_0000_0000_0000);
        target.Write(id);
        target.Write(number);
        target.Write(body);
    }
}
