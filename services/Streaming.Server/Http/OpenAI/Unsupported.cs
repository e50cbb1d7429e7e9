using System.Text.Json;

namespace Streaming.Server.Http.OpenAI;

/// <summary>Refuses what a chat completion asks for and this server cannot honour, rather than answering as if it had.</summary>
internal static class Unsupported
{
    /// <exception cref="RefusalException">The request asks for something that is not possible here.</exception>
    public static void Refuse(ChatRequest request)
    {
        Check(request.N is null or 1, "n", "there is one answer to a question");
        Check(IsEmpty(request.Tools), "tools", "the model calls no tools");
        Check(IsEmpty(request.Functions), "functions", "the model calls no functions");
        Check(IsEmpty(request.LogitBias), "logit_bias", "tokens cannot be favoured");
        Check(IsEmpty(request.Stop), "stop", "answers end by themselves, stop sequences are not looked for");
        Check(request.Logprobs is not true, "logprobs", "probabilities are not told");
        Check(IsEmpty(request.WebSearchOptions), "web_search_options", "only videos are searched");
        Check(IsEmpty(request.MediaIoKwargs), "media_io_kwargs", "how often frames are looked at is set where a stream is declared");
        Check(IsTextOnly(request.Modalities), "modalities", "answers are plain text");
        Check(request.MaxTokens is null or > 0, "max_tokens", "it has to be at least 1");
        Check(request.MaxCompletionTokens is null or > 0, "max_completion_tokens", "it has to be at least 1");
        Check(request.Temperature is null or (>= 0 and <= 2), "temperature", "it has to be from 0 to 2");
        Check(request.TopP is null or (> 0 and <= 1), "top_p", "it has to be above 0 and at most 1");
        Check(request.StreamOptions is null || request.Stream is true, "stream_options", "it goes with stream: true only");
    }

    private static void Check(bool isPossible, string parameter, string why)
    {
        if (!isPossible)
            throw new RefusalException(422, $"{parameter}: {why}", "unsupported_parameter", parameter);
    }

    private static bool IsEmpty(JsonElement? value) => value is null ||
        value.Value.ValueKind is JsonValueKind.Null ||
        (value.Value.ValueKind is JsonValueKind.Array && value.Value.GetArrayLength() == 0) ||
        (value.Value.ValueKind is JsonValueKind.Object && !value.Value.EnumerateObject().Any());

    private static bool IsTextOnly(JsonElement? modalities) => IsEmpty(modalities) ||
        (modalities!.Value.ValueKind is JsonValueKind.Array && modalities.Value.EnumerateArray().All(one => one.ValueKind is JsonValueKind.String && one.ValueEquals("text")));
}
