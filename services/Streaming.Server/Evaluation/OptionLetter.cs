using System.Text.RegularExpressions;

namespace Streaming.Server.Evaluation;

/// <summary>Options of a question and the letters they go by.</summary>
public static partial class OptionLetter
{
    /// <summary><c>A</c> for the first option.</summary>
    public static string Of(int option) => ((char)('A' + option)).ToString();

    /// <summary>An option without the letter that a benchmark may have put before it: "B. red" is "red".</summary>
    public static string Strip(string option) => Lettered().Replace(option.Trim(), "");

    /// <summary>The question with its options as published evaluations put it to a model.</summary>
    public static string Ask(string question, IReadOnlyList<string> options) => options.Count == 0
        ? question
        : $"{question}\n{string.Join('\n', options.Select((option, i) => $"{Of(i)}. {option}"))}\nAnswer with the option's letter from the given choices directly.";

    /// <summary>
    /// The letter that a reply chooses; null if it chooses none. Strict: the reply is the letter, bare or marked as one ("(B)", "B.", "B: red"),
    /// or says that it is the answer. A word that begins with it does not count: "A person walks" chooses nothing.
    /// </summary>
    /// <param name="options">How many there are.</param>
    public static string? Parse(string reply, int options)
    {
        Match match = Chosen().Match(reply.Trim());
        return match.Success && match.Groups[1].Value[0] - 'A' < options ? match.Groups[1].Value : null;
    }

    [GeneratedRegex(@"\A\(?[A-Z][.):](?:\s+|\z)")]
    private static partial Regex Lettered();

    [GeneratedRegex(@"\A(?:(?i:(?:the )?(?:best |right |correct )?(?:answer|option)(?: is)?:?) )?\(?([A-Z])(?:\z|\)(?:\W|\z)|[.:,](?:\s|\z))")]
    private static partial Regex Chosen();
}
