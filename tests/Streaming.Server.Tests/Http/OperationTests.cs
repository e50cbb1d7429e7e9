using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class OperationTests : IAsyncLifetime
{
    private readonly FakeDirectory _directory = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(_directory);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/startupz")]
    public async Task Probe_server_that_runs_is_well(string path) => Assert.Equal("ok", (string)(await JsonAsync(await _server.Client.GetAsync(path)))["status"]!);

    [Fact]
    public async Task Ready_store_that_cannot_be_written_is_503_while_the_process_lives()
    {
        Directory.Delete(_server.Folder, recursive: true);
        await File.WriteAllTextAsync(_server.Folder, "a file where the folder should be");
        JsonNode problem = await ProblemAsync(503, await _server.Client.GetAsync("/readyz"));
        Assert.Contains("STREAMING_DATA", (string)problem["detail"]!);
        Assert.Equal(200, (int)(await _server.Client.GetAsync("/livez")).StatusCode);
        File.Delete(_server.Folder);
        Assert.Equal(200, (int)(await _server.Client.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task Ready_model_that_does_not_answer_is_503_and_says_so()
    {
        _directory.Trouble = "the model does not answer";
        Assert.Contains("the model", (string)(await ProblemAsync(503, await _server.Client.GetAsync("/readyz")))["detail"]!);
        Assert.Equal(200, (int)(await _server.Client.GetAsync("/livez")).StatusCode);
        _directory.Trouble = null;
        Assert.Equal(200, (int)(await _server.Client.GetAsync("/readyz")).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/page.js")]
    [InlineData("/livez")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/v1/models")]
    [InlineData("/v1/files")]
    [InlineData("/v1/streams/door")]
    [InlineData("/v1/streams/door/keyframes/1.jpg")]
    [InlineData("/v1/streams/nothing")]
    public async Task Head_is_answered_as_get_without_a_body(string path)
    {
        await _server.DeclareAsync("door");
        HttpResponseMessage get = await _server.Client.GetAsync(path), head = await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        string raw = await _server.RawAsync(System.Text.Encoding.ASCII.GetBytes($"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), hangsUp: false);
        Assert.EndsWith("\r\n\r\n", raw);
    }

    [Fact]
    public async Task Allow_lists_head_wherever_it_lists_get()
    {
        Assert.Equal(["GET", "HEAD"], (await _server.Client.DeleteAsync("/livez")).Content.Headers.Allow.Order(StringComparer.Ordinal));
        Assert.Equal(["POST"], (await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/ask"))).Content.Headers.Allow);
    }

    [Fact]
    public async Task OpenApi_document_and_routes_are_the_same_set()
    {
        JsonNode document = await JsonAsync(await _server.Client.GetAsync("/openapi/v1.json"));
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));
        string[] undescribed = ["/", "/page.css", "/page.js", "/icon.svg", "/openapi/{documentName}.json"];
        var routes = from endpoint in _server.Server.Endpoints.OfType<RouteEndpoint>()
                     let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
                     where !undescribed.Contains(path)
                     from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                     select $"{method} {path}";
        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task OpenApi_every_operation_says_what_it_does_takes_and_answers()
    {
        JsonNode document = await JsonAsync(await _server.Client.GetAsync("/openapi/v1.json"));
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                Assert.False(string.IsNullOrEmpty((string?)operation!["summary"]), $"{method} {path}: no summary");
                var responses = operation["responses"]!.AsObject();
                Assert.Contains(responses, response => response.Key == "204" || response.Key.StartsWith('2') && response.Value!["content"]?.AsObject().Count > 0);
                foreach (string name in path.Split('{', '}').Where((_, index) => index % 2 == 1))
                {
                    Assert.Contains(operation["parameters"]!.AsArray(), parameter => (string)parameter!["name"]! == name && (string)parameter["in"]! == "path");
                    Assert.Contains("404", responses.Select(response => response.Key));
                }
                if (method is "post" or "patch" && !path.EndsWith("/cancel", StringComparison.Ordinal) && (method, path) != ("post", "/v1/uploads"))
                    Assert.True(operation["requestBody"]?["content"]?.AsObject().Count > 0, $"{method} {path}: no body");
                Assert.All(responses.Where(response => response.Key[0] is '4' or '5'), response => Assert.NotEmpty(response.Value!["content"]!.AsObject()));
            }
        }
    }

    [Fact]
    public async Task OpenApi_schemas_have_the_members_that_are_sent()
    {
        JsonNode document = await JsonAsync(await _server.Client.GetAsync("/openapi/v1.json"));
        await _server.DeclareAsync("door");
        JsonNode stream = await JsonAsync(await _server.Client.GetAsync("/v1/streams/door"));
        Assert.Equal(
            stream.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal),
            document["components"]!["schemas"]!["StreamDocument"]!["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
    }
}
