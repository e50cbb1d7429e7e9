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

    // What a user says is one sentence.
    private const int LongestSaying = 200;

    /// <summary>How the line begins that tells who is there now.</summary>
    public const string There = "now: ";

    public SheetLine Total(ClassTotal total) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Thing.Several(total.Label, total.SoFar)} in all: now {total.Now}, most {total.AtMost}, first {tell(total.First)} s, last {tell(total.Last)} s, longest {Whole(total.Longest)} s, busiest at {tell(total.BusiestMinute)} s with {total.BusiestCount}"),
        FactKind.Total, total.Label, total.First, total.Last, new Sights(total.First, total.First, Clipped(stretch.LastSeen(total.Label) ?? total.Last)));

    /// <summary>What happened, in order of time.</summary>
    public IEnumerable<SheetLine> Events()
    {
        var earlier = stretch.Earlier.Select(stay => Line($"{Doubt(stay)}{Looks(stay.Fact.Thing!.Value, isNew: true)} is there", FactKind.Present, stay, stretch.From, stretch.From));
        var noted = stretch.Notes.Where(IsTold).Select(note => Line(
            // A thing that was there from the beginning is told at the beginning.
            $"{Doubt(note)}{Source(note)}{Of(note)}", note.Fact.Kind, note, note.From, note.Fact.Kind == FactKind.Present ? note.From : Clipped(note.To)));
        var gaps = stretch.Gaps.Select(gap => new SheetLine(
            $"{Dated(gap.From, gap.To)}nothing is there", null, null, gap.From, gap.To, new Sights(gap.From, gap.To, gap.To)));
        return stretch.Said.Select(Said).Concat(earlier).Concat(noted).Concat(gaps).OrderBy(line => line.From);
    }

    /// <summary>What a user said has no date in the stream, and no picture shows it.</summary>
    private SheetLine Said(Note note) => new($"{Source(note)}{Of(note)}", FactKind.Say, null, stretch.From, stretch.From, Sights.At(stretch.Until)) { IsSaid = true };

    public SheetLine Now() => new(
        $"{There}{(stretch.There.IsEmpty ? "nothing" : string.Join(", ", stretch.There.Select(stay => Looks(stay.Fact.Thing!.Value, isNew: true))))}",
        null, null, stretch.Until, stretch.Until, Sights.At(stretch.Until));

    /// <summary>A stay is told by its beginning and its end; what lies before the stretch is not told.</summary>
    private bool IsTold(Note note) => note.Fact.Kind is not (FactKind.Visit or FactKind.Total)
        && note.From <= stretch.Until && (note.Fact.Thing is null || note.From >= stretch.From);

    private SheetLine Line(string text, FactKind kind, Note note, TimeSpan from, TimeSpan to)
    {
        Sights sights = SightsOf(note);
        return new SheetLine(
            Dated(from, to) + text, kind, note.Fact.Thing?.Label, from, to, new Sights(sights.First > stretch.From ? sights.First : stretch.From, Clipped(sights.Clearest), Clipped(sights.Last)));
    }

    /// <summary>A thing that comes can be seen for as long as it stays.</summary>
    private Sights SightsOf(Note note) => FactWords.IsArrival(note.Fact.Kind) && note.Fact.Thing is { } thing && stretch.StayOf(thing) is { } stay
        ? stay.Sights.Join(note.Sights, isSurer: false)
        : note.Sights;

    private TimeSpan Clipped(TimeSpan time) => time < stretch.Until ? time : stretch.Until;

    private string Dated(TimeSpan from, TimeSpan to)
    {
        (long first, long last) = (tell(from), tell(to));
        return string.Create(CultureInfo.InvariantCulture, $"at {first} s{(last > first ? $" to {last} s" : "")}: ");
    }

    private static string Doubt(Note note) => note.Sure < NoteSheet.SureFrom ? "maybe " : "";

    private static string Source(Note note) => note.Source == NoteSource.Perception ? "" : $"{note.Source.ToString().ToLowerInvariant()} ";

    private string Of(Note note)
    {
        Fact fact = note.Fact;
        string words = FactWords.Of(fact.Kind);
        if (FactWords.IsQuoted(fact.Kind))
            return $"{words} \"{Print(fact.Detail, note.Source == NoteSource.User ? LongestSaying : LongestPrint)}\"";
        if (fact.Thing is not { } thing)
            return words;
        string who = Looks(thing, FactWords.IsArrival(fact.Kind));
        string stayed = fact.Kind == FactKind.Leave && stretch.StayOf(thing) is { } stay
            ? string.Create(CultureInfo.InvariantCulture, $" after {Whole(stay.To - stay.From)} s")
            : "";
        return $"{who} {words}{(fact.Detail.Length > 0 ? " " : "")}{fact.Detail}{stayed}";
    }

    /// <summary>A thing with its colour, if that is known.</summary>
    /// <param name="isNew">Whether a colour that is not sure is told too.</param>
    private string Looks(Thing thing, bool isNew)
    {
        if (stretch.StayOf(thing) is not { } stay || Colour().Match(stay.Fact.Detail) is not { Success: true } colour)
            return thing.ToString();
        string name = colour.Groups["name"].Value;
        bool isSure = int.Parse(colour.Groups["share"].ValueSpan, CultureInfo.InvariantCulture) >= SureColour;
        return isSure ? $"{name} {thing}" : isNew ? $"{thing} (maybe {name})" : thing.ToString();
    }

    private static string Print(string text, int longest)
    {
        string line = Spaces().Replace(text, " ").Trim().Replace('"', '\'');
        return line.Length <= longest ? line : line[..longest];
    }

    private static long Whole(TimeSpan length) => (long)Math.Round(length.TotalSeconds);

    /// <summary>How the detail of a stay begins where the colour is known: "red 55%".</summary>
    [GeneratedRegex(@"\A(?<name>[a-z]+) (?<share>\d{1,3})%")]
    private static partial Regex Colour();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Spaces();
}
