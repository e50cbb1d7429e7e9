using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Streaming.Contracts;
using Streaming.Server.Http;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class ProblemTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(new FakeDirectory());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(ProblemKind.NotFound, 404)]
    [InlineData(ProblemKind.Taken, 409)]
    [InlineData(ProblemKind.Invalid, 422)]
    [InlineData(ProblemKind.TooLarge, 413)]
    [InlineData(ProblemKind.Full, 507)]
    [InlineData(ProblemKind.Busy, 429)]
    public void ProblemTable_every_kind_has_its_status_and_the_status_its_word(ProblemKind kind, int status) =>
        Assert.Equal((status, ProblemTable.WordOf(kind)), (ProblemTable.StatusOf(kind), ProblemTable.WordOf(status)));

    [Theory]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/../../etc/passwd", 404)]
    [InlineData("PUT", "/v1/streams", 405)]
    [InlineData("DELETE", "/livez", 405)]
    [InlineData("BREW", "/v1/streams", 405)]
    public async Task Framework_own_refusals_are_problem_documents(string method, string path, int status)
    {
        var response = await _server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await ProblemAsync(status, response);
        Assert.Equal(status == 405, response.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task UnhandledException_is_500_without_details_and_is_logged()
    {
        JsonNode problem = await ProblemAsync(500, await _server.Client.GetAsync($"/v1/streams/{FakeDirectory.Broken}"));
        Assert.DoesNotContain("bug", problem.ToJsonString());
        Assert.Contains(_server.Log.Lines, line => line.Level == LogLevel.Error);
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("nonsense", false)]
    public async Task Traceparent_of_the_caller_is_honoured_if_it_is_one(string traceparent, bool isOne)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/nothing");
        request.Headers.Add("traceparent", traceparent);
        string trace = (string)(await ProblemAsync(404, await _server.Client.SendAsync(request)))["trace_id"]!;
        Assert.Equal(32, trace.Length);
        Assert.Equal(isOne, trace == "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Body_of_another_type_is_415(string? type)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        await ProblemAsync(415, await _server.Client.PostAsync("/v1/ask", content));
    }

    [Fact]
    public async Task Body_that_is_compressed_is_415()
    {
        var content = new StringContent("{}", null, "application/json") { Headers = { ContentEncoding = { "gzip" } } };
        await ProblemAsync(415, await _server.Client.PostAsync("/v1/ask", content));
    }

    [Fact]
    public async Task Body_too_large_is_413_with_and_without_a_length()
    {
        string large = "{\"question\":\"" + new string('?', 1 << 20) + "\"}";
        await ProblemAsync(413, await _server.PostAsync("/v1/ask", large));
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1/ask")
        {
            Content = new StringContent(large, null, "application/json"),
            Headers = { TransferEncodingChunked = true },
        };
        await ProblemAsync(413, await _server.Client.SendAsync(chunked));
    }

    [Fact]
    public async Task Body_nested_deeply_is_400() =>
        await ProblemAsync(400, await _server.PostAsync("/v1/ask", new string('[', 100_000)));

    [Fact]
    public async Task Body_that_is_not_utf8_is_400()
    {
        var content = new ByteArrayContent([.. "{\"question\":\""u8, 0xFF, 0xC0, .. "\"}"u8]) { Headers = { ContentType = new("application/json") } };
        await ProblemAsync(400, await _server.Client.PostAsync("/v1/ask", content));
    }

    [Fact]
    public async Task Log_path_with_line_breaks_forges_no_line()
    {
        await _server.Client.GetAsync("/v1/streams/a%0Ainfo:%20all%20is%20well");
        Assert.DoesNotContain(_server.Log.Lines, line => line.Text.Contains('\n'));
    }
}
