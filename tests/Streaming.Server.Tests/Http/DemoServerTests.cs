using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Streaming.Contracts;
using Streaming.Server.Tests.Page;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

/// <summary>A browser and OpenAI's client with the whole thing behind them.</summary>
public sealed class DemoServerTests : IAsyncLifetime
{
    private const string Question = "What happened in the picture?";

    private DemoServer _demo = null!;

    public async Task InitializeAsync() => _demo = await DemoServer.StartAsync();

    public async Task DisposeAsync() => await _demo.DisposeAsync();

    [Fact]
    public async Task Page_demo_stream_answers_in_a_browser_with_its_pictures()
    {
        await _demo.PlayedAsync();
        JsonNode seen = await PageTests.VisitAsync("answer.mjs", $"{_demo.Server.Address}", "demo", Question);
        AnswerDocument answer = await _demo.AskAsync(SourceName.Stream("demo"), Question);
        Assert.Equal(answer.Answer, (string)seen["answer"]!);
        Assert.Contains($"read {answer.Usage.VisualTokensKept} of ", (string)seen["cost"]!);
        Assert.Equal(answer.Citations.Count, seen["widths"]!.AsArray().Count);
        Assert.All(seen["widths"]!.AsArray(), width => Assert.True((int)width! > 0));
        Assert.InRange((int)seen["frames"]!, 1, answer.Usage.VisualTokensKept);
    }

    [Fact]
    public async Task OpenAIClient_uploaded_film_is_asked_as_the_command_line_asks_it()
    {
        JsonNode file = await JsonAsync(await _demo.Server.UploadAsync(await File.ReadAllBytesAsync(_demo.Film)));
        string id = (string)file["id"]!;
        await LocalMachine.UntilAsync(async () => (await _demo.Streams.FileAsync(id, default)).Value!, f => f.State == FileState.Ready);
        JsonNode said = await Node.RunAsync("chat.mjs", $"{_demo.Server.Address}v1", $"upload://{id}", Question);
        string answer = (await _demo.AskAsync(SourceName.File(id), Question)).Answer;
        foreach (string text in (string[])[(string)said["plain"]!["text"]!, (string)said["streamed"]!["text"]!, (string)said["accumulated"]!, (string)said["followUp"]!])
            Assert.Equal(answer, text);
        Assert.True((int)said["streamed"]!["pieces"]! > 3);
        string picture = (string)said["plain"]!["annotations"]![0]!["url_citation"]!["url"]!;
        Assert.Equal([0xFF, 0xD8, 0xFF], (await _demo.Server.Client.GetByteArrayAsync(picture))[..3]);
    }

    [Fact]
    public async Task Metrics_after_work_pass_promtool_and_hold_what_operators_need()
    {
        await _demo.PlayedAsync();
        await _demo.AskAsync(SourceName.Stream("demo"), Question);
        string text = await _demo.Server.Client.GetStringAsync("/metrics");
        var (code, said) = await MetricsTests.PromtoolAsync(text);
        Assert.True(code == 0 && said.Length == 0, said);
        foreach (string name in (string[])["stream_reconnects_total{stream=\"demo\"}", "visual_tokens_total{", "chunk_e2e_seconds_bucket{", "queue_depth", "stream_frame_age_seconds"])
            Assert.Contains(name, text);
    }

    [Fact]
    public async Task Server_bad_requests_do_not_disturb_the_whole_thing()
    {
        RunningServer server = _demo.Server;
        await server.DeclareAsync("door");
        string file = (await _demo.Streams.FilesAsync(default)).Single().Id;
        var (sent, refused, failures) = await new BadRequests(seed: 7, file).SendAsync(server);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(refused >= 200, $"{refused} of {sent} were refused");
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error);
        await _demo.PlayedAsync();
        Assert.Equal(200, (int)(await server.PostAsync("/v1/streams/demo/ask", $$"""{"question":"{{Question}}"}""")).StatusCode);
        Assert.Equal(200, (int)(await server.Client.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task Files_that_are_no_film_are_422_for_the_real_thing_too()
    {
        await ProblemAsync(422, await _demo.Server.UploadAsync("this is no film"u8.ToArray()));
        await ProblemAsync(422, await _demo.Server.UploadAsync("#EXTM3U\n#EXTINF:9,\nfilm.mp4\n"u8.ToArray()));
        await ProblemAsync(422, await _demo.Server.UploadAsync([]));
        await ProblemAsync(422, await _demo.Server.PostAsync("/v1/streams", """{"name":"door","url":"http://127.0.0.1/film.mp4"}"""));
        await ProblemAsync(422, await _demo.Server.PostAsync("/v1/streams", """{"name":"door","file":"nothing"}"""));
        await ProblemAsync(409, await _demo.Server.PostAsync("/v1/streams", """{"name":"demo","url":"rtsp://127.0.0.1:9/x"}"""));
    }
}
