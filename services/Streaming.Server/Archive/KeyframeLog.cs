namespace Streaming.Server.Archive;

/// <summary>
/// Keyframes of a film in a file that only grows. Whatever interrupts a writer leaves whole records and at most one torn one at the
/// end, which the next writer drops: a film is its own original. A record that does not fit on the disk is taken back. One writer at a time.
/// </summary>
public sealed class KeyframeLog : IDisposable
{
    // Not buffered: what is refused by a full disk must not come back when the next record or the end is written.
    private readonly FileStream _file;
    private readonly MemoryStream _buffer = new();

    private KeyframeLog(FileStream file) => _file = file;

    /// <summary>A new and empty log in place of whatever was there.</summary>
    public static KeyframeLog Create(string path, int hidden)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            file.Write(RecordLog.Header(hidden));
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return new KeyframeLog(file);
    }

    /// <summary>Opens a log to go on after its last whole record. One that is damaged at its start, another model's or of an earlier version begins anew.</summary>
    /// <param name="each">Told every record, in order.</param>
    public static KeyframeLog Continue(string path, int hidden, Action<KeyframeRecord> each)
    {
        if (!File.Exists(path))
            return Create(path, hidden);
        long whole = 0;
        using (FileStream file = OpenToRead(path))
        {
            if (ReadHeader(file) is (RecordLog.Version, var width) && width == hidden)
            {
                whole = RecordLog.HeaderBytes;
                while (ReadRecord(file, RecordLog.Version, hidden) is { } record)
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
        var (version, hidden) = ReadHeader(file) ?? throw new InvalidDataException("it is no log of keyframes of this version");
        file.Position = Math.Max(position, file.Position);
        while (file.Position < file.Length)
        {
            long begin = file.Position;
            yield return (ReadRecord(file, version, hidden) ?? throw new InvalidDataException($"its checksum is wrong at byte {begin}"), begin);
        }
    }

    /// <summary>The whole records of a log that may be torn, missing or being written.</summary>
    public static IEnumerable<KeyframeRecord> ReadWhole(string path)
    {
        if (!File.Exists(path))
            yield break;
        using FileStream file = OpenToRead(path);
        if (ReadHeader(file) is not var (version, hidden))
            yield break;
        while (ReadRecord(file, version, hidden) is { } record)
            yield return record;
    }

    /// <exception cref="IOException">The disk does not take it; the log is as it was.</exception>
    public void Append(KeyframeRecord record)
    {
        _buffer.SetLength(0);
        RecordLog.Append(_buffer, record);
        long whole = _file.Position;
        try
        {
            _file.Write(_buffer.GetBuffer().AsSpan(0, (int)_buffer.Length));
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

    private static (int Version, int Hidden)? ReadHeader(FileStream file)
    {
        Span<byte> header = stackalloc byte[RecordLog.HeaderBytes];
        int read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        return RecordLog.ReadHeader(header[..read]);
    }

    /// <summary>The next record; null at the end, or where what follows is no whole record.</summary>
    private static KeyframeRecord? ReadRecord(FileStream file, int version, int hidden)
    {
        Span<byte> frame = stackalloc byte[RecordLog.FrameBytes(version)];
        if (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) < frame.Length)
            return null;
        if (RecordLog.ReadLength(frame, version) is not { } length || length > file.Length - file.Position)
            return null;
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return RecordLog.ReadRecord(frame, bytes, hidden);
    }
}
