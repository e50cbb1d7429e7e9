using System.Text;
using System.Text.Json;
using Streaming.Server.Archive;

namespace Streaming.Server.Alerts;

/// <summary>
/// Lines of JSON in a file that only grows. A line is on the disk when <see cref="Append"/> returns; one that was torn is dropped by the
/// next start, one that did not fit is taken back. One caller at a time.
/// </summary>
internal sealed class AlertFile : IDisposable
{
    private readonly string _path;
    private FileStream _file;

    private AlertFile(string path, FileStream file) => (_path, _file) = (path, file);

    internal long SizeBytes => _file.Length;

    /// <param name="each">Told every whole line, in order.</param>
    internal static AlertFile Open(string path, Action<AlertLine> each, Action<string> warn)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        file.SetLength(Read(bytes, each, () => warn($"a line of {Path.GetFileName(path)} is damaged and left out")));
        file.Seek(0, SeekOrigin.End);
        return new AlertFile(path, file);
    }

    /// <param name="each">Told every whole line, in order.</param>
    /// <returns>Where the last whole line ends.</returns>
    internal static int Read(ReadOnlySpan<byte> bytes, Action<AlertLine> each, Action isDamaged)
    {
        int whole = 0;
        for (int end; (end = bytes[whole..].IndexOf((byte)'\n')) >= 0; whole += end + 1)
        {
            try
            {
                if (JsonSerializer.Deserialize(bytes.Slice(whole, end), AlertJson.Default.AlertLine) is { } line)
                    each(line);
            }
            catch (JsonException)
            {
                isDamaged();
            }
        }
        return whole;
    }

    /// <exception cref="IOException">The disk does not take it; the file is as it was.</exception>
    internal void Append(AlertLine line)
    {
        long before = _file.Position;
        try
        {
            _file.Write(BytesOf(line));
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _file.SetLength(before);
            _file.Position = before;
            throw;
        }
    }

    /// <summary>These lines in place of all there were.</summary>
    /// <exception cref="IOException">The disk does not take it; the file is as it was.</exception>
    internal void Rewrite(IEnumerable<AlertLine> lines)
    {
        AtomicFile.Write(_path, lines.SelectMany(BytesOf).ToArray());
        FileStream before = _file;
        _file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        _file.Seek(0, SeekOrigin.End);
        before.Dispose();
    }

    public void Dispose() => _file.Dispose();

    internal static byte[] BytesOf(AlertLine line) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, AlertJson.Default.AlertLine) + "\n");
}
