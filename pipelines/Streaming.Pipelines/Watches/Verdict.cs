using System.Text.RegularExpressions;

namespace Streaming.Pipelines.Watches;

/// <summary>Whether an answer says what a watch waits for. It has to begin with that: "no, but a yes would be nice" does not hold.</summary>
public static partial class Verdict
{
    private static readonly string[] Articles = ["a", "an", "the"];

    /// <summary>True or false; null where the answer tells neither, such as "cannot tell", or neither yes nor no where one of them is waited for.</summary>
    /// <param name="firesOn">How the answer begins that is waited for, such as "yes" or "red"; case, punctuation and articles aside.</param>
    public static bool? Of(string answer, string firesOn)
    {
        string[] said = WordsOf(answer), wanted = WordsOf(firesOn);
        if (said.AsSpan().StartsWith(wanted))
            return true;
        if (wanted is ["yes" or "no"])
            return said is ["yes" or "no", ..] ? false : null;
        return said is [] or ["cannot", ..] or ["i", "cannot", ..] ? null : false;
    }

    /// <summary>Whether it waits for a yes or a no.</summary>
    public static bool IsYesOrNo(string firesOn) => WordsOf(firesOn) is ["yes" or "no"];

    /// <summary>Whether there is anything to wait for in a text.</summary>
    public static bool IsMeant(string firesOn) => WordsOf(firesOn).Length > 0;

    private static string[] WordsOf(string text) =>
        [.. Word().Matches(text.ToLowerInvariant()).Select(match => match.Value).SkipWhile(word => Articles.Contains(word))];

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
