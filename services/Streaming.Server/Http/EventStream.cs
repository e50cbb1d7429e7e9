using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Streaming.Server.Http;

/// <summary>Server-sent events on a response; the first of them begins it. Each is flushed, none is longer than its document.</summary>
internal sealed class EventStream(HttpResponse response)
{
    private const string Type = "text/event-stream";

    private int _number;

    /// <summary>Whether the caller accepts events.</summary>
    public static bool IsWanted(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted) &&
        accepted.Any(type => type.MediaType.Equals(Type, StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    /// <param name="name">The event's type; null: none, as the OpenAI shape has it, and then no id either.</param>
    public Task SendAsync<T>(string? name, T data, JsonTypeInfo<T> type)
    {
        string head = name is null ? "" : string.Create(CultureInfo.InvariantCulture, $"id: {++_number}\nevent: {name}\n");
        return WriteAsync($"{head}data: {JsonSerializer.Serialize(data, type)}\n\n");
    }

    /// <param name="id">With which a reader that comes back says how far it got.</param>
    /// <param name="name">The event's type.</param>
    public Task SendAsync<T>(string id, string name, T data, JsonTypeInfo<T> type) => WriteAsync($"id: {id}\nevent: {name}\ndata: {JsonSerializer.Serialize(data, type)}\n\n");

    /// <summary>A line of data that is no JSON.</summary>
    public Task SendAsync(string data) => WriteAsync($"data: {data}\n\n");

    /// <summary>A comment, so that nobody takes the connection for dead.</summary>
    public Task BeatAsync() => WriteAsync(": still working\n\n");

    private async Task WriteAsync(string text)
    {
        if (!response.HasStarted)
        {
            response.ContentType = $"{Type}; charset=utf-8";
            response.Headers["X-Accel-Buffering"] = "no";
        }
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), response.HttpContext.RequestAborted);
        await response.Body.FlushAsync(response.HttpContext.RequestAborted);
    }
}
