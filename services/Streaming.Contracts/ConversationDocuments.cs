using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Streaming.Contracts;

/// <summary>A conversation by the name that its caller chose for it.</summary>
/// <param name="Owner">Whose it is: two callers may choose the same name.</param>
public readonly partial record struct ConversationName(string Id, string Owner = "")
{
    /// <summary>What a caller may call one, in words.</summary>
    public const string Rule = "a conversation is named by 1 to 64 letters, digits, dots, dashes and underscores";

    public static bool IsId(string id) => Id64().IsMatch(id);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Id64();
}

/// <summary>A conversation with what is kept of it: the newest 32 turns.</summary>
public sealed record ConversationDocument(string Id, IReadOnlyList<TurnDocument> Turns);

/// <summary>A question that was answered.</summary>
/// <param name="Number">From 1, never given twice in a conversation.</param>
/// <param name="Parts">What each source that was asked said to it.</param>
public sealed record TurnDocument(long Number, DateTimeOffset At, string Question, string Answer, IReadOnlyList<TurnPart> Parts);

/// <summary>What one source said, and where it was seen.</summary>
/// <param name="Stream">The stream that was asked, or</param>
/// <param name="File">the file.</param>
public sealed record TurnPart(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Stream,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? File,
    string Answer,
    IReadOnlyList<SeenSpan> Seen)
{
    [JsonIgnore]
    public SourceName Source => Stream is { } stream ? SourceName.Stream(stream) : SourceName.File(File ?? "");
}

public sealed record SeenSpan(double StartSeconds, double EndSeconds);

/// <summary>Which turn of which conversation an answer is.</summary>
/// <param name="Durable">It outlives the process. False: the store does not take it now.</param>
public sealed record TurnPlace(string Id, long Turn, bool Durable);
