using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Server.Http.OpenAI;

/// <summary>
/// The body of a chat completion. Members that are not listed are passed over, as clients send many that change nothing here; those that
/// would change the answer and cannot be honoured are listed in order to be refused.
/// </summary>
public sealed record ChatRequest
{
    /// <summary>Null: the one model that is loaded.</summary>
    public string? Model { get; init; }

    public IReadOnlyList<ChatMessage?>? Messages { get; init; }

    public bool? Stream { get; init; }

    public StreamOptions? StreamOptions { get; init; }

    /// <summary>Answers wanted; only 1 is possible.</summary>
    public int? N { get; init; }

    /// <summary>Most tokens of the answer, shared by the videos that are asked; where it ends there, finish_reason is "length".</summary>
    public int? MaxTokens { get; init; }

    /// <summary>OpenAI's newer name of max_tokens; the smaller one counts.</summary>
    public int? MaxCompletionTokens { get; init; }

    /// <summary>From 0 to 2, and without effect, as are top_p, seed and the penalties: the likeliest token is always written, which is what 0 asks for.</summary>
    public double? Temperature { get; init; }

    /// <summary>Above 0 and at most 1; without effect.</summary>
    public double? TopP { get; init; }

    /// <summary>The cap that counts; null: none.</summary>
    internal int? Cap => MaxTokens is { } tokens && MaxCompletionTokens is { } newer ? Math.Min(tokens, newer) : MaxTokens ?? MaxCompletionTokens;

    public JsonElement? Tools { get; init; }

    public JsonElement? Functions { get; init; }

    /// <summary>Of type text, or json_schema: then the answer is a value of the schema, about one video, unless its tokens end before.</summary>
    public JsonElement? ResponseFormat { get; init; }

    public JsonElement? Stop { get; init; }

    public JsonElement? LogitBias { get; init; }

    public bool? Logprobs { get; init; }

    public JsonElement? Modalities { get; init; }

    public JsonElement? MediaIoKwargs { get; init; }

    public JsonElement? WebSearchOptions { get; init; }
}

/// <param name="IncludeUsage">A last chunk tells the tokens used.</param>
public sealed record StreamOptions(bool? IncludeUsage = null);

/// <param name="Content">A text, or parts.</param>
public sealed record ChatMessage(string? Role, JsonElement? Content = null);

/// <summary>A part of a message; which members count says its type.</summary>
/// <param name="VideoUrl">{"url": …}, as vLLM has it.</param>
/// <param name="InputVideo">{"url": …}, as llama.cpp has it.</param>
public sealed record ContentPart(string? Type, string? Text = null, JsonElement? VideoUrl = null, JsonElement? InputVideo = null);
