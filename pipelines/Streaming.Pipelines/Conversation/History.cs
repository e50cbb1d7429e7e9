using Streaming.Models;

namespace Streaming.Pipelines.Conversation;

/// <summary>Earlier turns as a model reads them.</summary>
internal static class History
{
    /// <summary>Most turns that are read: what people refer to lies in the last few, and each costs prompt.</summary>
    private const int MostTurns = 8;

    /// <summary>Most characters of them together, about a thousand tokens, as many as the pictures take; the oldest turns are left out.</summary>
    private const int MostCharacters = 4_000;

    /// <param name="tell">Names the moments of a text as the model knows them.</param>
    /// <returns>Questions and answers by turns; empty where there are none.</returns>
    public static IReadOnlyList<ChatMessage> Of(IReadOnlyList<Turn> turns, Func<string, string> tell)
    {
        int characters = 0;
        Turn[] read = [.. turns.Reverse().Take(MostTurns).TakeWhile(turn => (characters += turn.Question.Length + turn.Answer.Length) <= MostCharacters).Reverse()];
        return [.. read.SelectMany(turn => new[] { Message("user", turn.Question), Message("assistant", turn.Answer) })];

        ChatMessage Message(string role, string text) => new(role, [new TextPart(tell(text.Trim()))]);
    }
}
