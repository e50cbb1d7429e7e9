using System.Text.Json.Nodes;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class StreamRouteTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(new FakeDirectory());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Streams_declared_one_is_there_at_once_under_its_location()
    {
        var created = await _server.PostAsync("/v1/streams", """{"name":"door","url":"rtsp://camera/1","decode":"intra","sampling":0.5,"time_zone":"Europe/Berlin"}""");
        Assert.Equal((201, "/v1/streams/door"), ((int)created.StatusCode, created.Headers.Location?.ToString()));
        JsonNode stream = await JsonAsync(await _server.Client.GetAsync(created.Headers.Location));
        Assert.Equal(("connecting", "intra", 0.5), ((string)stream["state"]!, (string)stream["decode"]!, (double)stream["sampling"]!));
        JsonNode all = await JsonAsync(await _server.Client.GetAsync("/v1/streams"));
        Assert.Equal("door", (string)Assert.Single(all["streams"]!.AsArray())!["name"]!);
    }

    [Fact]
    public async Task Streams_taken_name_is_a_conflict()
    {
        await _server.DeclareAsync("door");
        await ProblemAsync(409, await _server.PostAsync("/v1/streams", """{"name":"door","url":"rtsp://camera/2"}"""));
    }

    [Fact]
    public async Task Streams_full_machine_is_507() =>
        Assert.Equal("full", (string)(await ProblemAsync(507, await _server.PostAsync("/v1/streams", """{"name":"one-too-many","url":"rtsp://camera/2"}""")))["kind"]!);

    [Fact]
    public async Task Streams_patch_changes_what_it_names()
    {
        await _server.DeclareAsync("door");
        var patched = await _server.Client.PatchAsync("/v1/streams/door", new StringContent("""{"enabled":false}""", null, "application/json"));
        JsonNode stream = await JsonAsync(patched);
        Assert.Equal((200, "stopped", 2.0), ((int)patched.StatusCode, (string)stream["state"]!, (double)stream["sampling"]!));
    }

    [Fact]
    public async Task Streams_deleted_one_is_gone()
    {
        await _server.DeclareAsync("door");
        var deleted = await _server.Client.DeleteAsync("/v1/streams/door");
        Assert.Equal((200, "door"), ((int)deleted.StatusCode, (string)(await JsonAsync(deleted))["name"]!));
        await ProblemAsync(404, await _server.Client.GetAsync("/v1/streams/door"));
        await ProblemAsync(404, await _server.Client.DeleteAsync("/v1/streams/door"));
    }

    [Theory]
    [InlineData("""{"name":"door"}""")]
    [InlineData("""{"name":7,"url":"rtsp://camera/1"}""")]
    [InlineData("""{"name":"door","url":"rtsp://camera/1","sampling":"fast"}""")]
    [InlineData("""{"name":"door","url":"rtsp://camera/1","decode":1}""")]
    [InlineData("""{"name":"door","url":"rtsp://camera/1","colour":"red"}""")]
    [InlineData("""{"name":"\ud800","url":"rtsp://camera/1"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"door\"")]
    public async Task Streams_body_of_another_shape_is_422(string body) => await ProblemAsync(422, await _server.PostAsync("/v1/streams", body));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{'name':'door'}")]
    [InlineData("""{"name":"door","name":"gate"}""")]
    [InlineData("""{"name":"door"} {}""")]
    public async Task Streams_body_that_is_no_json_is_400(string body) => await ProblemAsync(400, await _server.PostAsync("/v1/streams", body));

    [Fact]
    public async Task Streams_wrong_member_is_named_and_its_value_is_not_repeated()
    {
        JsonNode problem = await ProblemAsync(422, await _server.PostAsync("/v1/streams", $$"""{"name":"door","url":["rtsp://u:{{FakeDirectory.Password}}@camera"]}"""));
        Assert.Contains("url", (string)problem["detail"]!);
        Assert.DoesNotContain(FakeDirectory.Password, problem.ToJsonString());
        Assert.DoesNotContain(_server.Log.Lines, line => line.Text.Contains(FakeDirectory.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keyframes_list_and_picture_are_served_and_unchanged_ones_not_twice()
    {
        await _server.DeclareAsync("door");
        JsonNode list = await JsonAsync(await _server.Client.GetAsync("/v1/streams/door/keyframes?from=1&most=1"));
        string path = (string)Assert.Single(list["keyframes"]!.AsArray())!["picture"]!;
        Assert.Equal("/v1/streams/door/keyframes/2.jpg", path);
        var picture = await _server.Client.GetAsync(path);
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        byte[] jpeg = await picture.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xFF, 0xD8, 0xFF, 2], [.. jpeg[..3], jpeg[^1]]);
        using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { picture.Headers.ETag! } } };
        Assert.Equal(304, (int)(await _server.Client.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("/v1/streams/door/keyframes?from=-1", 422)]
    [InlineData("/v1/streams/door/keyframes?most=0", 422)]
    [InlineData("/v1/streams/door/keyframes?most=many", 422)]
    [InlineData("/v1/streams/door/keyframes/99.jpg", 404)]
    [InlineData("/v1/streams/door/keyframes/-1.jpg", 404)]
    [InlineData("/v1/streams/door/keyframes/99999999999999.jpg", 404)]
    [InlineData("/v1/streams/door/keyframes/..%2f1.jpg", 404)]
    [InlineData("/v1/streams/gate/keyframes", 404)]
    [InlineData("/v1/files/gate/keyframes/1.jpg", 404)]
    public async Task Keyframes_that_do_not_exist_are_problems(string path, int status)
    {
        await _server.DeclareAsync("door");
        await ProblemAsync(status, await _server.Client.GetAsync(path));
    }

    [Fact]
    public async Task Picture_of_now_is_a_jpeg_that_need_not_be_sent_twice()
    {
        await _server.DeclareAsync("door");
        HttpResponseMessage picture = await _server.Client.GetAsync("/v1/streams/door/picture.jpg");
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/door/picture.jpg");
        again.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
        Assert.Equal(304, (int)(await _server.Client.SendAsync(again)).StatusCode);
        await ProblemAsync(404, await _server.Client.GetAsync("/v1/streams/nothing/picture.jpg"));
    }

    [Fact]
    public async Task Memory_of_a_stream_lists_its_clips_in_snake_case()
    {
        await _server.DeclareAsync("door");
        JsonNode memory = await JsonAsync(await _server.Client.GetAsync("/v1/streams/door/memory"));
        Assert.Equal([false, true], memory["clips"]!.AsArray().Select(clip => (bool)clip!["is_whole"]!));
        await ProblemAsync(404, await _server.Client.GetAsync("/v1/files/nothing/memory"));
    }
}
