using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Streaming.Contracts;
using Streaming.Server.Http;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class WatchRouteTests : IAsyncLifetime
{
    private readonly FakeDirectory _directory = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await StartAsync(_directory, new HttpSettings { Port = 0, Heartbeat = TimeSpan.FromMilliseconds(20) });
        await _server.DeclareAsync("door");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Watch_is_declared_listed_changed_and_taken_away()
    {
        var added = await _server.PostAsync("/v1/streams/door/watches", """{"name":"car","question":"Is there a car?"}""");
        Assert.Equal((201, "/v1/streams/door/watches/car"), ((int)added.StatusCode, added.Headers.Location!.ToString()));
        await ProblemAsync(409, await _server.PostAsync("/v1/streams/door/watches", """{"name":"car","question":"Is there a car?"}"""));
        Assert.Single((await JsonAsync(await _server.Client.GetAsync("/v1/streams/door/watches")))["watches"]!.AsArray());
        var changed = await _server.Client.PatchAsync("/v1/streams/door/watches/car", new StringContent("""{"every_seconds":2}""", new MediaTypeHeaderValue("application/json")));
        Assert.Equal(2, (double)(await JsonAsync(changed))["every_seconds"]!);
        Assert.Equal(200, (int)(await _server.Client.DeleteAsync("/v1/streams/door/watches/car")).StatusCode);
        await ProblemAsync(404, await _server.Client.GetAsync("/v1/streams/door/watches/car"));
        Assert.Equal(1, (int)(await JsonAsync(await _server.PostAsync("/v1/streams/door/watches/backtest", """{"question":"Is there a car?"}""")))["held"]!);
    }

    [Theory]
    [InlineData("""{"question":"x"}""")]
    [InlineData("""{"name":"car"}""")]
    [InlineData("""{"name":"car","question":"x","every":5}""")]
    [InlineData("""{"name":"car","question":"x","severity":"loud"}""")]
    [InlineData("""{"name":"car","question":"x","webhook":"https://a.example"}""")]
    public async Task Watch_that_cannot_be_meant_is_a_problem(string body) =>
        await ProblemAsync(422, await _server.PostAsync("/v1/streams/door/watches", body));

    [Theory]
    [InlineData("severity=loud", "severity")]
    [InlineData("acknowledged=maybe", "acknowledged")]
    [InlineData("delivery=lost", "delivery")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=-60", "to")]
    [InlineData("after=-1", "after")]
    [InlineData("most=0", "most")]
    public async Task Events_query_that_cannot_be_meant_is_a_problem_that_names_it(string query, string parameter)
    {
        JsonNode problem = await ProblemAsync(422, await _server.Client.GetAsync($"/v1/events?{query}"));
        Assert.StartsWith(parameter, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_listed_filtered_and_acknowledged()
    {
        _directory.Events.Fire("door");
        _directory.Events.Fire("yard", WatchSeverity.Critical);
        Assert.Equal(["2"], Ids(await JsonAsync(await _server.Client.GetAsync("/v1/events?severity=critical"))));
        Assert.Equal(["1"], Ids(await JsonAsync(await _server.Client.GetAsync("/v1/events?stream=door&most=5"))));
        JsonNode taken = await JsonAsync(await _server.PostAsync("/v1/events/1/acknowledge", """{"by":"ann"}"""));
        Assert.Equal("ann", (string)taken["acknowledged"]!["by"]!);
        Assert.Equal(200, (int)(await _server.PostAsync("/v1/events/2/redeliver", "{}")).StatusCode);
        await ProblemAsync(404, await _server.PostAsync("/v1/events/9/acknowledge", "{}"));
        await ProblemAsync(404, await _server.Client.GetAsync("/v1/events/zz/picture.jpg"));
        Assert.Equal("image/jpeg", (await _server.Client.GetAsync("/v1/events/1/picture.jpg")).Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task EventStream_reader_that_is_cut_resumes_and_sees_each_event_once()
    {
        for (int i = 0; i < 3; i++)
            _directory.Events.Fire("door");
        var seen = new List<string>();
        for (int reader = 0; reader < 5; reader++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
            request.Headers.Accept.Add(new("text/event-stream"));
            request.Headers.Add("Last-Event-ID", seen.LastOrDefault() ?? "0");
            using HttpResponseMessage response = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            bool hasBeaten = false;
            // Two more while this reader is there, and one while nobody is.
            _directory.Events.Fire("door");
            _directory.Events.Fire("yard");
            for (int events = seen.Count; seen.Count < events + 2 || !hasBeaten;)
            {
                string line = (await lines.ReadLineAsync())!;
                hasBeaten |= line.StartsWith(':');
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    seen.Add(line[4..]);
            }
            response.Dispose();
            _directory.Events.Fire("door");
        }
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(id => $"{id}"), seen);
        Assert.True(seen.Count >= 10, $"{seen.Count}");
    }

    [Fact]
    public async Task EventStream_without_a_last_id_begins_with_the_next_event()
    {
        _directory.Events.Fire("door");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events?stream=door");
        request.Headers.Accept.Add(new("text/event-stream"));
        using HttpResponseMessage response = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        // After a heartbeat it is listening.
        await lines.ReadLineAsync();
        while ((await lines.ReadLineAsync())!.Length == 0)
        {
        }
        _directory.Events.Fire("yard");
        _directory.Events.Fire("door");
        string line = "";
        while (!line.StartsWith("id: ", StringComparison.Ordinal))
            line = (await lines.ReadLineAsync())!;
        Assert.Equal("id: 3", line);
        Assert.Equal("event: event", await lines.ReadLineAsync());
        Assert.Equal("3", (string)JsonNode.Parse((await lines.ReadLineAsync())!["data: ".Length..])!["id"]!);
    }

    [Fact]
    public async Task EventStream_of_a_long_reader_ends_so_that_it_comes_back_with_its_key()
    {
        await using RunningServer server = await StartAsync(_directory, new HttpSettings { Port = 0, Follow = TimeSpan.FromMilliseconds(20) });
        _directory.Events.Fire("door");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events?after=0") { Headers = { { "Accept", "text/event-stream" } } };
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Contains("id: 1\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(JsonNode list) => list["events"]!.AsArray().Select(one => (string)one!["id"]!);
}
