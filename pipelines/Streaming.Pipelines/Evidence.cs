using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Perception;

namespace Streaming.Pipelines;

/// <summary>
/// Which spans an answer rests on. A time that the answer names is cited with the keyframes around it. An answer that names none rests on
/// the notes that hold its words, else on those of the things that it or the question names, from their first sight to their last; where
/// there are none, on the whole span that the model read.
/// </summary>
/// <remarks>
/// The shortest recent part of the memory from which the model writes the same answer would be a narrower span, a third of the
/// stretch at the cost of three more runs. On 30 validation films it left out what the answer is about in 43 of 224 cases: what is
/// in sight is carried along, so the model gives its answer without having read when and how it came about.
/// </remarks>
internal static partial class Evidence
{
    /// <summary>More spans than a person looks at are told as one.</summary>
    private const int MostSpans = 4;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <param name="recalled">The frames that the model read. The last one was still what there was to see at the end.</param>
    /// <param name="memory">What these were taken of: notes tell of more than was recalled.</param>
    /// <param name="notes">What else it read.</param>
    /// <returns>None where there is no keyframe to show.</returns>
    public static IReadOnlyList<Citation> Of(string answer, string question, Recalled recalled, MemorySnapshot memory, NoteSheet notes)
    {
        Keyframe[] read = [.. recalled.Entries.Select(e => e.Keyframe)];
        Keyframe[] kept = notes.IsEmpty ? read : [.. memory.Entries.Select(e => e.Keyframe).TakeWhile(k => k.Time <= recalled.Scope.Until)];
        if (kept.Length == 0)
            return [];
        Citation[] named = [.. NamedSeconds().Matches(answer)
            .Select(m => TimeSpan.FromSeconds(int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)))
            .Select(second => At(second, read, recalled.Scope.Until) ?? (IsNoted(second, notes) ? Around(second, kept, recalled.Scope.Until) : null))
            .OfType<Citation>().Distinct()];
        if (named.Length > 0)
            return named;
        Sights[] sights = Spans(Telling(answer, question, notes).Where(line => !line.IsSaid).Select(line => line.Sights));
        return sights.Length > 0 ? [.. sights.Select(span => new Citation(span.First, span.Last, Showing(span, kept)))] : Read(read, recalled);
    }

    /// <summary>One span for each stretch that was read.</summary>
    private static List<Citation> Read(Keyframe[] read, Recalled recalled)
    {
        var spans = new List<Citation>();
        IReadOnlyList<Stretch> stretches = recalled.Plan!.Stretches;
        foreach (Stretch stretch in stretches)
        {
            // What was seen last before a stretch without news stands for it.
            Keyframe[] inside = stretches.Count == 1 ? read : [.. read.Where(keyframe => keyframe.Time >= stretch.From && keyframe.Time < stretch.To)];
            if (inside.Length > 0)
                spans.Add(new Citation(inside[0].Time, stretch == stretches[^1] ? recalled.Scope.Until : inside[^1].Time, inside[^1]));
        }
        return spans;
    }

    /// <summary>The lines that an answer rests on; none where nobody can tell.</summary>
    private static SheetLine[] Telling(string answer, string question, NoteSheet notes)
    {
        SheetLine[] about = [.. About(answer, notes)];
        about = about.Length > 0 ? about : [.. About(question, notes)];
        string[] parts = [.. answer.Split(", ").Select(part => Hedge().Replace(part, "").TrimEnd('.')).Where(part => part.Any(char.IsLetter))];
        SheetLine[] holding = [.. notes.Lines.Where(line => (about.Length == 0 || line.Label is null || about.Contains(line)) && parts.Any(part => Holds(line, part)))];
        return holding.Length > 0 ? holding : about;
    }

    private static IEnumerable<SheetLine> About(string text, NoteSheet notes) =>
        notes.Lines.Where(line => line.Label is { } label && ClassNames.IsNamed(label, text));

    private static bool Holds(SheetLine line, string words) =>
        Regex.IsMatch(line.Text, $@"(?<!\w){Regex.Escape(words)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>What overlaps becomes one, shown by the longest; in order of time.</summary>
    private static Sights[] Spans(IEnumerable<Sights> sights)
    {
        var spans = new List<Sights>();
        foreach (Sights next in sights.OrderBy(s => s.First).ThenByDescending(s => s.Last))
        {
            if (spans is [.., var last] && next.First <= last.Last)
                spans[^1] = last.Join(next, isSurer: false);
            else
                spans.Add(next);
        }
        return spans.Count > MostSpans ? [spans.Aggregate((all, next) => all.Join(next, isSurer: false))] : [.. spans];
    }

    /// <summary>The keyframe that stood for the picture when the thing was seen best; where that one is from before it came, the next.</summary>
    private static Keyframe Showing(Sights span, Keyframe[] kept)
    {
        Keyframe? standing = Array.FindLast(kept, k => k.Time <= span.Clearest), next = Array.Find(kept, k => k.Time > span.Clearest);
        bool isBefore = standing is null || standing.Time < span.First;
        return isBefore && next is not null && (standing is null || next.Time <= span.Last) ? next : standing!;
    }

    /// <summary>The keyframe of that second and what came before; null if that second was not read.</summary>
    private static Citation? At(TimeSpan second, Keyframe[] read, TimeSpan until) =>
        Array.Exists(read, k => IsIn(k.Time, second)) ? Around(second, read, until) : null;

    private static Citation Around(TimeSpan second, Keyframe[] keyframes, TimeSpan until)
    {
        int next = Array.FindIndex(keyframes, k => k.Time >= second);
        return next < 0 ? new Citation(keyframes[^1].Time, until, keyframes[^1]) : new Citation(keyframes[Math.Max(0, next - 1)].Time, keyframes[next].Time, keyframes[next]);
    }

    private static bool IsNoted(TimeSpan second, NoteSheet notes) => notes.Lines.Any(line => IsIn(line.From, second) || IsIn(line.To, second));

    private static bool IsIn(TimeSpan time, TimeSpan second) => time >= second && time < second + Second;

    /// <summary>"at 7 s" and "at 7 s to 9 s", as the shipped model writes times.</summary>
    [GeneratedRegex(@"\b(?:at|to) (\d{1,9}) s\b")]
    private static partial Regex NamedSeconds();

    /// <summary>How a part of an answer begins that is not what the notes call it.</summary>
    [GeneratedRegex(@"\A(?:maybe )?(?:(?:the|an?) )?", RegexOptions.IgnoreCase)]
    private static partial Regex Hedge();
}
