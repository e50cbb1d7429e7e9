using System.Net.Http.Headers;
using System.Text;
using Streaming.Server.Access;

namespace Streaming.Attacks.Access;

/// <summary>Somebody who calls.</summary>
/// <param name="Shows">Key or token; null: nothing.</param>
/// <param name="Role">Null: nobody whom the server knows.</param>
/// <param name="Streams">The only streams that exist for them; null: all.</param>
public sealed record Visitor(string Name, string? Shows, Role? Role = null, string[]? Streams = null);

/// <summary>What there is to call about.</summary>
/// <param name="File">Id of a file.</param>
/// <param name="Upload">Id of an upload that has begun.</param>
public sealed record Premises(string File, string Upload);

/// <summary>
/// Calls every route as everybody, about the stream "door" with its watch "car" and its event 1, or about the file, with a body that is
/// well formed, and compares what comes with <see cref="AccessTable"/>.
/// </summary>
/// <param name="restore">Brings back what calls before have removed.</param>
public sealed class AccessTrial(HttpClient client, Func<Task<Premises>> restore)
{
    private static readonly (string Header, string Value)[] UploadHeaders = [("Tus-Resumable", "1.0.0"), ("Upload-Length", "10"), ("Upload-Offset", "0")];

    /// <returns>How many combinations were tried, and those that did not behave as the table says.</returns>
    public async Task<(int Tried, IReadOnlyList<string> Wrong)> RunAsync(IEnumerable<string> routes, IReadOnlyList<Visitor> visitors)
    {
        int tried = 0;
        var wrong = new List<string>();
        foreach (string route in routes)
        {
            foreach (Visitor visitor in visitors)
            {
                tried++;
                (int status, string text) = await CallAsync(route, visitor.Shows);
                if (!AccessTable.Allows(route, visitor, status))
                    wrong.Add($"{route} by {visitor.Name}: {status} {text}");
            }
        }
        return (tried, wrong);
    }

    private async Task<(int Status, string Text)> CallAsync(string route, string? shown)
    {
        Premises premises = await restore();
        string[] parts = route.Split(' ');
        bool isUpload = parts[1].StartsWith("/v1/uploads", StringComparison.Ordinal);
        string path = parts[1].Replace("{name}", "door", StringComparison.Ordinal).Replace("{id}", isUpload ? premises.Upload : premises.File, StringComparison.Ordinal)
            .Replace("{number}", "1", StringComparison.Ordinal).Replace("{watch}", "car", StringComparison.Ordinal).Replace("{event}", "1", StringComparison.Ordinal)
            .Replace("{conversation}", "c1", StringComparison.Ordinal).Replace("{model}", "scenes", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(parts[0]), path) { Content = ContentOf(route, parts[0], shown) };
        if (shown is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shown);
        foreach (var (header, value) in UploadHeaders)
            request.Headers.Add(header, value);
        using HttpResponseMessage response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static HttpContent? ContentOf(string route, string method, string? shown) => method switch
    {
        "GET" or "DELETE" or "OPTIONS" => null,
        "PATCH" when route.StartsWith("PATCH /v1/uploads", StringComparison.Ordinal) =>
            new ByteArrayContent([1]) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } },
        _ when route == "POST /v1/files" => new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "other.mp4" } },
        _ => new StringContent(BodyOf(route, shown), Encoding.UTF8, "application/json"),
    };

    private static string BodyOf(string route, string? shown) => route switch
    {
        "POST /v1/session" => $$"""{"key":"{{shown}}"}""",
        "POST /v1/streams" => """{"name":"cellar","url":"rtsp://camera/1"}""",
        "POST /v1/chat/completions" => """{"model":"scenes","messages":[{"role":"user","content":"who?"}]}""",
        "POST /v1/streams/{name}/utterances" => """{"text":"who is there?"}""",
        _ when route.EndsWith("/ask", StringComparison.Ordinal) => """{"question":"who?"}""",
        _ => "{}",
    };
}
