using System.Text.Json;

namespace Streaming.Models.OpenAI;

/// <summary>A prompt as the body of a request to <c>/chat/completions</c>: text as it is, keyframes as JPEGs inside the body.</summary>
internal static class ChatRequest
{
    public static byte[] Of(Prompt prompt, RemoteOptions options, GenerationLimits limits)
    {
        Dictionary<VisualPart, byte[]> pictures = Pictures(prompt, options.MostFrames);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("model", options.Model);
            json.WriteNumber("max_tokens", limits.MaxNewTokens);
            json.WriteNumber("temperature", 0);
            json.WriteBoolean("stream", true);
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
            if (limits.Shape?.Schema is { } schema)
                WriteFormat(json, schema);
            json.WriteStartArray("messages");
            foreach (ChatMessage message in prompt.Messages)
                Write(json, message, pictures);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void WriteFormat(Utf8JsonWriter json, string schema)
    {
        json.WriteStartObject("response_format");
        json.WriteString("type", "json_schema");
        json.WriteStartObject("json_schema");
        json.WriteString("name", "answer");
        json.WriteBoolean("strict", true);
        json.WritePropertyName("schema");
        json.WriteRawValue(schema);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChatMessage message, Dictionary<VisualPart, byte[]> pictures)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role);
        json.WriteStartArray("content");
        for (int i = 0; i < message.Content.Count; i++)
        {
            // What stands before a frame is its time, and goes with it.
            if (message.Content[i] is TextPart text && !(i + 1 < message.Content.Count && message.Content[i + 1] is VisualPart next && !pictures.ContainsKey(next)))
                WriteText(json, text.Text);
            else if (message.Content[i] is VisualPart frame && pictures.TryGetValue(frame, out byte[]? jpeg))
                WritePicture(json, jpeg);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WritePicture(Utf8JsonWriter json, byte[] jpeg)
    {
        json.WriteStartObject();
        json.WriteString("type", "image_url");
        json.WriteStartObject("image_url");
        json.WriteString("url", $"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The pictures of the first frame, the newest and others evenly between; a frame whose picture is gone is left out.</summary>
    private static Dictionary<VisualPart, byte[]> Pictures(Prompt prompt, int most)
    {
        VisualPart[] frames = [.. prompt.Messages.SelectMany(message => message.Content).OfType<VisualPart>()];
        int count = Math.Min(frames.Length, most);
        var pictures = new Dictionary<VisualPart, byte[]>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < count; i++)
        {
            VisualPart frame = frames[count == 1 ? ^1 : (int)((long)i * (frames.Length - 1) / (count - 1))];
            if (prompt.Picture?.Invoke(frame.Tokens.Origins.Span[0].Time) is { } jpeg)
                pictures[frame] = jpeg;
        }
        return pictures;
    }
}
