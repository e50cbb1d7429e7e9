using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>How alike two readings of a text are, and which of several is the likeliest.</summary>
public static partial class Readings
{
    /// <summary>The reading that is nearest to all others, each counting by its score; the earliest of equals.</summary>
    /// <param name="readings">At least one.</param>
    public static string Medoid(IReadOnlyList<(string Text, float Score)> readings) => readings
        .MinBy(one => readings.Sum(other => (double)other.Score * Distance(Bare(one.Text), Bare(other.Text)))).Text;

    /// <summary>1 for equal texts, 0 for texts that share nothing; spaces do not count, because readers lose them.</summary>
    public static double Likeness(string a, string b)
    {
        (a, b) = (Bare(a), Bare(b));
        int longest = Math.Max(a.Length, b.Length);
        return longest == 0 ? 1 : 1 - Distance(a, b) / (double)longest;
    }

    /// <summary>Whether a text is a time, a date or both, with at most a word such as a weekday or a camera's name beside it.</summary>
    public static bool IsClock(string text)
    {
        string bare = Bare(text);
        int clock = ClockPart().Matches(bare).Sum(match => match.Length);
        return clock > 0 && clock >= bare.Length / 2.0;
    }

    /// <summary>Levenshtein's edit distance.</summary>
    internal static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }

    private static string Bare(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>12:30, 12:30:05, 2026-11-21, 21.11.2026, 11/21/26; readers take : for . and the like.</summary>
    [GeneratedRegex(@"\d{1,2}[:;.]\d{2}(?:[:;.]\d{2}(?:[.,]\d{1,3})?)?(?:[AaPp][Mm])?|(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))")]
    private static partial Regex ClockPart();
}
