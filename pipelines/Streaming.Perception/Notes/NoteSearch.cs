using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>
/// Which lines a question is about, by its words: BM25, the probabilistic ranking that search engines use. A rare word says more than a
/// frequent one, the second mention less than the first, and a word in a short line more than in a long one.
/// </summary>
public static partial class NoteSearch
{
    // k1 and b as Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), found them to do well everywhere.
    private const double Saturation = 1.2, LengthWeight = 0.75;

    /// <summary>How well each line goes with a question; 0 where they share no word.</summary>
    /// <param name="query">The question's words that say what it is about.</param>
    public static double[] Score(IReadOnlyList<string> lines, string query)
    {
        string[][] words = [.. lines.Select(line => Words(line).ToArray())];
        double meanLength = words.Length == 0 ? 0 : words.Average(line => line.Length);
        var scores = new double[lines.Count];
        foreach (string word in Words(query).Distinct())
        {
            int[] counts = [.. words.Select(line => line.Count(other => other == word))];
            int holding = counts.Count(count => count > 0);
            double rarity = Math.Log(1 + ((lines.Count - holding + 0.5) / (holding + 0.5)));
            for (int i = 0; i < scores.Length; i++)
            {
                if (counts[i] > 0)
                    scores[i] += rarity * counts[i] * (Saturation + 1) / (counts[i] + (Saturation * (1 - LengthWeight + (LengthWeight * words[i].Length / meanLength))));
            }
        }
        return scores;
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => Singular(match.Value.ToLowerInvariant()));

    /// <summary>Without the ending of a plural (the S-stemmer of Harman, "How Effective Is Suffixing?", 1991, and "boxes", "watches").</summary>
    private static string Singular(string word)
    {
        if (word.Length < 4 || word[^1] != 's')
            return word;
        if (Ends("ies"))
            return Ends("eies") || Ends("aies") ? word : word[..^3] + "y";
        if (Ends("xes") || Ends("ches") || Ends("shes") || Ends("sses"))
            return word[..^2];
        return Ends("us") || Ends("ss") || Ends("aes") || Ends("ees") || Ends("oes") ? word : word[..^1];

        bool Ends(string ending) => word.EndsWith(ending, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
