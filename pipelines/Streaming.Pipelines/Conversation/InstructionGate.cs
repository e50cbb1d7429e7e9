using System.Text.RegularExpressions;

namespace Streaming.Pipelines.Conversation;

/// <summary>
/// Whether somebody who talks near a service that sees means it: what is a question that it may answer, or an order that it may carry
/// out, opens the gate; what people say to each other does not. Reads English, written or transcribed without punctuation, by its
/// grammar: where the verb stands, and whom "you" is asked to do what.
/// </summary>
public static partial class InstructionGate
{
    /// <summary>The longest stretch between a question word and its verb: "where on the left did".</summary>
    private const int FarthestVerb = 6;

    /// <param name="utterance">One or several sentences.</param>
    public static bool Opens(string utterance)
    {
        string text = utterance.Replace('’', '\'').Trim();
        Match call = GateWords.Call().Match(text);
        text = text[call.Length..];
        return Sentence().Matches(text).Any(sentence => IsMeant(sentence.Value.Trim()));
    }

    private static bool IsMeant(string sentence)
    {
        bool isMarked = sentence.EndsWith('?');
        string rest = GateWords.Tag().Replace(sentence, "");
        isMarked &= rest.Length == sentence.Length;
        string[] words = [.. Word().Matches(rest.ToLowerInvariant()).Select(match => match.Value).SkipWhile(GateWords.Fillers.Contains)];
        if (words is ["excuse", "me", ..])
            words = [.. words.Skip(2).SkipWhile(GateWords.Fillers.Contains)];
        string plain = string.Join(' ', words);
        if (words.Length == 0 || GateWords.Habits().IsMatch(plain) || GateWords.Yours().IsMatch(plain))
            return false;
        return GateWords.Order().IsMatch(plain) || GateWords.TellMe().IsMatch(plain) || ((isMarked || IsAsked(words, plain)) && !IsForSomebodyElse(words));
    }

    /// <summary>It has the form of a question, whether or not it ends with a mark.</summary>
    private static bool IsAsked(string[] words, string plain)
    {
        if (GateWords.Wondering().IsMatch(plain))
            return true;
        int first = words.Length > 1 && Prepositions.Contains(words[0]) && words[1] is "what" or "which" or "whom" or "whose" ? 1 : 0;
        return words[first..] switch
        {
            ["how", "many" or "much" or "come", ..] => true,
            ["how", .. var rest] => HasInversion(rest),
            ["what" or "which" or "who" or "whose" or "whom", var next, ..] => !GateWords.Pronouns.Contains(next),
            ["where" or "when" or "why", .. var rest] => HasInversion(rest),
            ["any" or "anyone" or "anybody" or "anything", var next, ..] => !GateWords.Auxiliaries.Contains(next) && next is not ("who" or "way" or "day"),
            [var verb, var next, ..] when GateWords.Auxiliaries.Contains(verb) => IsSubject(verb, next),
            [var word, _, ..] => Contracted().IsMatch(word),
            _ => false,
        };
    }

    /// <summary>After the question word comes, soon, an auxiliary that its subject follows.</summary>
    private static bool HasInversion(string[] rest)
    {
        int verb = Array.FindIndex(rest, GateWords.Auxiliaries.Contains);
        return verb >= 0 && verb < FarthestVerb && verb < rest.Length - 1 && (verb == 0 || !(GateWords.Pronouns.Contains(rest[verb - 1]) || GateWords.Pronouns.Contains(rest[0]) || Determiners.Contains(rest[0])));
    }

    private static bool IsSubject(string verb, string next) => !GateWords.NoSubjects.Contains(next) && (verb, next) switch
    {
        ("have", "a" or "an" or "fun" or "some" or "another" or "no" or "to" or "it") => false,
        ("do", "it" or "that" or "this" or "your" or "as") => false,
        ("had", "i" or "we" or "you" or "enough") => false,
        ("may" or "might" or "must", "have" or "i" or "we") => false,
        _ => true,
    };

    /// <summary>It asks who is listened to what they want, feel or do, or for leave.</summary>
    private static bool IsForSomebodyElse(string[] words)
    {
        for (int i = 0; i < words.Length - 1; i++)
        {
            if (words[i] == "you" && words[(i + 1)..].SkipWhile(GateWords.Adverbs.Contains).FirstOrDefault() is { } verb && !GateWords.Services.Contains(verb) && IsSubjectAt(words, i))
                return true;
            if (GateWords.Proposals.Contains(words[i]) && words[i + 1] is "i" or "we")
                return true;
        }
        return words is [_, .., "you"] && words.Any(GateWords.Asking.Contains) && words[^2] is "are" or "were" or "do" or "did";
    }

    /// <summary>"you" does something here, and nothing is done to it: "is the man behind you tall".</summary>
    private static bool IsSubjectAt(string[] words, int you) => you == 0 || GateWords.Auxiliaries.Contains(words[you - 1]) || GateWords.Asking.Contains(words[you - 1]);

    private static readonly string[] Prepositions = ["in", "on", "at", "to", "from", "of", "for", "with", "by", "since", "behind", "under"];

    private static readonly string[] Determiners = ["the", "a", "an", "my", "our", "their", "his", "her", "people", "somebody", "someone", "everybody", "nobody"];

    [GeneratedRegex(@"[^.!?]+[.!?]*")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"[\p{L}\p{N}]+('[\p{L}]+)?")]
    private static partial Regex Word();

    /// <summary>"what's", "who're", "isn't" in front of its subject.</summary>
    [GeneratedRegex(@"^((what|who|where|when|why|how|which)'(s|re|d|ll)|(is|are|was|were|do|does|did|has|have|had)n't)$")]
    private static partial Regex Contracted();
}
