using System.Text;
using System.Text.Json.Nodes;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using Streaming.Contracts;
using Streaming.Server.Http;

namespace Streaming.Server.Tests.Http;

/// <summary>Spans as they arrive at a collector. Those of all that runs in this process do, and when too many wait some are left out: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(TracingTests), DisableParallelization = true)]
[Collection(nameof(TracingTests))]
public sealed class TracingTests : IAsyncLifetime
{
    private const string Trace = "6e0c63257de34c92bf9efcd03927272e", Caller = "91be1c6fd7bb7a20", Question = "Is there a purple elephant?";

    private readonly LocalMachine _machine = new();
    private TraceCollector _collector = null!;
    private TracerProvider _tracing = null!;
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _collector = await TraceCollector.StartAsync();
        _tracing = Tracing.Start(to => (to.Protocol, to.Endpoint) = (OtlpExportProtocol.HttpProtobuf, _collector.Address));
        _server = await RunningServer.StartAsync(await _machine.OpenAsync(), new HttpSettings { Port = 0 });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _machine.DisposeAsync();
        _tracing.Dispose();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Question_of_a_traced_caller_is_one_trace_from_its_request_to_the_run_of_the_model()
    {
        JsonNode answer = await AskAsync($"00-{Trace}-{Caller}-01");
        SentSpan[] spans = await SentAsync();
        SentSpan request = Assert.Single(spans, span => span.Name == "POST /v1/files/{id}/ask");
        Assert.Equal(Caller, request.Parent);
        Assert.Equal(200L, request.Attributes["http.response.status_code"]);
        Assert.Equal("streaming", request.Resource["service.name"]);
        SentSpan answered = Assert.Single(spans, span => span.Name == "answer"), recalled = Assert.Single(spans, span => span.Name == "recall");
        SentSpan run = Assert.Single(spans, span => span.Name.StartsWith("chat ", StringComparison.Ordinal));
        Assert.Equal((request.Id, answered.Id, answered.Id), (answered.Parent, recalled.Parent, run.Parent));
        Assert.StartsWith("/v1/files/", (string)answered.Attributes["streaming.source"]);
        Assert.Equal((long)answer["usage"]!["prompt_tokens"]!, run.Attributes["gen_ai.usage.input_tokens"]);
        Assert.Equal((long)answer["usage"]!["completion_tokens"]!, run.Attributes["gen_ai.usage.output_tokens"]);
        // What somebody asks is nobody else's.
        Assert.All(_collector.Bodies, body => Assert.DoesNotContain("elephant", Encoding.Latin1.GetString(body)));
    }

    [Fact]
    public async Task Question_whose_caller_does_not_record_its_trace_is_not_told()
    {
        await AskAsync($"00-{Trace}-{Caller}-00");
        Assert.Empty(await SentAsync());
    }

    [Fact]
    public async Task Probe_and_scrape_are_not_told()
    {
        foreach (string path in (string[])["/livez", "/metrics", "/v1/files"])
            await SendAsync(HttpMethod.Get, path, null, $"00-{Trace}-{Caller}-01");
        Assert.Equal("GET /v1/files/", Assert.Single(await SentAsync()).Name);
    }

    [Fact]
    public async Task Model_that_fails_is_an_error_of_its_run_and_told_without_a_word_of_it()
    {
        _machine.Model.Holding = _ => throw new InvalidOperationException("an elephant in the works");
        await AskAsync($"00-{Trace}-{Caller}-01");
        SentSpan run = Assert.Single(await SentAsync(), span => span.Name.StartsWith("chat ", StringComparison.Ordinal));
        Assert.Equal(2, run.Status);
        Assert.Equal("System.InvalidOperationException", run.Attributes["error.type"]);
        Assert.All(_collector.Bodies, body => Assert.DoesNotContain("elephant", Encoding.Latin1.GetString(body)));
    }

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("file:///tmp/spans")]
    public void FromVariables_that_is_no_address_is_refused(string text) =>
        Assert.Contains(Tracing.Variable, Assert.Throws<SettingException>(() => Tracing.FromVariables(name => name == Tracing.Variable ? text : null)).Message);

    [Fact]
    public void FromVariables_without_a_collector_makes_no_spans() => Assert.Null(Tracing.FromVariables(_ => null));

    private async Task<JsonNode> AskAsync(string traceparent)
    {
        FileDocument film = (await _machine.UploadAsync(_machine.Film())).Value!;
        await _machine.UntilReadAsync(film.Id);
        return await SendAsync(HttpMethod.Post, $"/v1/files/{film.Id}/ask", $$"""{"question": "{{Question}}"}""", traceparent);
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, string? body, string traceparent)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", traceparent);
        string text = await (await _server.Client.SendAsync(request)).Content.ReadAsStringAsync();
        return text.StartsWith('{') ? JsonNode.Parse(text)! : text;
    }

    /// <summary>The spans of the caller's trace, once all were sent.</summary>
    private async Task<SentSpan[]> SentAsync()
    {
        // Its requests are over when the server is down.
        await _server.Server.StopAsync();
        Assert.True(await Task.Run(() => _tracing.ForceFlush()));
        return [.. _collector.Spans.Where(span => span.Trace == Trace)];
    }
}
