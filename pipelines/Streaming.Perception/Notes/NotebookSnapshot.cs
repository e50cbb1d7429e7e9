using System.Collections.Immutable;

namespace Streaming.Perception;

/// <summary>The notebook at one moment, the reading half. Immutable: any thread may read it while the stream goes on.</summary>
/// <param name="Notes">In order of their beginning.</param>
/// <param name="InView">The stays of the things that are in view now, as far as they are over, and what can be read now.</param>
/// <param name="Hidden">The same of things that were lost and texts that could not be read lately, which are waited for: not there now, and not yet gone.</param>
/// <param name="Totals">The account of each class since the stream began.</param>
/// <param name="History">What each class did over time.</param>
/// <param name="SeenUntil">The last moment that was looked at.</param>
/// <param name="LastNumber">The highest number of a thing.</param>
/// <param name="Forgotten">Notes of words that were given up because of their age.</param>
public sealed record NotebookSnapshot(
    ImmutableList<Note> Notes,
    ImmutableArray<Note> InView,
    ImmutableArray<Note> Hidden,
    ImmutableSortedDictionary<string, ClassTotal> Totals,
    ImmutableSortedDictionary<string, CountHistory> History,
    TimeSpan SeenUntil,
    int LastNumber,
    long Forgotten)
{
    public static NotebookSnapshot Empty { get; } = new(
        [], [], [], ImmutableSortedDictionary.Create<string, ClassTotal>(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, CountHistory>(StringComparer.Ordinal),
        TimeSpan.Zero, 0, 0);

    /// <summary>All that is noted, with the stays that are not over, as far as they are.</summary>
    internal IEnumerable<Note> All => Notes.Concat(InView).Concat(Hidden);

    /// <summary>The notes of what happened, or was going on, in [<paramref name="from"/>, <paramref name="to"/>), in order of their beginning;
    /// stays that go on are among them, as far as they are over.</summary>
    public IEnumerable<Note> Between(TimeSpan from, TimeSpan to) =>
        All.Where(note => note.From < to && note.To >= from).OrderBy(note => note.From);

    /// <summary>The same with what users said.</summary>
    public NotebookSnapshot With(NotebookSnapshot said) => said.Notes.IsEmpty ? this : this with { Notes = [.. Notes.Concat(said.Notes).OrderBy(note => note.From)] };

    /// <summary>The account of each class in [<paramref name="from"/>, <paramref name="to"/>): nothing later is used.</summary>
    public IReadOnlyList<ClassTotal> TotalsBetween(TimeSpan from, TimeSpan to) => from <= TimeSpan.Zero && to > SeenUntil
        ? [.. Totals.Values]
        : [.. All.Where(note => note.Fact.Thing is not null).GroupBy(note => note.Fact.Thing!.Value.Label, StringComparer.Ordinal)
            .Select(notes => StretchTotal.Of(notes.Key, [.. notes], History.GetValueOrDefault(notes.Key, CountHistory.Empty), from, to))
            .OfType<ClassTotal>().OrderBy(total => total.Label, StringComparer.Ordinal)];
}
