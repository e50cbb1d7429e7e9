using System.Numerics;
using System.Runtime.InteropServices;

namespace Streaming.Server.Archive;

/// <summary>
/// Keyframes in a file that only grows: magic, version, token width, then records, each after its length and its CRC-32C. Whatever
/// interrupts a writer leaves whole records and at most one torn one at the end, which the next writer drops. A record that does not
/// fit on the disk is taken back. One writer at a time.
/// </summary>
public sealed class KeyframeLog : IDisposable
{
    public const int Version = 3;

    // Version 2 knew no clips; all else is the same.
    private const int OldestVersion = 2;

    private const int HeaderBytes = 16;
    private const int FrameBytes = 8;

    // No frame of any model has more tokens than a record of this size; a larger length is damage.
    private const int LargestRecord = 256 << 20;

    // Not buffered: what is refused by a full disk must not come back when the next record or the end is written.
    private readonly FileStream _file;
    private readonly MemoryStream _buffer = new();
    private readonly BinaryWriter _writer;

    private KeyframeLog(FileStream file)
    {
        _file = file;
        _writer = new BinaryWriter(_buffer);
    }

    private static ReadOnlySpan<byte> Magic => "STRMKEYS"u8;

    public long SizeBytes => _file.Length;

    /// <summary>A new and empty log in place of whatever was there.</summary>
    public static KeyframeLog Create(string path, int hidden)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        MemoryMarshal.Write(header[8..], Version);
        MemoryMarshal.Write(header[12..], hidden);
        var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            file.Write(header);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return new KeyframeLog(file);
    }

    /// <summary>Opens a log to go on after its last whole record. One that is damaged at its start, or another model's, begins anew.</summary>
    /// <param name="each">Told every record, in order.</param>
    public static KeyframeLog Continue(string path, int hidden, Action<KeyframeRecord> each)
    {
        if (!File.Exists(path))
            return Create(path, hidden);
        long whole = 0;
        using (FileStream file = OpenToRead(path))
        {
            if (ReadHeader(file) == hidden)
            {
                whole = HeaderBytes;
                while (ReadRecord(file, hidden) is { } record)
                {
                    each(record);
                    whole = file.Position;
                }
            }
        }
        if (whole == 0)
            return Create(path, hidden);
        var continued = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        continued.SetLength(whole);
        continued.Seek(0, SeekOrigin.End);
        return new KeyframeLog(continued);
    }

    /// <summary>All records of a log that is complete.</summary>
    /// <exception cref="InvalidDataException">It is damaged, cut off or of another version; the message says which.</exception>
    public static IEnumerable<KeyframeRecord> Read(string path) => ReadFrom(path, 0).Select(stored => stored.Record);

    /// <summary>The records of a complete log from one on, each with where it begins.</summary>
    /// <param name="position">Where the first one begins; 0: of all.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut off or of another version; the message says which.</exception>
    public static IEnumerable<(KeyframeRecord Record, long Position)> ReadFrom(string path, long position)
    {
        using FileStream file = OpenToRead(path);
        int hidden = ReadHeader(file) ?? throw new InvalidDataException("it is no log of keyframes of this version");
        file.Position = Math.Max(position, file.Position);
        while (file.Position < file.Length)
        {
            long begin = file.Position;
            yield return (ReadRecord(file, hidden) ?? throw new InvalidDataException($"its checksum is wrong at byte {begin}"), begin);
        }
    }

    /// <summary>The whole records of a log that may be torn, missing or being written.</summary>
    public static IEnumerable<KeyframeRecord> ReadWhole(string path)
    {
        if (!File.Exists(path))
            yield break;
        using FileStream file = OpenToRead(path);
        if (ReadHeader(file) is not { } hidden)
            yield break;
        while (ReadRecord(file, hidden) is { } record)
            yield return record;
    }

    /// <exception cref="IOException">The disk does not take it; the log is as it was.</exception>
    public void Append(KeyframeRecord record)
    {
        _buffer.SetLength(0);
        _writer.Write(0L);
        record.Write(_writer);
        _writer.Flush();
        Span<byte> bytes = _buffer.GetBuffer().AsSpan(0, (int)_buffer.Length);
        MemoryMarshal.Write(bytes, bytes.Length - FrameBytes);
        MemoryMarshal.Write(bytes[4..], Checksum(bytes[FrameBytes..]));
        long whole = _file.Position;
        try
        {
            _file.Write(bytes);
        }
        catch (IOException)
        {
            _file.SetLength(whole);
            _file.Position = whole;
            throw;
        }
    }

    /// <summary>Waits until the disk has it.</summary>
    public void FlushToDisk() => _file.Flush(flushToDisk: true);

    public void Dispose() => _file.Dispose();

    private static FileStream OpenToRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);

    /// <summary>The token width; null if it is no such log.</summary>
    private static int? ReadHeader(FileStream file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        bool isWhole = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes;
        return isWhole && header.StartsWith(Magic) && MemoryMarshal.Read<int>(header[8..]) is >= OldestVersion and <= Version ? MemoryMarshal.Read<int>(header[12..]) : null;
    }

    /// <summary>The next record; null at the end, or where what follows is no whole record.</summary>
    private static KeyframeRecord? ReadRecord(FileStream file, int hidden)
    {
        Span<byte> frame = stackalloc byte[FrameBytes];
        if (file.ReadAtLeast(frame, FrameBytes, throwOnEndOfStream: false) < FrameBytes)
            return null;
        int length = MemoryMarshal.Read<int>(frame);
        if (length is <= 0 or > LargestRecord || length > file.Length - file.Position)
            return null;
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        if (Checksum(bytes) != MemoryMarshal.Read<uint>(frame[4..]))
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
