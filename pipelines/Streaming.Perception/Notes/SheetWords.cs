using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>The lines of a sheet; their grammar stands at <see cref="NoteSheet"/>.</summary>
/// <param name="tell">The whole second by which a moment is called.</param>
internal sealed partial class SheetWords(SheetStretch stretch, Func<TimeSpan, long> tell)
{
    // A colour with a smaller share is one among several.
    private const int SureColour = 40;

    // Longer print is not copied by a small model, and a page of it would leave no room.
    private const int LongestPrint = 40;

    public SheetLine Total(ClassTotal total) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Thing.Several(total.Label, total.SoFar)} in all: now {total.Now}, most {total.AtMost}, first {tell(total.First)} s, last {tell(total.Last)} s, longest {Whole(total.Longest)} s, busiest at {tell(total.BusiestMinute)} s with {total.BusiestCount}"),
        new Sights(total.First, total.First, total.Last));

    /// <summary>What happened, in order of time.</summary>
    public IEnumerable<(Note Note, SheetLine Line)> Events()
    {
        var nothing = new Fact(FactKind.Cut);
        var gaps = stretch.Gaps.Select(gap => (
            Note: new Note(gap.From, gap.To, NoteSource.Perception, 100, nothing), Text: "nothing is there"));
        var earlier = stretch.Earlier.Select(stay => (
            Note: new Note(stretch.From, stretch.From, stay.Source, stay.Sure, new Fact(FactKind.Present, stay.Fact.Thing), stay.Sights), Text: $"{Looks(stay.Fact.Thing!.Value)} is there"));
        return earlier.Concat(stretch.Notes.Where(IsTold).Select(note => (Note: note, Text: Of(note)))).Concat(gaps)
            .OrderBy(told => told.Note.From)
            .Select(told => (told.Note, new SheetLine(Dated(told.Note, told.Text), told.Note.Sights)));
    }

    public SheetLine Now() => new(
        $"now: {(stretch.There.IsEmpty ? "nothing" : string.Join(", ", stretch.There.Select(stay => Looks(stay.Fact.Thing!.Value))))}", Sights.At(stretch.Until));

    /// <summary>A stay is told by its beginning and its end; what lies before the stretch is not told.</summary>
    private bool IsTold(Note note) => note.Fact.Kind is not (FactKind.Visit or FactKind.Total)
        && note.From <= stretch.Until && (note.Fact.Thing is null || note.From >= stretch.From);

    private string Dated(Note note, string text)
    {
        long from = tell(note.From), to = tell(note.To < stretch.Until ? note.To : stretch.Until);
        // A thing that was there from the beginning is told at the beginning.
        string span = to > from && note.Fact.Kind != FactKind.Present ? $" to {to} s" : "";
        string doubt = note.Sure < NoteSheet.SureFrom ? "maybe " : "";
        string source = note.Source == NoteSource.Perception ? "" : $"{note.Source.ToString().ToLowerInvariant()} ";
        return string.Create(CultureInfo.InvariantCulture, $"at {from} s{span}: {doubt}{source}{text}");
    }

    private string Of(Note note)
    {
        Fact fact = note.Fact;
        string words = FactWords.Of(fact.Kind);
        if (FactWords.IsQuoted(fact.Kind))
            return $"{words} \"{Print(fact.Detail)}\"";
        if (fact.Thing is not { } thing)
            return words;
        string who = FactWords.IsArrival(fact.Kind) ? Looks(thing) : thing.ToString();
        string stayed = fact.Kind == FactKind.Leave && stretch.StayOf(thing) is { } stay
            ? string.Create(CultureInfo.InvariantCulture, $" after {Whole(stay.To - stay.From)} s")
            : "";
        return $"{who} {words}{(fact.Detail.Length > 0 ? " " : "")}{fact.Detail}{stayed}";
    }

    /// <summary>A thing with its colour, if that is known.</summary>
    private string Looks(Thing thing)
    {
        if (stretch.StayOf(thing) is not { } stay || Colour().Match(stay.Fact.Detail) is not { Success: true } colour)
            return thing.ToString();
        bool isSure = int.Parse(colour.Groups["share"].ValueSpan, CultureInfo.InvariantCulture) >= SureColour;
        return $"{(isSure ? "" : "maybe ")}{colour.Groups["name"].Value} {thing}";
    }

    private static string Print(string text)
    {
        string line = Spaces().Replace(text, " ").Trim().Replace('"', '\'');
        return line.Length <= LongestPrint ? line : line[..LongestPrint];
    }

    private static long Whole(TimeSpan length) => (long)Math.Round(length.TotalSeconds);

    /// <summary>How the detail of a stay begins where the colour is known: "red 55%".</summary>
    [GeneratedRegex(@"\A(?<name>[a-z]+) (?<share>\d{1,3})%")]
    private static partial Regex Colour();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Spaces();
}
