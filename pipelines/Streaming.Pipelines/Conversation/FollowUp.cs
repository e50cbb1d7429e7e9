using System.Text.RegularExpressions;
using Streaming.Compression.Recall;

namespace Streaming.Pipelines.Conversation;

/// <summary>
/// A question taken out of its conversation: what it means by itself, and where in the stream that is. "And before that?" asks the last
/// question again, of what came before its evidence; "what colour was it?" is about the thing that was talked of, and about where that
/// was seen; "and the blue one?" changes the thing, "and in the last hour?" the time. What refers to nothing stays as it is.
/// </summary>
/// <param name="Text">The question with what it refers to in place of "it" and "that".</param>
/// <remarks>Reads English by the form of the words alone.</remarks>
public sealed partial record FollowUp(string Text)
{
    /// <summary>Nothing before this is meant; null: no such limit.</summary>
    public TimeSpan? From { get; private init; }

    /// <summary>Only what comes before this is meant; null: no such limit.</summary>
    public TimeSpan? Before { get; private init; }

    /// <summary>Where that was seen which is talked of, in order of time; empty: the question does not point there.</summary>
    public IReadOnlyList<Stretch> Seen { get; private init; } = [];

    /// <summary>What is there now is meant, whatever was talked of.</summary>
    public bool IsNow { get; private init; }

    /// <summary>The end of the limits at which what is meant lies.</summary>
    public RecallEnd End => Before is not null ? RecallEnd.Last : From is not null ? RecallEnd.First : RecallEnd.None;

    /// <param name="turns">In order; only the last one, and the last one with evidence, are referred to.</param>
    public static FollowUp Of(string question, IReadOnlyList<Turn> turns)
    {
        string text = question.Trim();
        if (turns.Count == 0)
            return new FollowUp(text);
        Turn last = turns[^1];
        IReadOnlyList<Stretch> seen = turns.LastOrDefault(turn => turn.Seen.Count > 0)?.Seen ?? [];
        if (BeforeThat().Match(text) is { Success: true } before)
            return Again(text, before, last) with { Before = seen is [var first, ..] && first.From > TimeSpan.Zero ? first.From : null };
        if (AfterThat().Match(text) is { Success: true } after)
            return Again(text, after, last) with { From = seen is [.., var latest] ? latest.To : null };
        if (AtThat().Match(text) is { Success: true } at)
            return Again(text, at, last) with { Seen = seen };
        if (Elliptic().Match(text) is { Success: true } elliptic)
            return Elliptical(elliptic.Groups["rest"].Value.TrimEnd('?', '.', ' '), text, last, seen);
        string resolved = Antecedent.Resolve(text, last);
        return resolved == text && !Antecedent.Refers(text) ? new FollowUp(text) : new FollowUp(resolved) { Seen = Now().IsMatch(text) ? [] : seen };
    }

    /// <summary>What is left of the question without the words that point; where that is nothing, the last question without its time.</summary>
    private static FollowUp Again(string text, Match pointing, Turn last)
    {
        string rest = Lead().Replace((text[..pointing.Index] + text[(pointing.Index + pointing.Length)..]).Replace(" ?", "?"), "").Trim(' ', ',', '.', '?');
        return rest.Any(char.IsLetter) ? new FollowUp(Antecedent.Resolve($"{char.ToUpperInvariant(rest[0])}{rest[1..]}?", last)) : new FollowUp(Timeless(last.Question));
    }

    /// <summary>"And the blue one?", "and now?", "and at 14:05?", "and what did it do?"</summary>
    private static FollowUp Elliptical(string rest, string text, Turn last, IReadOnlyList<Stretch> seen)
    {
        if (OnlyNow().IsMatch(rest))
            return new FollowUp(Timeless(last.Question)) { IsNow = true };
        if (TimeWords.Without(rest).Trim(' ', ',').Length == 0)
            return new FollowUp($"{rest}: {Timeless(last.Question)}");
        if (Antecedent.InsteadOf(rest, last.Question) is { } changed)
            return new FollowUp(changed) { Seen = seen };
        string resolved = Antecedent.Resolve(text, last);
        return resolved == text ? new FollowUp(text) : new FollowUp(resolved) { Seen = Now().IsMatch(text) ? [] : seen };
    }

    private static string Timeless(string question) => TimeWords.Without(question) is var bare && bare.Any(char.IsLetter) ? bare : question;

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const string That = "(?:that|this|it|then|those|these)";

    [GeneratedRegex(@",?\s*\b(?:(?:(?:just|right|shortly) )?(?:before|prior to|ahead of|earlier than|leading up to) " + That + @"|beforehand|(?:just |right )?before(?=\s*\?*$))\b(?! (?:\w+ )*(?:was|were|is|had|came|left))", Options)]
    private static partial Regex BeforeThat();

    [GeneratedRegex(@",?\s*\b(?:(?:(?:just|right|shortly) )?(?:after|following|later than) " + That + @"|afterwards?|next(?=\s*\?*$)|(?<=\Aand )then(?=\s*\?*$)|(?<=what )then(?=\s*\?*$))\b(?! (?:\w+ )*(?:was|were|is|had|came|left))", Options)]
    private static partial Regex AfterThat();

    [GeneratedRegex(@",?\s*\b(?:at (?:that|the same) (?:time|moment)|when (?:that|this|it) happened|meanwhile|in the meantime|while (?:that|this) (?:was )?happen(?:ed|ing))\b", Options)]
    private static partial Regex AtThat();

    [GeneratedRegex(@"\A(?:and|but|or|what about|how about|and what about|and how about)\s+(?<rest>[^?]+)\??\s*\z", Options)]
    private static partial Regex Elliptic();

    [GeneratedRegex(@"\A(?:and|but|so|or|well|ok|okay)\b[ ,]*", Options)]
    private static partial Regex Lead();

    [GeneratedRegex(@"\A(?:right |just )?(?:now|currently|at the moment|today's picture)\z", Options)]
    private static partial Regex OnlyNow();

    [GeneratedRegex(@"\b(?:now|currently|still|at the moment|at present|these days)\b", Options)]
    private static partial Regex Now();
}
