using System.Text.Json.Serialization;
using Streaming.Contracts;

namespace Streaming.Server.Http.OpenAI;

/// <summary>An answer in one piece.</summary>
public sealed record ChatCompletion(string Id, string Object, long Created, string Model, IReadOnlyList<ChatChoice> Choices, ChatUsage Usage);

public sealed record ChatChoice(int Index, AssistantMessage Message, string FinishReason)
{
    /// <summary>Never given; clients expect the member.</summary>
    public object? Logprobs => null;
}

/// <param name="Annotations">What the answer rests on.</param>
public sealed record AssistantMessage(string Role, string Content, IReadOnlyList<Annotation> Annotations)
{
    /// <summary>Never given; clients expect the member.</summary>
    public string? Refusal => null;
}

/// <summary>A piece of an answer.</summary>
/// <param name="Usage">Only where the caller asked for it: null in all chunks but the last.</param>
public sealed record ChatChunk(string Id, string Object, long Created, string Model, IReadOnlyList<ChunkChoice> Choices, ChatUsage? Usage);

public sealed record ChunkChoice(int Index, ChunkDelta Delta, string? FinishReason)
{
    /// <summary>Never given; clients expect the member.</summary>
    public object? Logprobs => null;
}

public sealed record ChunkDelta(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Annotation>? Annotations = null);

public sealed record ChatUsage(int PromptTokens, int CompletionTokens, int TotalTokens);

/// <summary>
/// A citation. Clients that know only OpenAI's url_citation find the picture and a title; the times stand in a member of their own.
/// </summary>
public sealed record Annotation(string Type, UrlCitation UrlCitation, CitationDocument VideoCitation);

/// <param name="StartIndex">The first character of the answer that it supports.</param>
/// <param name="EndIndex">One after the last.</param>
public sealed record UrlCitation(int StartIndex, int EndIndex, string Url, string Title);

/// <summary>The models that can be asked.</summary>
public sealed record ModelList(string Object, IReadOnlyList<ModelEntry> Data);

/// <param name="Created">When the server started: the model folder tells no date.</param>
/// <param name="MaxModelLen">Tokens of prompt and answer together, under vLLM's name.</param>
public sealed record ModelEntry(string Id, string Object, long Created, string OwnedBy, int MaxModelLen);

/// <summary>How OpenAI's routes tell what went wrong.</summary>
public sealed record ErrorDocument(ErrorBody Error)
{
    internal static ErrorDocument Of(RefusalException refusal) => new(new ErrorBody(
        refusal.Message,
        refusal.Status switch { >= 500 => "server_error", 429 => "rate_limit_error", _ => "invalid_request_error" },
        refusal.Parameter,
        refusal.Kind));
}

/// <param name="Param">The member of the request that is wrong, where there is one.</param>
public sealed record ErrorBody(string Message, string Type, string? Param, string Code);

/// <summary>How these documents are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 32)]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ContentPart[]))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelEntry))]
[JsonSerializable(typeof(ErrorDocument))]
internal sealed partial class OpenAIJson : JsonSerializerContext;
