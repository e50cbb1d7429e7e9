using System.Text.RegularExpressions;

namespace Streaming.Compression.Recall;

/// <summary>
/// Whether a question is about more than now. History that nobody asked for makes answers about now worse (ShallowStream, SimpleStream),
/// so that the memory is opened only by words of the past, of order, of counting and of "so far".
/// </summary>
public static partial class RecallGate
{
    /// <summary>True if what was before now is asked about.</summary>
    public static bool Opens(string question) => Past().IsMatch(question);

    // "Left" is a side, too: it is the past where something does it. A form of "be" or "do" in the past says so by itself.
    [GeneratedRegex("""
        \b(?:
        was|were|wasn't|weren't|did|didn't|had|been|
        (?:has|have)\s+(?:\w+\s+){0,6}?(?:\w+ed|been|gone|come|seen|left|stood|shown|any|ever|there)|
        ever|so\ far|at\ any\ time|in\ all|in\ total|al(?:l\ )?together|how\ often|how\ many\ times|
        first|last|before|after|earlier|previously|earliest|latest|already|then|when|since|until|till|ago|during|between|
        yesterday|today|morning|afternoon|evening|tonight|hours?|minutes?|seconds?|
        happen(?:s|ed)?|events?|history|summar\w+|went|came|entered|saw|seen|showed|stood|arrived|departed|disappeared|vanished|appeared|
        (?:that|which|who|what|it|thing|person|car)\s+left|
        (?:that|which|who|what|it|thing|thing's|things|colou?rs?)\s+(?:moved|turned|changed|passed|stopped|crossed|\w+ed)|
        change\ of|changed|turned|moved|new\ colou?r|going\ on
        )\b
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Past();
}
