using System.Text.RegularExpressions;

namespace Streaming.Pipelines.Detail;

/// <summary>Whether a question asks for what a whole picture at the size of the model's input may be too small to show.</summary>
internal static partial class DetailGate
{
    public static bool Opens(string question) => Close().IsMatch(question);

    // "Say when …" asks for anything; "a small thing" is as often asked about as a large one, and what is read in one look needs no second.
    [GeneratedRegex("""
        \b(?:
        read(?:s|ing)?|writ(?:e|es|ing|ten)|wrote|text|letters?|digits?|plates?|signs?|labels?|logos?|captions?|licen[cs]e|
        tiny|smallest|details?|detailed|close(?:ly|r|-up)|zoom(?:ed)?|exactly|
        hands?|faces?|hold(?:s|ing)|held|wear(?:s|ing)|wore|carr(?:y|ies|ied|ying)
        )\b|(?<!^)\bsays?\b
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Close();
}
