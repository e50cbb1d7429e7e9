using System.Numerics;
using System.Runtime.InteropServices;

namespace Streaming.Server.Archive;

/// <summary>How a log of records ends.</summary>
public enum LogEnd
{
    Whole,

    /// <summary>With a part of a record: its writer was interrupted before anybody was told that it is there.</summary>
    Torn,

    /// <summary>With bytes that are no record, although they were written as one.</summary>
    Damaged,

    /// <summary>It is no such log, or one of a version that this program does not know; nothing of it was read.</summary>
    Unknown,

    /// <summary>It holds tokens of another width, those of another model; nothing of it was read.</summary>
    OtherModel,
}

/// <summary>
/// Keyframes as bytes: magic, version, token width, then records, each after its length, its CRC-32C, and the CRC-32C of these two.
/// The last tells a torn end from damage.
/// </summary>
public static class RecordLog
{
    public const int Version = 4;

    internal const int HeaderBytes = 16;

    /// <summary>No frame of any model has more tokens than a record of this size; a larger length is damage.</summary>
    private const int LargestRecord = 256 << 20;

    // Version 2 knew no clips; all else is as in 3. Both check the record, not its length.
    private const int OldestVersion = 2, FirstWithCheckedLength = 4;

    private static ReadOnlySpan<byte> Magic => "STRMKEYS"u8;

    /// <param name="hidden">The width of a token.</param>
    public static byte[] Header(int hidden)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        MemoryMarshal.Write(header.AsSpan(8), Version);
        MemoryMarshal.Write(header.AsSpan(12), hidden);
        return header;
    }

    /// <summary>Version and token width of a log; null if it is none, or of a version that is not known.</summary>
    internal static (int Version, int Hidden)? ReadHeader(ReadOnlySpan<byte> log) =>
        log.Length >= HeaderBytes && log.StartsWith(Magic) && MemoryMarshal.Read<int>(log[8..]) is >= OldestVersion and <= Version
            ? (MemoryMarshal.Read<int>(log[8..]), MemoryMarshal.Read<int>(log[12..]))
            : null;

    internal static int FrameBytes(int version) => version >= FirstWithCheckedLength ? 12 : 8;

    /// <summary>A record in its frame, added to what a buffer holds.</summary>
    public static void Append(MemoryStream buffer, KeyframeRecord record)
    {
        int start = (int)buffer.Length, frame = FrameBytes(Version);
        buffer.SetLength(start + frame);
        buffer.Position = start + frame;
        using (var writer = new BinaryWriter(buffer, System.Text.Encoding.UTF8, leaveOpen: true))
            record.Write(writer);
        Seal(buffer.GetBuffer().AsSpan(start, (int)buffer.Length - start));
    }

    /// <summary>Writes the frame at the beginning of a framed record.</summary>
    internal static void Seal(Span<byte> framed)
    {
        int frame = FrameBytes(Version);
        MemoryMarshal.Write(framed, framed.Length - frame);
        MemoryMarshal.Write(framed[4..], Checksum(framed[frame..]));
        MemoryMarshal.Write(framed[8..], Checksum(framed[..8]));
    }

    /// <summary>The length of the record in a frame; null if the frame is damaged.</summary>
    /// <param name="frame">As many bytes as a frame of that version has.</param>
    internal static int? ReadLength(ReadOnlySpan<byte> frame, int version) =>
        MemoryMarshal.Read<int>(frame) is var length and > 0 and <= LargestRecord && (version < FirstWithCheckedLength || Checksum(frame[..8]) == MemoryMarshal.Read<uint>(frame[8..]))
            ? length
            : null;

    /// <summary>Whether a record is as its frame says.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> bytes) => Checksum(bytes) == MemoryMarshal.Read<uint>(frame[4..]);

    /// <summary>A record by its frame; null if it is damaged.</summary>
    internal static KeyframeRecord? ReadRecord(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> bytes, int hidden)
    {
        if (!IsWhole(frame, bytes))
            return null;
        try
        {
            return KeyframeRecord.Read(bytes, hidden);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Reads a log as far as it is whole.</summary>
    /// <param name="each">Told every record, in order; what it finds impossible (<see cref="InvalidDataException"/>) is damage.</param>
    public static LogEnd Read(ReadOnlySpan<byte> log, int hidden, Action<KeyframeRecord> each)
    {
        if (log.Length < HeaderBytes && Header(hidden).AsSpan().StartsWith(log))
            return log.IsEmpty ? LogEnd.Whole : LogEnd.Torn;
        if (ReadHeader(log) is not var (version, width))
            return LogEnd.Unknown;
        if (width != hidden)
            return LogEnd.OtherModel;
        int frame = FrameBytes(version);
        for (ReadOnlySpan<byte> rest = log[HeaderBytes..]; ;)
        {
            if (rest.Length < frame || rest.IndexOfAnyExcept((byte)0) < 0)
                return rest.IsEmpty ? LogEnd.Whole : LogEnd.Torn;
            if (ReadLength(rest, version) is not { } length)
                return LogEnd.Damaged;
            if (length > rest.Length - frame)
                return LogEnd.Torn;
            if (ReadRecord(rest, rest.Slice(frame, length), hidden) is not { } record)
                return LogEnd.Damaged;
            try
            {
                each(record);
            }
            catch (InvalidDataException)
            {
                return LogEnd.Damaged;
            }
            rest = rest[(frame + length)..];
        }
    }

    /// <summary>CRC-32C (Castagnoli), as in RFC 3720.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, MemoryMarshal.Read<ulong>(bytes));
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
