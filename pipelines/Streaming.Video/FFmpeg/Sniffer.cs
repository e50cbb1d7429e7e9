using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Video.FFmpeg;

/// <summary>Says in words what a file is that FFmpeg, behind the allow-lists, refused to open as a film.</summary>
internal static class Sniffer
{
    private const int HeadBytes = 4096;
    private const byte GifTrailer = 0x3b;

    // Of a transport stream: plain, with a time code (Blu-ray), with error correction (DVB).
    private static readonly int[] PacketSizes = [188, 192, 204];

    private static readonly (string Start, string Words)[] Texts =
    [
        ("#EXTM3U", "is an HLS playlist; playlists are never followed"),
        ("ffconcat", "is a concat playlist; playlists are never followed"),
        ("<?xml", "is an XML text (a DASH playlist?); playlists are never followed"),
        ("<MPD", "is a DASH playlist; playlists are never followed"),
        ("v=0", "is an SDP session description; playlists are never followed"),
        ("[playlist]", "is a playlist; playlists are never followed"),
    ];

    internal static string Explain(SafeFileHandle file)
    {
        try
        {
            Span<byte> head = stackalloc byte[HeadBytes];
            return Explain(head[..RandomAccess.Read(file, head, 0)]);
        }
        catch (IOException e)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    internal static string Explain(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
            return "the file is empty";
        var start = Encoding.Latin1.GetString(head).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\r', '\n', '\t');
        foreach (var (text, words) in Texts)
        {
            if (start.StartsWith(text, StringComparison.OrdinalIgnoreCase))
                return words;
        }
        if (head.Length >= 8 && head[4..8].SequenceEqual("ftyp"u8))
            return "its index (moov) is missing or damaged: the file was cut off or never finished";
        if (IsText(head))
            return "is a text, not a film";
        return "is no film of a kind that can be read (mp4, mov, mkv, webm, avi, ts, gif), or its start is damaged";
    }

    /// <summary>Whether a file ends before its end, for containers that do not say how long they play; false where that cannot be told.</summary>
    /// <param name="container">FFmpeg's name of the demuxer.</param>
    internal static bool IsCutOff(SafeFileHandle file, string container)
    {
        try
        {
            var length = RandomAccess.GetLength(file);
            Span<byte> part = stackalloc byte[8];
            switch (container)
            {
                case "mpegts":
                    return PacketSizes.All(size => length % size != 0);
                case "avi":
                    return RandomAccess.Read(file, part, 0) == part.Length && BitConverter.ToUInt32(part[4..]) + 8L > length;
                case "gif":
                    return RandomAccess.Read(file, part[..1], length - 1) == 1 && part[0] != GifTrailer;
                default:
                    return false;
            }
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var b in head)
        {
            if (b < ' ' && b is not ((byte)'\r' or (byte)'\n' or (byte)'\t'))
                return false;
        }
        return true;
    }
}
