using System.Runtime.InteropServices;
using System.Text;
using Streaming.Perception;
using Streaming.Pipelines;

namespace Streaming.Server.Archive;

/// <summary>The notes and the heat map of a film on disk: text in the notes' own grammar, and the map's numbers. Written whole, now and then and at the end.</summary>
/// <param name="folder">Where both lie, under names of their own.</param>
/// <param name="warn">Told once when the disk does not take it.</param>
internal sealed class NotebookFile(string folder, Action<string> warn)
{
    /// <summary>What may be lost where the program is killed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private readonly string _notebook = Path.Combine(folder, "notebook.txt"), _heat = Path.Combine(folder, "heat.bin");
    private readonly Lock _gate = new();
    private NotebookSnapshot? _written;
    private TimeSpan _writtenAt = TimeSpan.MinValue;
    private bool _hasFailed;

    /// <summary>What earlier runs left; null: nothing that can be read.</summary>
    internal NotebookSnapshot? Read()
    {
        try
        {
            return File.Exists(_notebook) ? NotebookText.Read(File.ReadLines(_notebook)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"the notes of earlier runs cannot be read: {e.Message}");
            return null;
        }
    }

    internal void ReadHeat(HeatMap heat)
    {
        const int bytes = HeatMap.Columns * HeatMap.Rows * sizeof(float);
        try
        {
            if (File.Exists(_heat) && File.ReadAllBytes(_heat) is { Length: bytes } stored)
                heat.Restore(MemoryMarshal.Cast<byte, float>(stored));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"the heat map of earlier runs cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes what is new, if enough time has passed since the last writing.</summary>
    /// <param name="isLast">Whether or not time has passed.</param>
    internal void Write(StreamPerception perception, bool isLast = false)
    {
        lock (_gate)
        {
            NotebookSnapshot notes = perception.Notes;
            if (ReferenceEquals(notes, _written) || (!isLast && _written is not null && notes.SeenUntil - _writtenAt < Interval))
                return;
            try
            {
                AtomicFile.Write(_notebook, Encoding.UTF8.GetBytes(string.Join('\n', NotebookText.Write(notes)) + "\n"));
                AtomicFile.Write(_heat, MemoryMarshal.AsBytes<float>(perception.Heat.Seconds()));
                (_written, _writtenAt, _hasFailed) = (notes, notes.SeenUntil, false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_hasFailed)
                    warn($"notes cannot be stored: {e.Message}");
                _hasFailed = true;
            }
        }
    }
}
