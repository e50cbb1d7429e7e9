using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Streaming.Contracts;
using Streaming.Server.Http;

namespace Streaming.Server.Tests.Http;

/// <summary>Many callers who get into each other's way, before a directory with real decoders and a scripted model.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private readonly LocalMachine _machine = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(await _machine.OpenAsync(), new HttpSettings { Port = 0 });

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _machine.DisposeAsync();
    }

    [Fact]
    public async Task Upload_of_the_same_film_by_many_at_once_is_one_film()
    {
        byte[] film = await File.ReadAllBytesAsync(_machine.Film(3));
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _server.UploadAsync(film, $"film {i}.mp4")));
        Assert.All(responses, response => Assert.Equal(201, (int)response.StatusCode));
        var ids = await Task.WhenAll(responses.Select(async response => (string)(await RunningServer.JsonAsync(response))["id"]!));
        string id = Assert.Single(ids.Distinct());
        Assert.Equal(FileState.Ready, (await _machine.UntilReadAsync(id)).State);
        Assert.Equal([id], Names("files"));
        Assert.Single(Names("films"));
    }

    [Fact]
    public async Task Delete_of_a_stream_whose_answer_is_being_written_ends_neither_badly()
    {
        string id = await UploadedAsync();
        await _server.PostAsync("/v1/streams", $$"""{"name":"film","file":"{{id}}"}""");
        await _machine.UntilAsync("film", stream => stream.VisualTokens.Remembered > 0);
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _machine.Model.Holding = async _ =>
        {
            asked.TrySetResult();
            await release.Task;
        };
        Task<HttpResponseMessage> answer = AskAsync("/v1/streams/film/ask");
        await asked.Task;
        Assert.Equal(200, (int)(await _server.Client.DeleteAsync("/v1/streams/film")).StatusCode);
        Assert.Equal(404, (int)(await _server.Client.GetAsync("/v1/streams/film")).StatusCode);
        Assert.Equal(200, (int)(await _server.Client.DeleteAsync($"/v1/files/{id}")).StatusCode);
        release.SetResult();
        Assert.Contains("event: answer", await (await answer).Content.ReadAsStringAsync());
        Assert.Empty(Names("streams"));
        Assert.Empty(Names("files"));
        Assert.DoesNotContain(_server.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Crowd_of_callers_on_the_same_names_gets_answers_and_no_failures_and_leaves_nothing()
    {
        byte[] film = await File.ReadAllBytesAsync(_machine.Film(3));
        string id = await UploadedAsync(film);
        var dice = new Random(20261121);
        Func<Task<HttpResponseMessage>>[] doings =
        [
            () => _server.PostAsync("/v1/streams", """{"name":"door","url":"rtsp://127.0.0.1:9/x"}"""),
            () => _server.PostAsync("/v1/streams", $$"""{"name":"door","file":"{{id}}"}"""),
            () => _server.Client.PatchAsync("/v1/streams/door", new StringContent("""{"sampling":4}""", Encoding.UTF8, "application/json")),
            () => _server.Client.PatchAsync("/v1/streams/door", new StringContent("""{"enabled":false}""", Encoding.UTF8, "application/json")),
            () => _server.Client.PatchAsync("/v1/streams/door", new StringContent("""{"enabled":true}""", Encoding.UTF8, "application/json")),
            () => _server.Client.DeleteAsync("/v1/streams/door"),
            () => _server.Client.GetAsync("/v1/streams/door/keyframes"),
            () => _server.Client.GetAsync("/v1/streams/door/keyframes/0.jpg"),
            () => AskAsync("/v1/streams/door/ask"),
            () => AskAsync($"/v1/files/{id}/ask"),
            () => _server.PostAsync("/v1/ask", """{"question":"which camera saw a car?"}"""),
            () => _server.UploadAsync(film),
            () => _server.Client.PostAsync($"/v1/files/{id}/cancel", null),
            () => _server.Client.DeleteAsync($"/v1/files/{id}"),
            () => _server.Client.GetAsync("/metrics"),
            () => _server.Client.GetAsync("/v1/files"),
        ];
        Func<Task<HttpResponseMessage>>[] order = [.. Enumerable.Range(0, 240).Select(_ => doings[dice.Next(doings.Length)])];
        await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (doing, _) =>
        {
            using HttpResponseMessage response = await doing();
            Assert.True((int)response.StatusCode is 200 or 201 or 404 or 409 or 422 or 429, $"{response.RequestMessage}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            Assert.DoesNotContain("event: problem\ndata: {\"type\":\"about:blank\",\"title\":\"Internal", await response.Content.ReadAsStringAsync(CancellationToken.None));
        });
        await _server.Client.DeleteAsync("/v1/streams/door");
        await _server.Client.DeleteAsync($"/v1/files/{id}");
        Assert.Empty(Names("streams"));
        Assert.Empty(Names("files"));
        Assert.Empty(Names("films"));
        Assert.DoesNotContain(_server.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Equal(0, (await _machine.OpenAsync()).Questions);
        Assert.Equal(200, (int)(await _server.Client.GetAsync("/readyz")).StatusCode);
    }

    private string[] Names(string folder) =>
        [.. new DirectoryInfo(Path.Combine(_machine.DataFolder, folder)).EnumerateFileSystemInfos().Select(entry => entry.Name)];

    private Task<string> UploadedAsync() => UploadedAsync(File.ReadAllBytes(_machine.Film(3)));

    private async Task<string> UploadedAsync(byte[] film)
    {
        JsonNode file = await RunningServer.JsonAsync(await _server.UploadAsync(film));
        await _machine.UntilReadAsync((string)file["id"]!);
        return (string)file["id"]!;
    }

    private Task<HttpResponseMessage> AskAsync(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("""{"question":"is there a square?"}""", Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
