using System.Globalization;

namespace Streaming.Models.Hub.Pulling;

/// <summary>
/// Which parts of which files have arrived, one line each, appended as they do: what an interrupted pull goes on from. Files go by their
/// digests, so that a part of another version counts for nothing. Any thread may call it.
/// </summary>
internal sealed class PullJournal : IDisposable
{
    private readonly Lock _turn = new();
    private readonly HashSet<string> _lines;
    private readonly StreamWriter _file;

    /// <param name="path">Goes on with what is there.</param>
    public PullJournal(string path)
    {
        _lines = File.Exists(path) ? [.. File.ReadAllLines(path)] : [];
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.Seek(0, SeekOrigin.End);
        _file = new StreamWriter(file) { AutoFlush = true };
        // The line that was being written when a pull was killed is ended, and means nothing.
        _file.WriteLine();
    }

    public bool Has(HubFile file, int part)
    {
        lock (_turn)
            return _lines.Contains(Line(file, part));
    }

    public void Add(HubFile file, int part)
    {
        lock (_turn)
        {
            _lines.Add(Line(file, part));
            _file.WriteLine(Line(file, part));
        }
    }

    /// <summary>Nothing of a file has arrived.</summary>
    public void Forget(HubFile file)
    {
        lock (_turn)
        {
            _lines.RemoveWhere(line => line.StartsWith(file.Digest.Hex, StringComparison.Ordinal));
            _file.BaseStream.SetLength(0);
            foreach (string line in _lines)
                _file.WriteLine(line);
        }
    }

    public void Dispose() => _file.Dispose();

    // The full stop tells a whole line from the beginning of a longer one.
    private static string Line(HubFile file, int part) => string.Create(CultureInfo.InvariantCulture, $"{file.Digest.Hex} {part}.");
}
