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

    /// <summary>Checked and passed over: answers are short by themselves.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>As <see cref="MaxTokens"/>.</summary>
    public int? MaxCompletionTokens { get; init; }

    /// <summary>Checked and passed over: the most likely token is always taken.</summary>
    public double? Temperature { get; init; }

    /// <summary>As <see cref="Temperature"/>.</summary>
    public double? TopP { get; init; }

    public JsonElement? Tools { get; init; }

    public JsonElement? Functions { get; init; }

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
