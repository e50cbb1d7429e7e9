using System.Text.RegularExpressions;

namespace Streaming.Pipelines.Conversation;

/// <summary>What somebody writes in a conversation, told apart: what they state about the world, and what they ask.</summary>
/// <param name="Statements">Sentences that hold by themselves: "it" is named.</param>
/// <param name="Question">The rest; empty where nothing is asked.</param>
/// <remarks>Reads English by its form: a statement begins with whom or what it is about, then comes its verb, and it neither asks nor orders.</remarks>
public sealed partial record Message(IReadOnlyList<string> Statements, string Question)
{
    /// <summary>A longer sentence is kept as a part of the question.</summary>
    private const int LongestStatement = 400;

    /// <param name="turns">What was said before.</param>
    public static Message Of(string text, IReadOnlyList<Turn> turns)
    {
        var statements = new List<string>();
        var asked = new List<string>();
        Turn[] said = [.. turns];
        foreach (Match match in Sentence().Matches(text))
        {
            string sentence = match.Value.Trim();
            if (sentence.Length <= LongestStatement && IsStatement(sentence))
            {
                string whole = said.Length > 0 ? Antecedent.Resolve(sentence, said[^1]) : sentence;
                statements.Add(whole);
                said = [.. said, new Turn(whole, "", [])];
            }
            else if (sentence.Length > 0)
            {
                asked.Add(sentence);
            }
        }
        return statements.Count == 0 ? new Message([], text) : new Message(statements, string.Join(' ', asked));
    }

    private static bool IsStatement(string sentence) => !sentence.EndsWith('?') && Statement().IsMatch(sentence) && !Doubt().IsMatch(sentence) && !InstructionGate.Opens(sentence);

    private const RegexOptions Options = RegexOptions.CultureInvariant;

    [GeneratedRegex(@"(?:[^.!?\n]|[.](?=\d))+[.!?\n]*", Options)]
    private static partial Regex Sentence();

    /// <summary>Whom it is about (an article and words, a name, "my" and words, a pronoun), then a verb of being or having.</summary>
    [GeneratedRegex(@"\A(?:(?i:no|actually|sorry|correction|wait|oh|well|in fact|by the way|fyi|for your information|please|remember|note|to be clear|i was wrong|that's wrong|that is wrong|i meant)\b[ ,:;.-]*(?i:that\b )?)*"
        + @"(?:(?i:the|an?|this|that|these|those|my|our|his|her|their|its)(?: [\p{L}\p{N}'-]+){1,8}?|\p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]*){0,3}(?:'s [\p{L} ]{1,40})?|(?i:it|he|she|they))"
        + @"(?:'s|'re| (?:is|are|was|were|isn't|aren't|wasn't|weren't|has|have|had|belongs? to|belonged to|lives?|works?|means?))(?: |\z)", Options)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\b(?:i|we) (?:wonder|want|need|would like|'d like)\b|\b(?:if|whether) (?:the|there|it|he|she|they|an?)\b|\A(?:what|which|who|whose|whom|where|when|why|how|is|are|was|were|do|does|did|has|have|had|can|could|will|would|tell|say|count|name|give|list|describe|show)\b", Options | RegexOptions.IgnoreCase)]
    private static partial Regex Doubt();
}
