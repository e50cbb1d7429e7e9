using System.Collections.Immutable;

namespace Streaming.Perception;

/// <summary>
/// Tells old notes in fewer: those of one kind, class and detail within ten minutes as one with how many they were; if that is not
/// enough within an hour, a day, or ever. Only words that were read or said are given up in the end, the oldest first, a user's last unless they are superseded.
/// </summary>
internal static class NoteFolding
{
    private static readonly TimeSpan[] Slots = [TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(36_600)];

    /// <param name="notes">In order of their beginning.</param>
    /// <param name="forgotten">How many were given up.</param>
    /// <returns>At most three quarters of the limit, so that folding is rare.</returns>
    public static ImmutableList<Note> Fit(ImmutableList<Note> notes, NotebookOptions options, out int forgotten)
    {
        int room = options.MostNotes * 3 / 4, recent = Math.Min(options.RecentNotes, room);
        Note[] older = [.. notes.Take(notes.Count - recent)];
        Note[] newer = [.. notes.Skip(notes.Count - recent)];
        forgotten = 0;
        foreach (TimeSpan slot in Slots)
        {
            foreach (bool withDetail in (ReadOnlySpan<bool>)[true, false])
            {
                older = Fold(older, slot, withDetail);
                if (older.Length + newer.Length <= room)
                    return [.. older, .. newer];
            }
        }
        Note[] kept = Forget(older, older.Length + newer.Length - room);
        forgotten = older.Length - kept.Length;
        return [.. kept, .. newer];
    }

    /// <summary>What a detail says beyond the single thing; shares and ways of one thing say nothing about several.</summary>
    private static string Shared(Fact fact) => fact.Kind switch
    {
        FactKind.Text or FactKind.Clock or FactKind.Say or FactKind.Cross or FactKind.EnterZone or FactKind.LeaveZone => fact.Detail,
        FactKind.Enter or FactKind.Leave or FactKind.Visit => fact.Detail.Split(' ')[0],
        _ => "",
    };

    private static Note[] Fold(Note[] notes, TimeSpan slot, bool withDetail) =>
    [
        .. notes.GroupBy(note => (Slot: note.Source == NoteSource.User ? -1 : note.From.Ticks / slot.Ticks, note.Source, note.Fact.Kind, note.Fact.Thing?.Label,
               Detail: withDetail || note.Fact.Thing is null ? Shared(note.Fact) : ""))
           .SelectMany(IEnumerable<Note> (group) => group.Key.Slot < 0 ? group : [group.Count() == 1 ? group.First() : Together([.. group], group.Key.Detail)])
           .OrderBy(note => note.From),
    ];

    private static Note Together(Note[] notes, string detail)
    {
        Note first = notes[0];
        Thing? thing = first.Fact.Thing is { } one ? Thing.Several(one.Label, notes.Sum(note => note.Times)) : null;
        double sure = notes.Sum(note => (double)note.Sure * note.Times) / notes.Sum(note => note.Times);
        Sights sights = notes[1..].Aggregate(
            (first.Sights, first.Sure), (best, note) => (best.Sights.Join(note.Sights, note.Sure > best.Sure), Math.Max(best.Sure, note.Sure))).Sights;
        return new Note(notes.Min(note => note.From), notes.Max(note => note.To), first.Source, (int)Math.Round(sure), new Fact(first.Fact.Kind, thing, detail), sights);
    }

    private static Note[] Forget(Note[] notes, int surplus)
    {
        HashSet<Note> gone = new(
            notes.Where(note => note.Fact.Thing is null).OrderBy(note => note is { Source: NoteSource.User, Sure: > 0 }).ThenBy(note => note.From).Take(surplus),
            ReferenceEqualityComparer.Instance);
        return [.. notes.Where(note => !gone.Contains(note))];
    }
}
