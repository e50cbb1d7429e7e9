using System.Collections.Immutable;

namespace Streaming.Perception;

/// <summary>A notebook as somebody had it who looked from one moment to another and no longer.</summary>
internal sealed class SheetStretch
{
    // Shorter gaps come from looks that missed, and nobody would call a picture empty for them.
    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(3);

    // As long as a thing may go unseen and still be in view.
    private static readonly TimeSpan Unseen = new TrackerOptions().EdgePatience;

    private readonly Dictionary<int, Note> _stays;
    private readonly HashSet<int> _gone;

    public SheetStretch(NotebookSnapshot book, TimeSpan from, TimeSpan until)
    {
        (From, Until) = (from, until);
        IsWatched = book.SeenUntil > TimeSpan.Zero || book.Notes.Any(note => note.Source == NoteSource.Perception);
        Notes = [.. book.Between(from, until + TimeSpan.FromTicks(1)).Where(note => note.Source != NoteSource.User)];
        Said = [.. book.Notes.Where(note => note is { Source: NoteSource.User, Sure: > 0 })];
        _stays = Notes.Where(note => note.Fact is { Kind: FactKind.Visit, Thing.Number: > 0 }).DistinctBy(note => note.Fact.Thing!.Value.Number)
            .ToDictionary(note => note.Fact.Thing!.Value.Number);
        _gone = [.. Notes.Where(note => note.Fact.Kind == FactKind.Leave && note.From <= until).Select(note => note.Fact.Thing!.Value.Number)];
        TimeSpan end = until < book.SeenUntil ? until : book.SeenUntil;
        There = [.. _stays.Values.Where(stay => stay.To >= end - Unseen && !_gone.Contains(stay.Fact.Thing!.Value.Number)).OrderBy(stay => stay.Fact.Thing!.Value.Number)];
        Totals = [.. book.TotalsBetween(from, until + TimeSpan.FromTicks(1))
            .Select(total => total with { Now = There.Count(stay => stay.Fact.Thing!.Value.Label == total.Label) })
            .OrderByDescending(total => total.SoFar)];
        Gaps = IsWatched ? [.. FindGaps(from, end)] : [];
    }

    public TimeSpan From { get; }

    public TimeSpan Until { get; }

    /// <summary>In order of their beginning.</summary>
    public ImmutableArray<Note> Notes { get; }

    /// <summary>What users said, whenever, and is not superseded.</summary>
    public ImmutableArray<Note> Said { get; }

    /// <summary>Perception has looked: what it did not note was not there.</summary>
    public bool IsWatched { get; }

    /// <summary>The most frequent class first.</summary>
    public ImmutableArray<ClassTotal> Totals { get; }

    /// <summary>The stays of those in view at the end.</summary>
    public ImmutableArray<Note> There { get; }

    /// <summary>When nothing was in view.</summary>
    public ImmutableArray<(TimeSpan From, TimeSpan To)> Gaps { get; }

    public bool IsEmpty => Notes.IsEmpty && Said.IsEmpty;

    /// <summary>The whole stay of a thing, which may have begun before; null if it is not known.</summary>
    public Note? StayOf(Thing thing) => _stays.GetValueOrDefault(thing.Number);

    /// <summary>When one of a class was seen last; null if no stay of it is known.</summary>
    public TimeSpan? LastSeen(string label) => _stays.Values.Where(stay => stay.Fact.Thing!.Value.Label == label).Select(stay => (TimeSpan?)stay.Sights.Last).Max();

    /// <summary>A thing's stay began before the stretch.</summary>
    public IEnumerable<Note> Earlier => _stays.Values.Where(stay => stay.From < From);

    private IEnumerable<(TimeSpan From, TimeSpan To)> FindGaps(TimeSpan from, TimeSpan end)
    {
        // Of several that are told together nobody knows when each was there.
        TimeSpan empty = Notes.Where(note => note.Fact.Thing is { Number: 0 }).Select(note => note.To).DefaultIfEmpty(from).Max();
        foreach (var (begin, over) in Spans(end).OrderBy(span => span.From).Append((From: end, To: end)))
        {
            if (begin - empty >= ShortestGap)
                yield return (empty, begin);
            empty = over > empty ? over : empty;
        }
    }

    private IEnumerable<(TimeSpan From, TimeSpan To)> Spans(TimeSpan end) =>
        from note in Notes
        where note.Fact.Thing is { Number: > 0 } && (note.Fact.Kind == FactKind.Visit || (FactWords.IsArrival(note.Fact.Kind) && StayOf(note.Fact.Thing.Value) is null))
        // One that came and whose stay is not over yet may be hidden.
        select (note.From, note.Fact.Kind == FactKind.Visit && !There.Contains(note) ? note.To : end);
}
