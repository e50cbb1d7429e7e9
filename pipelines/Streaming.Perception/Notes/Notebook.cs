using System.Collections.Immutable;

namespace Streaming.Perception;

/// <summary>
/// What is known about a stream as dated facts, with running accounts of each class. The writing half: writings happen one
/// after another, whoever writes; readers take <see cref="Snapshot"/> at any time. Bounded: old notes are told in fewer, and counts stay exact.
/// </summary>
/// <param name="past">What to go on after; null: nothing.</param>
public sealed class Notebook(NotebookOptions options, NotebookSnapshot? past = null)
{
    private readonly Lock _gate = new();
    private volatile NotebookSnapshot _snapshot = Resume(past ?? NotebookSnapshot.Empty);

    /// <summary>What is noted now; immutable.</summary>
    public NotebookSnapshot Snapshot => _snapshot;

    /// <summary>Takes notes, in any order, and counts those that came into view and went.</summary>
    public void Write(IEnumerable<Note> notes)
    {
        using Lock.Scope writing = _gate.EnterScope();
        NotebookSnapshot next = _snapshot;
        foreach (Note note in notes)
            next = Count(next with { Notes = Insert(next.Notes, note), LastNumber = Math.Max(next.LastNumber, note.Fact.Thing?.Number ?? 0) }, note);
        if (next.Notes.Count > options.MostNotes)
            next = next with { Notes = NoteFolding.Fit(next.Notes, options, out int forgotten), Forgotten = next.Forgotten + forgotten };
        _snapshot = next;
    }

    /// <summary>Takes what a user said. What was said of the same before it, and is no longer so, ends here and is as unsure as can be.</summary>
    /// <param name="at">Since when it holds.</param>
    public void Say(TimeSpan at, string words)
    {
        using Lock.Scope writing = _gate.EnterScope();
        NotebookSnapshot next = _snapshot;
        if (Saying.Of(words) is { } saying)
        {
            foreach (Note old in next.Notes.Where(note => IsSaid(note) && Saying.Of(note.Fact.Detail) is { } earlier && saying.Supersedes(earlier)).ToArray())
                next = next with { Notes = next.Notes.SetItem(IndexOf(next.Notes, old), new Note(old.From, at > old.From ? at : old.From, old.Source, 0, old.Fact)) };
        }
        _snapshot = next with { Notes = Insert(next.Notes, new Note(at, at, NoteSource.User, 100, new Fact(FactKind.Say, detail: words))) };
        if (_snapshot.Notes.Count > options.MostNotes)
            _snapshot = _snapshot with { Notes = NoteFolding.Fit(_snapshot.Notes, options, out int forgotten), Forgotten = _snapshot.Forgotten + forgotten };
    }

    private static bool IsSaid(Note note) => note is { Source: NoteSource.User, Sure: > 0, Fact.Kind: FactKind.Say };

    /// <summary>Takes who is in view at a moment, which is not before those of earlier calls.</summary>
    /// <param name="inView">One for each thing, <see cref="FactKind.Visit"/> from its arrival until now, and for each text that can be read.</param>
    /// <param name="hidden">The same of those that are waited for, until they were seen last; they do not count as being there.</param>
    public void See(TimeSpan time, IReadOnlyList<Note> inView, IReadOnlyList<Note> hidden)
    {
        using Lock.Scope writing = _gate.EnterScope();
        NotebookSnapshot next = _snapshot with { InView = [.. inView], Hidden = [.. hidden], SeenUntil = time };
        Note[] stays = [.. inView.Where(note => note.Fact.Thing is not null)];
        Dictionary<string, int> now = stays.GroupBy(stay => stay.Fact.Thing!.Value.Label).ToDictionary(group => group.Key, group => group.Count());
        foreach (ClassTotal total in next.Totals.Values)
        {
            int count = now.GetValueOrDefault(total.Label);
            if (count == 0 && total.Now == 0)
                continue;
            TimeSpan longest = count == 0 ? TimeSpan.Zero : stays.Where(stay => stay.Fact.Thing!.Value.Label == total.Label).Max(stay => stay.To - stay.From);
            next = next with
            {
                Totals = next.Totals.SetItem(total.Label, total with
                {
                    Now = count,
                    AtMost = Math.Max(total.AtMost, count),
                    Last = count > 0 ? time : total.Last,
                    Longest = longest > total.Longest ? longest : total.Longest,
                }),
                History = count == 0 ? next.History : next.History.SetItem(total.Label, next.History[total.Label].Add(time, most: count)),
            };
        }
        _snapshot = next;
    }

