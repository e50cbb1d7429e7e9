using System.Text;
using System.Text.Json;

namespace Streaming.Models.OpenAI;

/// <summary>An answer that comes in pieces, as server-sent events; whatever ends it, what has come counts.</summary>
internal sealed class ChatAnswer(Action<string>? onText)
{
    private readonly StringBuilder _text = new();
    private int _pieces;
    private int? _promptTokens, _completionTokens;
    private FinishReason? _finish;

    public bool HasText => _pieces > 0;

    /// <summary>The server has said why it ended.</summary>
    public bool IsFinished => _finish is not null;

    /// <summary>Takes a line of the stream.</summary>
    /// <returns>True if it was the last.</returns>
    /// <exception cref="RemoteModelException">The server says that it failed, or what it says cannot be read.</exception>
    public bool Take(string line)
    {
        // Comments keep the line warm; other fields than data are not used by these servers.
        if (!line.StartsWith("data:", StringComparison.Ordinal))
            return false;
        string data = line["data:".Length..].Trim();
        if (data == "[DONE]")
            return true;
        try
        {
            using var document = JsonDocument.Parse(data);
            Take(document.RootElement);
            return false;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new RemoteModelException($"an event that cannot be read: {error.Message}", error);
        }
    }

    /// <param name="finish">Why it ended, if the server has not said.</param>
    public Completion Completion(FinishReason finish, TimeSpan first, TimeSpan whole) => new(
        _text.ToString(), _finish ?? finish, _promptTokens ?? 0, _completionTokens ?? _pieces, first, whole - first)
    { ModelTime = whole };

    private void Take(JsonElement chunk)
    {
        if (chunk.TryGetProperty("error", out JsonElement error))
            throw new RemoteModelException(error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out JsonElement words) ? $"{words}" : $"{error}");
        if (chunk.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object)
            (_promptTokens, _completionTokens) = (Count(usage, "prompt_tokens"), Count(usage, "completion_tokens"));
        if (!chunk.TryGetProperty("choices", out JsonElement choices) || choices.GetArrayLength() == 0)
            return;
        JsonElement choice = choices[0];
        if (choice.TryGetProperty("delta", out JsonElement delta) && delta.TryGetProperty("content", out JsonElement content) && content.GetString() is { Length: > 0 } piece)
        {
            _pieces++;
            _text.Append(piece);
            onText?.Invoke(piece);
        }
        if (choice.TryGetProperty("finish_reason", out JsonElement reason) && reason.GetString() is { } finish)
            _finish = finish == "length" ? FinishReason.Length : FinishReason.Stop;
    }

    private static int? Count(JsonElement usage, string name) => usage.TryGetProperty(name, out JsonElement count) && count.TryGetInt32(out int value) ? value : null;
}
