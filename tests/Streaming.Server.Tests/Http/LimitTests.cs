using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Streaming.Pipelines.Tests;
using Streaming.Server.Access;
using Streaming.Server.Http;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

/// <summary>What callers may take, what is written down of them, and that what they get is theirs alone.</summary>
public sealed class LimitTests
{
    private readonly string _ann = AccessKey.Generate(), _bob = AccessKey.Generate();
    private readonly FakeDirectory _directory = new();

    [Fact]
    public async Task Request_beyond_the_limit_of_its_key_is_refused_with_the_time_to_come_back()
    {
        await using RunningServer server = await StartAsync(new CallerLimits(RequestsPerMinute: 3));
        for (int i = 0; i < 3; i++)
            Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Get, "/v1/streams", _ann)).StatusCode);
        HttpResponseMessage refused = await SendAsync(server, HttpMethod.Get, "/v1/streams", _ann);
        Assert.Equal("busy", (string?)(await ProblemAsync(429, refused))["kind"]);
        Assert.Equal(TimeSpan.FromSeconds(20), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Get, "/v1/streams", _bob)).StatusCode);
        Assert.Equal(200, (int)(await server.Client.GetAsync("/livez")).StatusCode);
        string metrics = await (await SendAsync(server, HttpMethod.Get, "/metrics", _bob)).Content.ReadAsStringAsync();
        Assert.Contains("streaming_limited_requests_total{limit=\"requests\"}", metrics);
    }

    [Fact]
    public async Task Question_beyond_the_budget_of_its_key_is_refused_in_every_shape_and_streams_are_still_shown()
    {
        await using RunningServer server = await StartAsync(new CallerLimits(VisualTokensPerHour: 1));
        await SendAsync(server, HttpMethod.Post, "/v1/streams", _ann, """{"name":"door","url":"rtsp://camera/1"}""");
        const string question = """{"question":"which car?"}""";
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Post, "/v1/streams/door/ask", _ann, question)).StatusCode);
        foreach (string path in (string[])["/v1/streams/door/ask", "/v1/ask"])
        {
            HttpResponseMessage refused = await SendAsync(server, HttpMethod.Post, path, _ann, question);
            await ProblemAsync(429, refused);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 36_000_000);
        }
        HttpResponseMessage chat = await SendAsync(server, HttpMethod.Post, "/v1/chat/completions", _ann, """{"model":"scenes","messages":[{"role":"user","content":"which car?"}]}""");
        Assert.Equal((429, "rate_limit_error"), ((int)chat.StatusCode, (string?)(await JsonAsync(chat))["error"]!["type"]));
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Get, "/v1/streams/door", _ann)).StatusCode);
        Assert.Equal(200, (int)(await SendAsync(server, HttpMethod.Post, "/v1/streams/door/ask", _bob, question)).StatusCode);
    }

    [Fact]
    public async Task Audit_log_tells_who_changed_and_asked_what_and_who_was_refused_and_no_more()
    {
        await using RunningServer server = await StartAsync(CallerLimits.None);
        await SendAsync(server, HttpMethod.Post, "/v1/streams", _ann, """{"name":"door","url":"rtsp://user:s3cret@camera/1"}""");
        await SendAsync(server, HttpMethod.Get, "/v1/streams", _ann);
        await SendAsync(server, HttpMethod.Post, "/v1/streams/door/ask?trick=s3cret", _ann, """{"question":"which s3cret?"}""");
        await SendAsync(server, HttpMethod.Delete, "/v1/streams/door", "stk_s3cret");
        // A line is written when its request has ended, which the caller may learn first.
        string path = Path.Combine(server.Folder, AuditLog.FileName), text = "";
        await Wait.UntilAsync(async () => (text = File.Exists(path) ? await File.ReadAllTextAsync(path) : "").Count(c => c == '\n') == 3, () => text);
        JsonElement[] lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            [("POST /v1/streams", "ann", 201), ("POST /v1/streams/door/ask", "ann", 200), ("DELETE /v1/streams/door", null, 401)],
            lines.Select(line => ($"{line.GetProperty("method")} {line.GetProperty("path")}", line.TryGetProperty("by", out JsonElement by) ? by.GetString() : null, line.GetProperty("status").GetInt32())));
        Assert.DoesNotContain("s3cret", text);
    }

    [Theory]
    [InlineData("/v1/streams")]
    [InlineData("/v1/streams/door")]
    [InlineData("/v1/streams/door/picture.jpg")]
    [InlineData("/v1/streams/door/keyframes")]
    [InlineData("/v1/streams/door/keyframes/1.jpg")]
    [InlineData("/v1/streams/door/memory")]
    [InlineData("/v1/streams/door/heat.png")]
    [InlineData("/v1/files")]
    [InlineData("/v1/events")]
    [InlineData("/v1/session")]
    [InlineData("/v1/streams/nowhere")]
    public async Task Response_is_private_to_its_caller(string path)
    {
        await using RunningServer server = await StartAsync(CallerLimits.None);
        await SendAsync(server, HttpMethod.Post, "/v1/streams", _ann, """{"name":"door","url":"rtsp://camera/1"}""");
        HttpResponseMessage response = await SendAsync(server, HttpMethod.Get, path, _ann);
        Assert.True(response.Headers.CacheControl is { Private: true, Public: false }, $"{path}: {response.Headers.CacheControl}");
        Assert.Contains("Authorization", response.Headers.Vary);
    }

    [Fact]
    public async Task Answer_is_private_to_its_caller_also_while_it_is_written()
    {
        await using RunningServer server = await StartAsync(CallerLimits.None);
        await SendAsync(server, HttpMethod.Post, "/v1/streams", _ann, """{"name":"door","url":"rtsp://camera/1"}""");
        foreach (string accept in (string[])["application/json", "text/event-stream"])
        {
            HttpResponseMessage response = await SendAsync(server, HttpMethod.Post, "/v1/streams/door/ask", _ann, """{"question":"which car?"}""", accept);
            Assert.True(response.Headers.CacheControl is { Private: true }, accept);
        }
    }

    private Task<RunningServer> StartAsync(CallerLimits anns) => RunningServer.StartAsync(
        _directory, new HttpSettings { Port = 0 }, [Key("ann", _ann) with { Limits = anns }, Key("bob", _bob)], clock: new ManualClock());

    private static AccessKey Key(string name, string key) => new(name, Role.Admin, AccessKey.HashOf(key), null, DateTimeOffset.UtcNow, null);

    private static Task<HttpResponseMessage> SendAsync(RunningServer server, HttpMethod method, string path, string key, string? json = null, string? accept = null)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        return server.Client.SendAsync(request);
    }
}
