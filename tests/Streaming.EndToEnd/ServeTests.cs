using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Streaming.EndToEnd;

public sealed class ServeTests : IDisposable
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task Serve_film_is_taken_asked_and_remembered_over_a_restart()
    {
        string film = await _cli.FilmAsync();
        JsonElement first;
        string path;
        await using (var server = await _cli.ServeAsync())
        {
            JsonElement file = await server.UploadAsync(film);
            path = $"/v1/files/{file.GetProperty("id").GetString()}";
            await server.PostAsync("/v1/streams", new { name = "gate", url = "rtsp://127.0.0.1:9/none" });
            await server.PostAsync("/v1/streams", new { name = "demo", file = file.GetProperty("id").GetString() });
            JsonElement ready = await server.UntilAsync(path, f => f.GetProperty("state").GetString() is "ready" or "failed");
            Assert.Equal("ready", ready.GetProperty("state").GetString());
            first = await server.PostAsync($"{path}/ask", new { question = "what is there?" });
            string picture = first.GetProperty("citations")[0].GetProperty("keyframe").GetString()!;
            Assert.Equal([0xFF, 0xD8, 0xFF], (await server.Client.GetByteArrayAsync(picture))[..3]);
            Assert.Equal(0, await server.StopAsync());
        }
        await using (var again = await _cli.ServeAsync())
        {
            JsonElement streams = (await again.GetAsync("/v1/streams")).GetProperty("streams");
            Assert.Equal(["demo", "gate"], streams.EnumerateArray().Select(s => s.GetProperty("name").GetString()));
            await again.UntilAsync(path, f => f.GetProperty("state").GetString() == "ready");
            JsonElement second = await again.PostAsync($"{path}/ask", new { question = "what is there?" });
            foreach (string part in (string[])["answer", "citations", "usage"])
                Assert.Equal(first.GetProperty(part).ToString(), second.GetProperty(part).ToString());
        }
    }

    [Fact]
    public async Task Serve_answers_as_the_command_line_does()
    {
        string film = await _cli.FilmAsync();
        await using var server = await _cli.ServeAsync();
        string path = $"/v1/files/{(await server.UploadAsync(film)).GetProperty("id").GetString()}";
        await server.UntilAsync(path, f => f.GetProperty("state").GetString() == "ready");
        JsonElement served = await server.PostAsync($"{path}/ask", new { question = "what is there?" }), asked = await _cli.AskAsync(film);
        foreach (string part in (string[])["answer", "usage", "frames", "model"])
            Assert.Equal(asked.GetProperty(part).ToString(), served.GetProperty(part).ToString());
    }

    [Fact]
    public async Task Serve_probes_and_metrics_of_the_real_thing_are_well()
    {
        await using var server = await _cli.ServeAsync();
        await server.PostAsync("/v1/streams", new { name = "gate", url = "rtsp://127.0.0.1:9/none" });
        foreach (string probe in (string[])["/livez", "/readyz", "/startupz"])
            Assert.Equal("ok", (await server.GetAsync(probe)).GetProperty("status").GetString());
        Assert.Contains("stream=\"gate\"", await server.Client.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Serve_json_log_has_the_callers_trace_and_no_password()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        _cli.Variables["STREAMING_LOG"] = "json";
        await using var server = await _cli.ServeAsync();
        server.Client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        await server.PostAsync("/v1/streams", new { name = "gate", url = "rtsp://admin:s3cret-pa55@127.0.0.1:9/none" });
        JsonElement lost = await server.UntilAsync("/v1/streams/gate", s => s.GetProperty("last_error").ValueKind == JsonValueKind.String);
        Assert.DoesNotContain("s3cret", lost.ToString());
        Assert.DoesNotContain("s3cret", await server.Client.GetStringAsync("/metrics"));
        await server.StopAsync();
        JsonElement[] lines = [.. server.Log.Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement declared = Assert.Single(lines, line => line.GetProperty("Message").GetString()!.StartsWith("POST /v1/streams by local: 201", StringComparison.Ordinal));
        Assert.Contains(trace, declared.ToString());
        Assert.All(lines.Where(line => line.GetProperty("Category").GetString() == "Streaming"), line => Assert.DoesNotContain(trace, line.ToString()));
        Assert.DoesNotContain(server.Log, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_taken_port_is_said_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        _cli.Variables["STREAMING_PORT"] = $"{((IPEndPoint)taken.LocalEndpoint).Port}";
        var result = await _cli.RunAsync("serve");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("STREAMING_PORT", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Serve_second_one_on_the_same_data_is_refused_in_one_line()
    {
        await using var first = await _cli.ServeAsync();
        var second = await _cli.RunAsync("serve");
        Assert.Equal((1, ""), (second.ExitCode, second.Output));
        Assert.Contains("STREAMING_DATA", Assert.Single(second.ErrorLines));
    }

    [Theory]
    [InlineData("STREAMING_LISTEN", "0.0.0.0")]
    [InlineData("STREAMING_PORT", "eighty")]
    [InlineData("STREAMING_MAX_UPLOAD", "much")]
    [InlineData("STREAMING_LOG", "xml")]
    [InlineData("STREAMING_THREADS", "many")]
    public async Task Serve_wrong_setting_stops_the_start_and_is_named(string name, string value)
    {
        _cli.Variables[name] = value;
        var result = await _cli.RunAsync("serve");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(name, Assert.Single(result.ErrorLines));
    }

    public void Dispose() => _cli.Dispose();
}
