using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Streaming.EndToEnd;

/// <summary>A server that is given every kind of secret, used in every way, and then everything that it said is searched.</summary>
public sealed class SecretTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly StringBuilder _said = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Serve_secrets_stand_in_nothing_that_a_run_prints()
    {
        string admin = $"admin-{Guid.NewGuid():N}", viewer = $"viewer-{Guid.NewGuid():N}", camera = $"camera-{Guid.NewGuid():N}", sub = $"sub-{Guid.NewGuid():N}", remote = $"remote-{Guid.NewGuid():N}",
            hub = $"hub-{Guid.NewGuid():N}", hook = $"hook-{Guid.NewGuid():N}", wrong = $"stk_{Guid.NewGuid():N}", mistyped = $"mistyped-{Guid.NewGuid():N}";
        foreach (var (name, value) in new[] { ("STREAMING_ADMIN_KEY", admin), ("STREAMING_VIEWER_KEY", viewer), ("STREAMING_REMOTE", "http://127.0.0.1:1/v1"), ("STREAMING_REMOTE_MODEL", "x"), ("STREAMING_REMOTE_KEY", remote), ("HF_TOKEN", hub), ("STREAMING_EGRESS", "127.0.0.1/32") })
            _cli.Variables[name] = value;
        var doctor = await _cli.RunAsync("doctor");
        _said.AppendLine(doctor.Output + doctor.Error);
        string secret;
        await using (var server = await _cli.ServeAsync())
        {
            HttpClient client = server.Client;
            await SendAsync(client, HttpMethod.Post, "/v1/streams", admin, $$"""{"name":"gate","url":"rtsp://guard:{{camera}}@127.0.0.1:9/none","sub_url":"rtsp://guard:{{sub}}@127.0.0.1:9/small"}""");
            string made = await SendAsync(client, HttpMethod.Post, "/v1/streams/gate/watches", admin, $$"""{"name":"car","question":"Is there a car?","webhook":{"url":"http://127.0.0.1:9009/{{hook}}?token={{hook}}" } }""", isTold: false);
            secret = JsonDocument.Parse(made).RootElement.GetProperty("webhook").GetProperty("secret").GetString()!;
            await SendAsync(client, HttpMethod.Post, "/v1/session", null, $$"""{"key":"{{viewer}}"}""");
            foreach (string body in (string[])[$$"""{"name":"x","url":"http://guard:{{mistyped}}@127.0.0.1/x"}""", $$"""{"name":"x","url":"rtsp://guard:{{mistyped}}@127.0.0.1:port/x"}""", $$"""{"name":"x","url":"rtsp://guard:{{mistyped}}@ /x"}"""])
                await SendAsync(client, HttpMethod.Post, "/v1/streams", admin, body);
            foreach (string path in (string[])["/v1/streams", $"/v1/streams?key={mistyped}", "/v1/nowhere"])
                await SendAsync(client, HttpMethod.Get, path, wrong);
            foreach (string path in (string[])["/v1/streams", "/v1/streams/gate", "/v1/streams/gate/watches", "/v1/streams/gate/watches/car", "/v1/events", "/v1/files", "/v1/session", "/v1/models", "/metrics", "/openapi/v1.json", "/readyz", "/"])
                await SendAsync(client, HttpMethod.Get, path, admin);
            await server.UntilAsync("/livez", live => live.GetProperty("status").GetString() == "ok");
            await Wait.UntilAsync(async () => (await SendAsync(client, HttpMethod.Get, "/v1/streams/gate", admin)).Contains("refused", StringComparison.Ordinal), () => "the camera is not said to be away");
            await SendAsync(client, HttpMethod.Delete, "/v1/streams/gate", admin);
            Assert.Equal(0, await server.StopAsync());
            _said.AppendJoin('\n', server.Log);
        }
        _said.AppendLine(await File.ReadAllTextAsync(Path.Combine(_cli.DataFolder, "audit.jsonl")));
        string said = _said.ToString();
        // It has said a lot, and all of it was caught.
        Assert.All((string[])["gate", "streaming_stream_up", "POST /v1/streams", "\"status\":401"], word => Assert.Contains(word, said));
        foreach (string hidden in (string[])[admin, viewer, camera, sub, remote, hub, hook, wrong, mistyped, secret])
            Assert.False(said.Contains(hidden, StringComparison.Ordinal), $"{hidden.Split('-', '_')[0]} was said: {Around(said, hidden)}");
    }

    /// <param name="isTold">False: what comes back is the one time that its secret is told.</param>
    private async Task<string> SendAsync(HttpClient client, HttpMethod method, string path, string? key, string? json = null, bool isTold = true)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) } };
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        if (isTold)
            _said.AppendLine(text);
        return text;
    }

    private static string Around(string said, string hidden)
    {
        int at = said.IndexOf(hidden, StringComparison.Ordinal);
        return said[Math.Max(0, at - 80)..Math.Min(said.Length, at + 80)];
    }
}
