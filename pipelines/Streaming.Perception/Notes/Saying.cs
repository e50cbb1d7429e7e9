using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>What a sentence that somebody said is about, so that a later one of the same takes its place.</summary>
/// <param name="Subject">In lower case, without its article.</param>
/// <param name="Verb">Such as <c>is</c> or <c>belongs to</c>; past and plural forms are as the present singular.</param>
/// <param name="Rest">What is said of it.</param>
/// <param name="IsCorrection">The sentence says that what was said before is wrong, or no longer so.</param>
public sealed partial record Saying(string Subject, string Verb, string Rest, bool IsCorrection)
{
    /// <summary>Null where the sentence is not of the form subject, verb, rest.</summary>
    public static Saying? Of(string sentence)
    {
        string text = sentence.Replace('’', '\'').Trim().TrimEnd('.', '!');
        string bare = Lead().Replace(text, "");
        if (Form().Match(bare) is not { Success: true } match)
            return null;
        string verb = match.Groups["verb"].Value.ToLowerInvariant();
        string rest = Not().Replace(match.Groups["rest"].Value, "").Trim();
        bool corrects = Correction().IsMatch(text) || NoLonger().IsMatch(text);
        return new Saying(Article().Replace(match.Groups["subject"].Value.ToLowerInvariant(), "").Trim(), Present(verb), rest, corrects);
    }

    /// <summary>
    /// Whether an earlier saying is no longer so: it says the same of the same, and a thing has only one of it (a name, an owner, a
    /// colour, a number), or this one says that it corrects.
    /// </summary>
    public bool Supersedes(Saying earlier) => Subject == earlier.Subject && Verb == earlier.Verb && (IsCorrection || KindOf(Rest) is { } kind && kind == KindOf(earlier.Rest) || IsOfOne);

    /// <summary>There is one of it at a time.</summary>
    private bool IsOfOne => Verb is "belongs to" or "is called" or "is named" or "lives" or "works" or "means" || (Verb == "is" && Aspect().IsMatch(Subject));

    private static string? KindOf(string rest) => Owner().IsMatch(rest) ? "owner" : Colour().IsMatch(rest) ? "colour" : Number().IsMatch(rest) ? "number" : null;

    private static string Present(string verb) => Spaces().Replace(verb, " ") switch
    {
        "are" or "was" or "were" or "am" or "'s" or "'re" or "'m" or "isn't" or "aren't" or "wasn't" or "weren't" => "is",
        "have" or "had" or "hasn't" or "haven't" => "has",
        "belong to" or "belonged to" => "belongs to",
        "are called" or "was called" or "were called" => "is called",
        "are named" or "was named" or "were named" => "is named",
        "live" or "lived" => "lives",
        "work" or "worked" => "works",
        "mean" or "meant" => "means",
        var other => other,
    };

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\A(?:(?:no|actually|sorry|correction|wait|oh|well|in fact|by the way|fyi|for your information|please|remember|note|to be clear|i was wrong|that's wrong|that is wrong|i meant)\b[ ,:;.-]*(?:that\b )?)+", Options)]
    private static partial Regex Lead();

    [GeneratedRegex(@"\A(?<subject>[\p{L}\p{N}][\p{L}\p{N}' -]{0,80}?)(?:\s+(?<verb>belongs? to|belonged to|(?:is|are|was|were) (?:called|named)|is|are|was|were|am|has|have|had|lives?|lived|works?|worked|means?|meant|isn't|aren't|wasn't|weren't|hasn't|haven't)|(?<=\b(?:it|he|she|they|we|you|i|that|this|there|here))(?<verb>'(?:s|re|m)))\s+(?<rest>.{1,400})\z", Options)]
    private static partial Regex Form();

    [GeneratedRegex(@"\A(?:no|actually|sorry|correction|wait|in fact|i was wrong|that's wrong|that is wrong|i meant)\b", Options)]
    private static partial Regex Correction();

    [GeneratedRegex(@"\b(?:no longer|not any ?more|is now|are now|now is|instead|, not |not [\p{L}\p{N}' ]{1,40} but)\b", Options)]
    private static partial Regex NoLonger();

    [GeneratedRegex(@"\A(?:not|no longer|now)\s+", Options)]
    private static partial Regex Not();

    [GeneratedRegex(@"\A(?:the|an?|this|that)\s+", Options)]
    private static partial Regex Article();

    [GeneratedRegex(@"\b(?:name|owner|colour|color|number|plate|size|age|address|phone|birthday|place|job|driver|code|password|price|weight|height|model|brand)\z", Options)]
    private static partial Regex Aspect();

    [GeneratedRegex(@"\A(?:[\p{L}]+(?: [\p{L}]+)?'s?|mine|ours|yours|his|hers|theirs)(?:,|\z)", Options)]
    private static partial Regex Owner();

    [GeneratedRegex(@"\A(?:red|green|blue|yellow|orange|purple|white|cyan|black|grey|gray|brown|pink|silver)(?:,|\z)", Options)]
    private static partial Regex Colour();

    [GeneratedRegex(@"\A\d", Options)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+", Options)]
    private static partial Regex Spaces();
}
