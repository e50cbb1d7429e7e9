using System.Buffers.Binary;
using System.Text;

namespace Streaming.Attacks.Media;

/// <summary>Small files that ask for much: memory, depth, time or pixels.</summary>
internal static class Bombs
{
    private const int Depth = 3000;

    public static IEnumerable<HostileFile> All(IReadOnlyList<Film> films) =>
    [
        .. Sizes(), .. films.Where(film => film.Container is "mp4" or "mov").SelectMany(Tables), .. films.Where(film => film.Container == "avi").SelectMany(Pictures),
        new("deep.mp4", "nesting", [.. Ftyp(), .. Nested("moov", "trak")]), new("deep.mkv", "nesting", NestedElements()), new("deep.avi", "nesting", NestedLists()),
        new("screen.gif", "pixels", Gif(65535, 65535, 1)), new("many.gif", "frames", Gif(2, 2, 40_000)), new("programs.ts", "programs", Programs()), new("endless.mkv", "sizes", [.. Ebml(), 0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, .. Enumerable.Repeat((byte)0xec, 100_000)]),
    ];

    private static byte[] Ftyp() => Box("ftyp", [.. "isom"u8, 0, 0, 2, 0, .. "isom"u8]);

    private static byte[] Ebml() => [0x1a, 0x45, 0xdf, 0xa3, 0x8b, 0x42, 0x82, 0x88, .. "matroska"u8];

    private static byte[] Box(string type, byte[] payload, uint? size = null)
    {
        var box = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(box, size ?? (uint)box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        payload.CopyTo(box.AsSpan(8));
        return box;
    }

    /// <summary>Boxes that lie about their size.</summary>
    private static IEnumerable<HostileFile> Sizes()
    {
        foreach (uint size in (uint[])[0, 1, 2, 7, 8, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff])
        {
            yield return new HostileFile("size.mp4", "sizes", [.. Ftyp(), .. Box("moov", Box("mvhd", new byte[100]), size)]);
            yield return new HostileFile("size.mov", "sizes", [.. Box("ftyp", "qt  "u8.ToArray(), size), .. Box("moov", new byte[50])]);
        }
    }

    /// <summary>Tables of samples that promise four thousand million entries, and times that cannot be divided by.</summary>
    private static IEnumerable<HostileFile> Tables(Film film)
    {
        foreach (var (table, at) in new[] { ("stsz", 8), ("stts", 4), ("stsc", 4), ("stco", 4), ("stss", 4), ("elst", 4), ("mdhd", 12), ("mvhd", 12), ("tkhd", 76), ("stsd", 4), ("avcC", 5) })
        {
            foreach (uint value in (uint[])[0, 0xffff_ffff])
            {
                byte[] changed = [.. film.Bytes];
                int found = changed.AsSpan().IndexOf(Encoding.ASCII.GetBytes(table));
                if (found < 0 || found + 4 + at + 4 > changed.Length)
                    continue;
                BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(found + 4 + at), value);
                yield return new HostileFile($"{table}.mp4", "tables", changed);
            }
        }
    }

    /// <summary>Pictures of four thousand million pixels, by their headers, by the pictures' own, or by both.</summary>
    private static IEnumerable<HostileFile> Pictures(Film film)
    {
        foreach (int side in (int[])[-1, 0, 1, 12_000, 65_500])
        {
            foreach (var (inHeader, inPicture) in new[] { (true, false), (false, true), (true, true) })
            {
                byte[] changed = [.. film.Bytes];
                int header = changed.AsSpan().IndexOf("strf"u8) + 8;
                if (inHeader)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(header + 4), side);
                    BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(header + 8), side);
                }
                for (int at = 0; inPicture && changed.AsSpan(at).IndexOf((ReadOnlySpan<byte>)[0xff, 0xc0]) is >= 0 and var next && at + next + 9 < changed.Length; at += next + 2)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(at + next + 5), (ushort)side);
                    BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(at + next + 7), (ushort)side);
                }
                yield return new HostileFile("pixels.avi", "pixels", changed);
            }
        }
    }

    private static byte[] Nested(string outer, string inner)
    {
        var bytes = new byte[8 * Depth];
        for (int level = 0; level < Depth; level++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8 * level), (uint)(bytes.Length - 8 * level));
            Encoding.ASCII.GetBytes(level == 0 ? outer : inner, bytes.AsSpan(8 * level + 4));
        }
        return bytes;
    }

    /// <summary>Tags inside tags.</summary>
    private static byte[] NestedElements()
    {
        using var file = new MemoryStream();
        file.Write(Ebml());
        byte[][] ids = [[0x18, 0x53, 0x80, 0x67], [0x12, 0x54, 0xc3, 0x67], [0x73, 0x73], .. Enumerable.Repeat((byte[])[0x67, 0xc8], Depth)];
        Span<byte> size = stackalloc byte[8];
        long rest = ids.Sum(id => id.Length + 8);
        foreach (byte[] id in ids)
        {
            rest -= id.Length + 8;
            BinaryPrimitives.WriteInt64BigEndian(size, rest | 0x0100_0000_0000_0000);
            file.Write(id);
            file.Write(size);
        }
        return file.ToArray();
    }

    private static byte[] NestedLists()
    {
        var bytes = new byte[12 * Depth];
        for (int level = 0; level < Depth; level++)
        {
            Encoding.ASCII.GetBytes(level == 0 ? "RIFF" : "LIST", bytes.AsSpan(12 * level));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12 * level + 4), bytes.Length - 12 * level - 8);
            Encoding.ASCII.GetBytes(level == 0 ? "AVI " : "hdrl", bytes.AsSpan(12 * level + 8));
        }
        return bytes;
    }

    /// <summary>Frames of one pixel on a screen of any size.</summary>
    private static byte[] Gif(ushort width, ushort height, int frames)
    {
        using var file = new MemoryStream();
        file.Write("GIF89a"u8);
        file.Write([(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
        for (int i = 0; i < frames; i++)
            file.Write([0x21, 0xf9, 4, 0, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        file.WriteByte(0x3b);
        return file.ToArray();
    }

    /// <summary>A transport stream whose every packet announces another program.</summary>
    private static byte[] Programs()
    {
        var stream = new byte[188 * 5000];
        for (int packet = 0; packet < 5000; packet++)
        {
            Span<byte> at = stream.AsSpan(188 * packet, 188);
            at.Fill(0xff);
            new byte[] { 0x47, 0x40, 0, (byte)(0x10 | packet & 15), 0, 0, 0xb0, 0x0d, 0, 1, 0xc1, 0, 0, (byte)(packet >> 8), (byte)packet, (byte)(0xe0 | packet >> 8 & 31), (byte)packet }.CopyTo(at);
        }
        return stream;
    }
}
