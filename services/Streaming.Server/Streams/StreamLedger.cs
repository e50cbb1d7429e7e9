using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server.Store;

namespace Streaming.Server.Streams;

/// <summary>
/// What a stream knows besides its keyframes, in the memory store as lines: notes in their own grammar, where things stood, and what was
/// not seen. What cannot be told now, because perception is off, stays as it was stored.
/// </summary>
internal sealed class StreamLedger : IAsyncDisposable
{
    private const string NoteWord = "note ", HeatWord = "heat ", GapWord = "gap ";

    /// <summary>What may be lost where the program is killed: a write of what changed every few seconds, not every look.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    private readonly LineJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ILookup<string, string> _past;
    private readonly Lock _gate = new();
    private TimeSpan? _until;
    private long _written;

    private StreamLedger(LineJournal journal, IReadOnlyList<string> past, TimeProvider clock)
    {
        (_journal, _clock) = (journal, clock);
        _past = past.ToLookup(line => line[..(line.IndexOf(' ', StringComparison.Ordinal) + 1)], line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);
        _until = Notes?.SeenUntil;
    }

    /// <param name="store">Owned by the ledger from now on.</param>
    /// <param name="folder">Where programs before this one stored the same in files.</param>
    /// <exception cref="StoreException">What earlier runs left cannot be read now.</exception>
    public static async Task<StreamLedger> OpenAsync(IMemoryStore store, LineJournalOptions options, StreamFolder folder)
    {
        LineJournal journal = await LineJournal.OpenAsync(store, options).ConfigureAwait(false);
        var ledger = new StreamLedger(journal, journal.Past is [] ? [.. FilesOfBefore(folder, options.Warn)] : journal.Past, options.Clock);
        if (ledger._past.Contains(NoteWord) && ledger.Notes is null)
            options.Warn($"{options.Whose}: they are of a version that this program does not know; they stay as {await store.SetAsideAsync().ConfigureAwait(false)}");
        return ledger;
    }

    /// <summary>The notes of earlier runs; null: there are none.</summary>
    public NotebookSnapshot? Notes => NotebookText.Read(_past[NoteWord]);

    /// <summary>What earlier runs did not see, in order of time.</summary>
    public IReadOnlyList<Gap> Gaps => [.. _past[GapWord].Select(line => JsonSerializer.Deserialize(line, GapJson.Default.Gap)!).OrderBy(gap => gap.From)];

    /// <summary>Up to when notes are durable; null: none is.</summary>
    public TimeSpan? Until
    {
        get
        {
            lock (_gate)
                return _until;
        }
    }

    /// <summary>Since when, and why, it is not durable; null: it is.</summary>
    public (DateTimeOffset Since, string Problem)? Trouble => _journal.Trouble;

    /// <summary>Gives a map the seconds of earlier runs.</summary>
    public void Restore(HeatMap heat)
    {
        float[] seconds = heat.Seconds();
        foreach (string[] cell in _past[HeatWord].Select(line => line.Split(' ')))
        {
            if (cell is [var index, var value] && int.TryParse(index, CultureInfo.InvariantCulture, out int i) && i < seconds.Length && i >= 0
                && float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float time))
                seconds[i] = time;
        }
        heat.Restore(seconds);
    }

    /// <summary>Begins to store.</summary>
    /// <param name="perception">Null: it is off, and what was noted before stays.</param>
    public void Begin(StreamPerception? perception, Func<IReadOnlyList<Gap>> gaps)
    {
        NotebookSnapshot? taken = null;
        _journal.Begin(Lines, () =>
        {
            lock (_gate)
                _until = taken?.SeenUntil is { } seen && seen > TimeSpan.Zero ? seen : _until;
        });

        IEnumerable<string> Lines()
        {
            taken = perception?.Notes;
            return
            [
                .. (taken is null ? _past[NoteWord] : NotebookText.Write(taken)).Select(line => NoteWord + line),
                .. (perception is null ? _past[HeatWord] : Cells(perception.Heat)).Select(line => HeatWord + line),
                .. gaps().Select(gap => GapWord + JsonSerializer.Serialize(gap, GapJson.Default.Gap)),
            ];
        }
    }

    /// <summary>Makes last what is new, now and then.</summary>
    public void Checkpoint()
    {
        long now = _clock.GetTimestamp();
        if (_written != 0 && _clock.GetElapsedTime(_written, now) < Interval)
            return;
        _written = now;
        _journal.Ring();
    }

    /// <exception cref="StoreException">It cannot be removed now.</exception>
    public Task ForgetAsync() => _journal.DeleteAsync();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    /// <summary>The lines that the files hold which were written before there was a ledger; none where they cannot be read.</summary>
    private static IEnumerable<string> FilesOfBefore(StreamFolder folder, Action<string> warn)
    {
        string notes = Path.Combine(folder.Path, "notebook.txt"), heat = Path.Combine(folder.Path, "heat.bin"), gaps = Path.Combine(folder.Path, "gaps.json");
        try
        {
            return
            [
                .. (File.Exists(notes) ? File.ReadAllLines(notes) : []).Select(line => NoteWord + line),
                .. MemoryMarshal.Cast<byte, float>(File.Exists(heat) ? File.ReadAllBytes(heat) : []).ToArray().Index().Where(cell => cell.Item > 0).Select(Cell).Select(cell => HeatWord + cell),
                .. (File.Exists(gaps) ? JsonSerializer.Deserialize(File.ReadAllBytes(gaps), GapJson.Default.GapArray) ?? [] : []).Select(gap => GapWord + JsonSerializer.Serialize(gap, GapJson.Default.Gap)),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            warn($"what earlier runs noted in {folder.Path} cannot be read: {e.Message}");
            return [];
        }
    }

    private static string Cell((int Index, float Seconds) cell) => string.Create(CultureInfo.InvariantCulture, $"{cell.Index} {cell.Seconds:0.#}");

    /// <summary>Those in which something stood, in tenths of a second: a cell that nothing stands in is not written again.</summary>
    private static IEnumerable<string> Cells(HeatMap heat) =>
        heat.Seconds().Index().Where(cell => cell.Item > 0).Select(Cell);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Gap))]
[JsonSerializable(typeof(Gap[]))]
internal sealed partial class GapJson : JsonSerializerContext;
