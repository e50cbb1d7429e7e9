using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Perception;
using Streaming.World;

namespace Streaming.Benchmarks.Clips;

/// <summary>A plain question about a clip with its answer.</summary>
/// <param name="Kind">What is asked: count, most, now, when, side, colour, empty, first, exists or absent.</param>
public sealed record ClipFact(string Kind, string Question, string Answer);

/// <summary>What people ask about a clip, answered by who was there when; and what a notebook says who was there.</summary>
public static partial class ClipFacts
{
    /// <summary>Things that are in none of the clips.</summary>
    private static readonly string[] Absent = ["dog", "bus", "umbrella"];

    /// <summary>What began or ended this close to the ends of the footage was there from the beginning, or to the end.</summary>
    private const double Edge = 0.5;

    private const double ShortestGap = 3, ToleranceSeconds = 1;

    /// <summary>The questions that a clip allows; the same stays are asked for whatever is given.</summary>
    /// <param name="stays">Who was there: the truth of the clip, or what was perceived of it.</param>
    public static IReadOnlyList<ClipFact> Of(RealClip clip, IReadOnlyList<Stay> stays)
    {
        var facts = new List<ClipFact>();
        foreach (string label in clip.Stays.Select(stay => stay.Class).Distinct())
            facts.AddRange(OfClass(clip, label, [.. stays.Where(stay => stay.Class == label).OrderBy(stay => stay.From ?? 0)]));
        facts.AddRange(Absent.Select(label => new ClipFact("absent", $"Was there {ClassNames.One(label)}?", stays.Any(stay => stay.Class == label) ? "yes" : "no")));
        if (!clip.IsCounted)
            return facts;
        facts.Add(new("empty", "When was nothing there?", Gaps(clip, stays)));
        if (clip.Stays.Select(stay => stay.Class).Distinct().Count() > 1 && clip.Stays.Any(stay => stay.From is not null))
            facts.Add(new("first", "What came first?", stays.Where(stay => stay.From is not null).MinBy(stay => stay.From)?.Class ?? ""));
        return facts;
    }

    private static IEnumerable<ClipFact> OfClass(RealClip clip, string label, Stay[] stays)
    {
        string several = ClassNames.Plural(label);
        yield return new("exists", $"Was there {ClassNames.One(label)}?", stays.Length > 0 ? "yes" : "no");
        yield return new("most", $"How many {several} were there at most?", $"{MostAtOnce(stays)}");
        yield return new("now", $"How many {several} are there at the end?", $"{stays.Count(stay => stay.To is null)}");
        if (!clip.IsCounted)
            yield break;
        Stay[] truth = [.. clip.Stays.Where(stay => stay.Class == label).OrderBy(stay => stay.From ?? 0)];
        yield return new("count", $"How many {several} were there in all?", $"{stays.Length}");
        Stay? first = stays.FirstOrDefault(stay => stay.From is not null), last = stays.Where(stay => stay.To is not null).MaxBy(stay => stay.To);
        if (truth.Any(stay => stay.From is not null))
        {
            yield return new("when", $"When did the first {label} come?", At(first?.From));
            yield return new("side", $"From which side did the first {label} come?", first?.FromEdge ?? "");
        }
        if (truth.Any(stay => stay.To is not null))
        {
            yield return new("when", $"When did the last {label} leave?", At(last?.To));
            yield return new("side", $"By which side did the last {label} leave?", last?.ToEdge ?? "");
        }
        if (truth[0].Colour is not null)
            yield return new("colour", $"Which colour had the first {label}?", stays.FirstOrDefault()?.Colour ?? "");
        if (truth.Length > 1 && truth[^1].Colour is not null)
            yield return new("colour", $"Which colour had the last {label}?", stays.LastOrDefault()?.Colour ?? "");
    }

    /// <summary>What a notebook says who was there.</summary>
    public static IReadOnlyList<Stay> Noted(NotebookSnapshot notes, double seconds)
    {
        Note[] all = [.. notes.Notes.Concat(notes.InView).Where(note => note.Fact.Thing is { Number: > 0 })];
        return
        [
            .. from visit in all.Where(note => note.Fact.Kind == FactKind.Visit && note.Sure >= NoteSheet.SureFrom).DistinctBy(note => note.Fact.Thing!.Value.Number)
               let own = all.Where(note => note.Fact.Thing!.Value.Number == visit.Fact.Thing!.Value.Number).ToArray()
               let leave = own.LastOrDefault(note => note.Fact.Kind == FactKind.Leave)
               select new Stay(
                   visit.Fact.Thing!.Value.Label,
                   visit.From.TotalSeconds <= Edge ? null : visit.From.TotalSeconds,
                   leave is null || visit.To.TotalSeconds >= seconds - Edge ? null : visit.To.TotalSeconds,
                   First(own.FirstOrDefault(note => note.Fact.Kind == FactKind.Enter)), First(leave), First(visit)),
        ];
    }

    /// <summary>The same, seconds one off at most; where several answers fit, one of them.</summary>
    public static bool IsRight(string given, string truth) => truth.Split('|').Any(one =>
        AnswerKey.IsRight(given, one) || (Number().IsMatch(one) && one.EndsWith(" s", StringComparison.Ordinal) && Number().Replace(given, "#") == Number().Replace(one, "#")
            && Numbers(given).Zip(Numbers(one)).All(pair => Math.Abs(pair.First - pair.Second) <= ToleranceSeconds)));

    private static string First(Note? note) => note?.Fact.Detail.Split(' ')[0] ?? "";

    private static int MostAtOnce(Stay[] stays) =>
        stays.Select(stay => stays.Count(other => (other.From ?? 0) <= (stay.From ?? 0) && (other.To ?? double.MaxValue) > (stay.From ?? 0))).DefaultIfEmpty(0).Max();

    private static string Gaps(RealClip clip, IReadOnlyList<Stay> stays)
    {
        var gaps = new List<string>();
        double empty = 0;
        foreach ((double from, double to) in stays.Select(stay => (stay.From ?? 0, stay.To ?? clip.Seconds)).OrderBy(stay => stay.Item1).Append((clip.Seconds, clip.Seconds)))
        {
            if (from - empty >= ShortestGap)
                gaps.Add(string.Create(CultureInfo.InvariantCulture, $"at {Math.Floor(empty)} s to {Math.Floor(from)} s"));
            empty = Math.Max(empty, to);
        }
        return gaps.Count == 0 ? "never" : string.Join(", ", gaps);
    }

    private static string At(double? seconds) => seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"at {Math.Floor(known)} s") : "";

    private static IEnumerable<int> Numbers(string text) => Number().Matches(text).Select(match => int.Parse(match.ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
