namespace Streaming.Contracts;

/// <summary>
/// The turns of all conversations, and what their users said about each source. Kept by the server on one machine, and in a cluster by
/// whichever machine has them. Every method is safe to call from any thread at any time.
/// </summary>
public interface IConversations
{
    /// <summary>A conversation; one that never was, or is forgotten, has no turns.</summary>
    Task<ConversationDocument> FindAsync(ConversationName name);

    /// <summary>Keeps an answer as the next turn, and tells once it is durable or cannot be now.</summary>
    Task<TurnPlace> AddAsync(ConversationName name, string question, string answer, IReadOnlyList<TurnPart> parts);

    /// <summary>Notes what a user said about a source.</summary>
    /// <param name="at">The source's own time.</param>
    Task SayAsync(SourceName source, TimeSpan at, IReadOnlyList<string> statements);

    /// <summary>What users said about a source, as lines of notes in their own grammar.</summary>
    Task<IReadOnlyList<string>> SaidAsync(SourceName source);

    /// <summary>Forgets the turns of a conversation. What was noted because of it stays.</summary>
    Task ForgetAsync(ConversationName name);

    /// <summary>Forgets a source that is no more: what it answered, and what was said about it.</summary>
    Task ForgetAsync(SourceName source);
}
