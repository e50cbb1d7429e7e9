using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>A notebook as text and back: a head, the history of each class, and notes and totals in the grammar of <see cref="NoteLine"/>.</summary>
public static partial class NotebookText
{
    private const string Head = "notebook 1";

    /// <summary>Who is in view, or waited for, is written as whoever was: if the program dies now, that they were seen is known.</summary>
    public static IEnumerable<string> Write(NotebookSnapshot book)
    {
        yield return Head;
        yield return string.Create(CultureInfo.InvariantCulture, $"seen {NoteLine.Seconds(book.SeenUntil)} s number {book.LastNumber} forgotten {book.Forgotten}");
        foreach (var (label, history) in book.History)
            foreach (CountBucket bucket in history.Buckets)
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"{NoteLine.Seconds(bucket.Start)}-{NoteLine.Seconds(bucket.End)} s {label}: entered {bucket.Entered} left {bucket.Left} most {bucket.Most}");
        foreach (ClassTotal total in book.Totals.Values)
            yield return NoteLine.Write(total.ToNote(100));
        foreach (Note note in book.Notes.Concat(book.InView.Concat(book.Hidden).Where(seen => !book.Notes.Any(note => IsSameStay(note, seen)))))
            yield return NoteLine.Write(note);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; a line that is damaged is left out. Null if it is no notebook. Nobody is in view.</summary>
    /// <param name="lines">The head is the first of them; the others are in any order.</param>
    public static NotebookSnapshot? Read(IEnumerable<string> lines)
    {
        if (lines.ToArray() is not [Head, .. var rest] || rest.Select(line => Counts().Match(line)).FirstOrDefault(match => match.Success) is not { } counts)
            return null;
        var notes = new List<Note>();
        var totals = new Dictionary<string, ClassTotal>();
        var buckets = new Dictionary<string, List<CountBucket>>();
        foreach (string line in rest)
        {
            if (NoteLine.Read(line) is { } note)
            {
                if (ClassTotal.Of(note) is { } total)
                    totals[total.Label] = total;
                else if (note.Fact.Kind != FactKind.Total)
                    notes.Add(note);
            }
            else if (Bucket().Match(line) is { Success: true } match && ReadBucket(match) is { } bucket && Thing.IsLabel(match.Groups["label"].Value))
            {
                string label = match.Groups["label"].Value;
                if (!buckets.TryGetValue(label, out List<CountBucket>? list))
                    buckets[label] = list = [];
                list.Add(bucket);
            }
        }
        return NotebookSnapshot.Empty with
        {
            Notes = [.. notes.OrderBy(note => note.From)],
            Totals = totals.ToImmutableSortedDictionary(StringComparer.Ordinal),
            // A total without its history, or a history without its total, lost a line: what is left is kept.
            History = totals.Keys.Union(buckets.Keys).ToImmutableSortedDictionary(
                label => label, label => new CountHistory([.. Apart(buckets.GetValueOrDefault(label, []))]), StringComparer.Ordinal),
            SeenUntil = NoteLine.ReadSeconds(counts.Groups["seen"].ValueSpan) ?? TimeSpan.Zero,
            LastNumber = int.Parse(counts.Groups["number"].ValueSpan, CultureInfo.InvariantCulture),
            Forgotten = long.Parse(counts.Groups["forgotten"].ValueSpan, CultureInfo.InvariantCulture),
        };
    }

    private static bool IsSameStay(Note note, Note seen) => note.Fact.Kind == seen.Fact.Kind && note.From == seen.From && note.Fact.Thing == seen.Fact.Thing
        && (note.Fact.Thing is not null || note.Fact.Detail == seen.Fact.Detail);

    /// <summary>In order of time; of two that overlap the earlier.</summary>
    private static IEnumerable<CountBucket> Apart(List<CountBucket> buckets)
    {
        TimeSpan end = TimeSpan.Zero;
        foreach (CountBucket bucket in buckets.OrderBy(bucket => bucket.Start).Where(bucket => bucket.Start >= end))
        {
            end = bucket.End;
            yield return bucket;
        }
    }

    private static CountBucket? ReadBucket(Match match)
    {
        TimeSpan? start = NoteLine.ReadSeconds(match.Groups["start"].ValueSpan), end = NoteLine.ReadSeconds(match.Groups["end"].ValueSpan);
        return start is null || end is null || end <= start ? null : new CountBucket(start.Value, end.Value - start.Value, Number("entered"), Number("left"), Number("most"));

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\Aseen (?<seen>[\d.]+) s number (?<number>\d{1,9}) forgotten (?<forgotten>\d{1,18})\z")]
    private static partial Regex Counts();

    [GeneratedRegex(@"\A(?<start>[\d.]+)-(?<end>[\d.]+) s (?<label>[^:]+): entered (?<entered>\d{1,9}) left (?<left>\d{1,9}) most (?<most>\d{1,9})\z")]
    private static partial Regex Bucket();
}
