using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Server.Archive;

/// <summary>
/// A set of lines of text that come and go, as bytes: magic, version, then portions, each in a frame as a <see cref="RecordLog"/> has
/// them. A portion is UTF-8, one line after another, each after "+" if it comes or "-" if it goes.
/// </summary>
public static class LineLog
{
    public const int Version = 1;

    private const int HeaderBytes = 12;

    // The frames are those of the newest keyframe log.
    private const int FrameVersion = RecordLog.Version;

    private static ReadOnlySpan<byte> Magic => "STRMLINE"u8;

    public static byte[] Header()
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        MemoryMarshal.Write(header.AsSpan(8), Version);
        return header;
    }

    /// <summary>A portion in its frame, added to what a buffer holds.</summary>
    /// <param name="gone">Lines that go, each once for each time it is given.</param>
    /// <param name="come">Lines that come; none holds a line feed.</param>
    public static void Append(MemoryStream buffer, IEnumerable<string> gone, IEnumerable<string> come)
    {
        int start = (int)buffer.Length;
        buffer.SetLength(start + RecordLog.FrameBytes(FrameVersion));
        buffer.Position = buffer.Length;
        using (var writer = new StreamWriter(buffer, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" })
        {
            foreach (string line in gone.Select(line => '-' + line).Concat(come.Select(line => '+' + line)))
                writer.WriteLine(line);
        }
        RecordLog.Seal(buffer.GetBuffer().AsSpan(start, (int)buffer.Length - start));
    }

    /// <summary>Reads a log as far as it is whole.</summary>
    /// <param name="lines">Takes the lines that are left, in the order in which they came.</param>
    public static LogEnd Read(ReadOnlySpan<byte> log, List<string> lines)
    {
        if (log.Length < HeaderBytes && Header().AsSpan().StartsWith(log))
            return log.IsEmpty ? LogEnd.Whole : LogEnd.Torn;
        if (log.Length < HeaderBytes || !log.StartsWith(Magic) || MemoryMarshal.Read<int>(log[8..]) != Version)
            return LogEnd.Unknown;
        var left = new LineSet();
        LogEnd end = Replay(log[HeaderBytes..], left);
        lines.AddRange(left.InOrder());
        return end;
    }

    private static LogEnd Replay(ReadOnlySpan<byte> rest, LineSet lines)
    {
        int frame = RecordLog.FrameBytes(FrameVersion);
        while (rest.Length >= frame && rest.IndexOfAnyExcept((byte)0) >= 0)
        {
            if (RecordLog.ReadLength(rest, FrameVersion) is not { } length)
                return LogEnd.Damaged;
            if (length > rest.Length - frame)
                return LogEnd.Torn;
            if (!RecordLog.IsWhole(rest[..frame], rest.Slice(frame, length)))
                return LogEnd.Damaged;
            foreach (string line in Encoding.UTF8.GetString(rest.Slice(frame, length)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line[0] == '-')
                    lines.Remove(line[1..]);
                else
                    lines.Add(line[1..]);
            }
            rest = rest[(frame + length)..];
        }
        return rest.IsEmpty ? LogEnd.Whole : LogEnd.Torn;
    }
}

/// <summary>Lines of which some may be there several times, and their order.</summary>
public sealed class LineSet
{
    private readonly Dictionary<string, (int Times, long Order)> _lines = new(StringComparer.Ordinal);
    private long _order;

    public void Add(string line)
    {
        (int times, long order) = _lines.GetValueOrDefault(line, (0, ++_order));
        _lines[line] = (times + 1, order);
    }

    /// <summary>Takes one of them away, if it is there.</summary>
    public bool Remove(string line)
    {
        if (!_lines.Remove(line, out (int Times, long Order) known))
            return false;
        if (known.Times > 1)
            _lines[line] = known with { Times = known.Times - 1 };
        return true;
    }

    public IEnumerable<string> InOrder() => _lines.OrderBy(line => line.Value.Order).SelectMany(line => Enumerable.Repeat(line.Key, line.Value.Times));
}
