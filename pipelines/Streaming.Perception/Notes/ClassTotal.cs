using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>The account of one class over a stretch of time.</summary>
/// <param name="Now">In view at the end of the stretch.</param>
/// <param name="SoFar">Different ones seen; at least 1.</param>
/// <param name="AtMost">Most in view at once.</param>
/// <param name="First">When the first came into view.</param>
/// <param name="Last">When one was in view last.</param>
/// <param name="Longest">The longest stay in view.</param>
/// <param name="BusiestMinute">Start of the minute in which most came into view, the first such.</param>
/// <param name="BusiestCount">How many came into view then.</param>
/// <remarks>As the detail of a fact: <c>car x5 in all now 2, most 3, first 12.4 s, last 80 s, longest 30 s, busiest 60 s with 4</c>.</remarks>
public sealed partial record ClassTotal(
    string Label, int Now, int SoFar, int AtMost, TimeSpan First, TimeSpan Last, TimeSpan Longest, TimeSpan BusiestMinute, int BusiestCount)
{
    /// <param name="sure">Per cent.</param>
    public Note ToNote(int sure) => new(First, Last, NoteSource.Perception, sure, new Fact(FactKind.Total, Thing.Several(Label, SoFar), string.Create(
        CultureInfo.InvariantCulture,
        $"now {Now}, most {AtMost}, first {NoteLine.Seconds(First)} s, last {NoteLine.Seconds(Last)} s, longest {NoteLine.Seconds(Longest)} s, busiest {NoteLine.Seconds(BusiestMinute)} s with {BusiestCount}")));

    /// <summary>Null if the note holds no total.</summary>
    public static ClassTotal? Of(Note note)
    {
        if (note.Fact is not { Kind: FactKind.Total, Thing: { } thing } || Detail().Match(note.Fact.Detail) is not { Success: true } match)
            return null;
        return new ClassTotal(
            thing.Label, Number("now"), thing.Times, Number("most"), Time("first"), Time("last"), Time("longest"), Time("minute"), Number("busiest"));

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        TimeSpan Time(string group) => NoteLine.ReadSeconds(match.Groups[group].ValueSpan) ?? TimeSpan.Zero;
    }

    [GeneratedRegex(@"\Anow (?<now>\d{1,9}), most (?<most>\d{1,9}), first (?<first>[\d.]+) s, last (?<last>[\d.]+) s, longest (?<longest>[\d.]+) s, busiest (?<minute>[\d.]+) s with (?<busiest>\d{1,9})\z")]
    private static partial Regex Detail();
}
