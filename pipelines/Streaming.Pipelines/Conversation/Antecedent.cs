using System.Text.RegularExpressions;

namespace Streaming.Pipelines.Conversation;

/// <summary>The thing that "it" stands for: the last thing that was named before, in the answer if it names one, else in the question.</summary>
internal static partial class Antecedent
{
    /// <summary>Where the words of a thing end: verbs, prepositions and what else cannot be part of its name.</summary>
    private const string Ends =
        "is|are|was|were|be|been|being|has|have|had|do|does|did|can|could|will|would|shall|should|may|might|must|came|come|comes|went|goes|go|going|left|leaves|leave|"
        + "moved|moves|move|moving|turned|turns|entered|enters|stopped|stops|crossed|crosses|passed|passes|stood|stands|stand|appeared|disappeared|vanished|seen|saw|see|"
        + "there|here|now|then|that|which|who|whom|whose|what|when|where|in|on|at|of|to|from|by|with|near|behind|before|after|below|above|under|over|into|out|"
        + "and|or|but|as|than|first|last|ever|still|so|far|any|the|a|an|it|at|looks|look|looked|says|reads";

    /// <summary>What people ask about a thing, and no thing themselves.</summary>
    private const string Aspects =
        "colour|color|shape|size|place|direction|number|name|time|end|beginning|picture|camera|frame|video|film|stream|way|side|part|light|kind|sort|moment|order|one|ones|thing|things|events?|left|right|middle|top|bottom";

    /// <summary>The same question with the thing in place of the pronoun; as it was where there is nothing to resolve.</summary>
    public static string Resolve(string text, Turn last)
    {
        if (!Refers(text) || Of(last) is not { } thing)
            return text;
        Match pronoun = Pronoun().Match(text);
        string name = pronoun.Groups["owner"].Success ? $"the {thing}'s" : $"the {thing}";
        return text[..pronoun.Index] + (pronoun.Index == 0 ? char.ToUpperInvariant(name[0]) + name[1..] : name) + text[(pronoun.Index + pronoun.Length)..];
    }

    /// <summary>A pronoun stands for something outside of the question: no thing is named before it in the same question.</summary>
    public static bool Refers(string text) =>
        Pronoun().Match(text) is { Success: true } pronoun && !Expletive().IsMatch(text) && !Thing().IsMatch(text[..pronoun.Index]);

    /// <summary>The last question about another thing; null where one of the two names none.</summary>
    /// <param name="rest">What stands after "and": "the blue one", "a square".</param>
    public static string? InsteadOf(string rest, string question)
    {
        Match other = Thing().Match(rest);
        Match old = Thing().Matches(question).LastOrDefault(match => !IsAspect(match)) ?? Match.Empty;
        if (!other.Success || other.Index > 0 || other.Length < rest.Length || !old.Success)
            return null;
        string name = other.Groups["name"].Value, before = old.Groups["name"].Value;
        // "the blue one" keeps the noun.
        if (name.Split(' ') is [.. var adjectives, "one"] && adjectives.Length > 0)
            name = string.Join(' ', adjectives.Append(before.Split(' ')[^1]));
        return question[..old.Groups["name"].Index] + name + question[(old.Groups["name"].Index + before.Length)..];
    }

    private static string? Of(Turn turn) => Last(turn.Answer) ?? Last(turn.Question);

    private static string? Last(string text) => Thing().Matches(text).LastOrDefault(match => !IsAspect(match))?.Groups["name"].Value.ToLowerInvariant();

    private static bool IsAspect(Match thing) => Aspect().IsMatch(thing.Groups["name"].Value);

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>A determiner and up to four words.</summary>
    [GeneratedRegex(@"\b(?:the|an?|this|that|any|another)\s+(?<name>(?!(?:" + Ends + @")\b)[\p{L}\p{N}-]+(?:\s+(?!(?:" + Ends + @")\b)[\p{L}\p{N}-]+){0,3})", Options)]
    private static partial Regex Thing();

    [GeneratedRegex(@"\A(?:" + Aspects + @")\z|\b(?:" + Aspects + @")\z", Options)]
    private static partial Regex Aspect();

    [GeneratedRegex(@"\b(?:(?<owner>its|their|his|her(?= (?!now|then|there|again)\w))|it|they|them|he|she|him|her|that one|this one|that (?:thing|object|person|vehicle))\b", Options)]
    private static partial Regex Pronoun();

    /// <summary>"It" that stands for nothing.</summary>
    [GeneratedRegex(@"\bit (?:get|gets|got|getting|become|became|rain|rained|raining|snow|snowed|snowing)\b|\b(?:is|was|isn't|wasn't|has|had) it (?:been )?(?:dark|light|day|night|raining|snowing|possible|true|likely)\b|\b(?:time|day|date) (?:is|was) it\b", Options)]
    private static partial Regex Expletive();
}