    /// <summary>One thing turned out to be of another class than was noted: its notes and its count move there.</summary>
    public void Rename(int number, string label)
    {
        using Lock.Scope writing = _gate.EnterScope();
        NotebookSnapshot next = _snapshot;
        Note[] mine = [.. next.Notes.Where(note => note.Fact.Thing?.Number == number)];
        foreach (Note note in mine)
        {
            Note renamed = note.About(Thing.One(label, number));
            next = Count(Uncount(next, note) with { Notes = next.Notes.SetItem(IndexOf(next.Notes, note), renamed) }, renamed);
        }
        _snapshot = next;
    }

    private static NotebookSnapshot Count(NotebookSnapshot book, Note note)
    {
        if (note.Source != NoteSource.Perception || note.Fact.Thing is not { } thing)
            return book;
        CountHistory history = book.History.GetValueOrDefault(thing.Label, CountHistory.Empty);
        if (FactWords.IsArrival(note.Fact.Kind))
        {
            history = history.Add(note.From, entered: thing.Times, most: 1);
            return book with { History = book.History.SetItem(thing.Label, history), Totals = book.Totals.SetItem(thing.Label, Arrived(book, thing, note, history)) };
        }
        if (!book.Totals.TryGetValue(thing.Label, out ClassTotal? total))
            return book;
        return note.Fact.Kind switch
        {
            FactKind.Leave => book with { History = book.History.SetItem(thing.Label, history.Add(note.To, left: thing.Times)) },
            FactKind.Visit when note.To - note.From > total.Longest => book with { Totals = book.Totals.SetItem(thing.Label, total with { Longest = note.To - note.From }) },
            _ => book,
        };
    }

    private static ClassTotal Arrived(NotebookSnapshot book, Thing thing, Note note, CountHistory history)
    {
        ClassTotal total = book.Totals.GetValueOrDefault(thing.Label)
            ?? new ClassTotal(thing.Label, 0, 0, 1, note.From, note.From, TimeSpan.Zero, TimeSpan.Zero, 0);
        TimeSpan minute = TimeSpan.FromMinutes(Math.Floor(note.From.TotalMinutes));
        int inMinute = history.Rows(minute, minute + TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1)).First().Entered;
        return total with
        {
            SoFar = total.SoFar + thing.Times,
            First = note.From < total.First ? note.From : total.First,
            Last = note.To > total.Last ? note.To : total.Last,
            BusiestMinute = inMinute > total.BusiestCount ? minute : total.BusiestMinute,
            BusiestCount = Math.Max(inMinute, total.BusiestCount),
        };
    }

    /// <summary>Takes back an arrival; a class of which none is left was never there.</summary>
    private static NotebookSnapshot Uncount(NotebookSnapshot book, Note note)
    {
        string label = note.Fact.Thing!.Value.Label;
        if (!FactWords.IsArrival(note.Fact.Kind) || !book.Totals.TryGetValue(label, out ClassTotal? total))
            return book;
        return total.SoFar <= 1
            ? book with { Totals = book.Totals.Remove(label), History = book.History.Remove(label) }
            : book with
            {
                Totals = book.Totals.SetItem(label, total with { SoFar = total.SoFar - 1 }),
                History = book.History.SetItem(label, book.History[label].Add(note.From, entered: -1)),
            };
    }

    private static ImmutableList<Note> Insert(ImmutableList<Note> notes, Note note)
    {
        int at = notes.Count;
        while (at > 0 && notes[at - 1].From > note.From)
            at--;
        return notes.Insert(at, note);
    }

    private static int IndexOf(ImmutableList<Note> notes, Note note)
    {
        for (int i = notes.Count - 1; i >= 0; i--)
            if (ReferenceEquals(notes[i], note))
                return i;
        throw new ArgumentException("The note is not in the notebook.", nameof(note));
    }

    /// <summary>Nobody is in view where nobody looks.</summary>
    private static NotebookSnapshot Resume(NotebookSnapshot past) => past with
    {
        InView = [],
        Hidden = [],
        Totals = past.Totals.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value with { Now = 0 }, StringComparer.Ordinal),
    };
}
