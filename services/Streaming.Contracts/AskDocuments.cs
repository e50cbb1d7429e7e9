namespace Streaming.Contracts;

/// <summary>A question about one or several sources.</summary>
/// <param name="Sources">At least one. An answer over several names the source in each citation.</param>
/// <param name="From">Only what was seen from then on.</param>
/// <param name="To">Answer as of then; nothing seen later is used.</param>
/// <param name="MaxTokens">Most tokens of the answer, at least one for each source; null: as many as it takes.</param>
/// <param name="Policy">By which reducer what was kept is made fewer for this question; null: it is read as it is kept.</param>
/// <param name="Retain">Share of the kept tokens that <paramref name="Policy"/> leaves; null: as many as a prompt takes.</param>
public sealed record AskRequest(
    IReadOnlyList<SourceName> Sources, string Question, Moment? From = null, Moment? To = null, int? MaxTokens = null, string? Policy = null, double? Retain = null)
{
    /// <summary>A JSON schema that the answer of the one source has to be a value of; null: plain text.</summary>
    public string? Schema { get; init; }

    /// <summary>Whether kept pictures are looked at again, enlarged; null: if the question's words ask for detail.</summary>
    public bool? Detail { get; init; }

    /// <summary>Whether the answer also tells which visual tokens it was written from.</summary>
    public bool Sight { get; init; }

    /// <summary>The conversation that the question continues and is kept in; null: none.</summary>
    public ConversationName? Conversation { get; init; }

    /// <summary>What was stated besides the question, for each source to note; then the question may be empty.</summary>
    public IReadOnlyList<string> Stated { get; init; } = [];

    /// <summary>What was said before it where the caller keeps the conversation; in order.</summary>
    public IReadOnlyList<SaidTurn> Said { get; init; } = [];
}

/// <summary>A question and its answer as a caller repeats them.</summary>
public sealed record SaidTurn(string Question, string Answer)
{
    /// <summary>Who was asked; null: whoever is asked now.</summary>
    public SourceName? Source { get; init; }

    /// <summary>What the answer rested on.</summary>
    public IReadOnlyList<SeenSpan> Seen { get; init; } = [];
}

/// <summary>A stream or an uploaded file.</summary>
public readonly record struct SourceName(SourceKind Kind, string Name)
{
    public static SourceName Stream(string name) => new(SourceKind.Stream, name);

    public static SourceName File(string id) => new(SourceKind.File, id);

    /// <summary>The path under which the API serves it.</summary>
    public string Path => $"/v1/{(Kind == SourceKind.Stream ? "streams" : "files")}/{Uri.EscapeDataString(Name)}";
}

public enum SourceKind { Stream, File }

/// <summary>A piece of an answer on its way: some text, or at its end the whole answer, or the problem that stands in its place.</summary>
/// <param name="IsCut">The whole answer ends where its tokens or its time were used up.</param>
public sealed record AnswerPiece(string? Text = null, AnswerDocument? Answer = null, Problem? Problem = null, bool IsCut = false);
