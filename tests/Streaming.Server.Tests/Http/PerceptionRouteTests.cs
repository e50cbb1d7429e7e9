using System.Text.Json.Nodes;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class PerceptionRouteTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await StartAsync(new FakeDirectory());
        await _server.DeclareAsync("door");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Events_of_a_stream_are_listed_with_their_lines()
    {
        JsonNode list = await JsonAsync(await _server.Client.GetAsync("/v1/streams/door/events?from=1&to=2026-11-21T10:00:00Z&class=car&kind=enter&most=5"));
        JsonNode one = Assert.Single(list["events"]!.AsArray())!;
        Assert.Equal(("enter", "car", 3, 0.81), ((string)one["kind"]!, (string)one["class"]!, (int)one["number"]!, (double)one["sure"]!));
    }

    [Fact]
    public async Task Counts_as_csv_are_a_table_with_a_head()
    {
        var answer = await _server.Client.GetAsync("/v1/streams/door/counts?class=car&bucket=15m&format=csv");
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        string[] lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("class,start,start_seconds,length_seconds,entered,left,most", lines[0]);
        Assert.Equal("car,2026-11-21T09:00:00.0000000+00:00,0,900,4,3,2", lines[1]);
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/door/events");
        asked.Headers.Add("Accept", "text/csv");
        string events = await (await _server.Client.SendAsync(asked)).Content.ReadAsStringAsync();
        Assert.Contains(",car,3,1,\"'=1+1, \"\"x\"\"\",0.81,perception\r\n", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_by_default_are_json_by_the_minute()
    {
        JsonNode table = await JsonAsync(await _server.Client.GetAsync("/v1/streams/door/counts"));
        Assert.Equal((60.0, 4), ((double)table["bucket_seconds"]!, (int)table["rows"]![0]!["entered"]!));
        Assert.Equal(7, (int)table["totals"]![0]!["so_far"]!);
    }

    [Fact]
    public async Task HeatMap_is_a_png_of_its_size()
    {
        var answer = await _server.Client.GetAsync("/v1/streams/door/heat.png");
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        byte[] png = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        Assert.Equal((512, 288), (png[18] * 256 + png[19], png[22] * 256 + png[23]));
        // The end chunk never differs, its checksum neither.
        Assert.Equal([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82], png[^12..]);
    }

    [Theory]
    [InlineData("events?from=yesterday", "from")]
    [InlineData("events?to=NaN", "to")]
    [InlineData("events?kind=explode", "kind")]
    [InlineData("events?most=0", "most")]
    [InlineData("events?class=%22", "class")]
    [InlineData("counts?bucket=90s", "bucket")]
    [InlineData("counts?bucket=0m", "bucket")]
    [InlineData("counts?bucket=999999999d", "bucket")]
    [InlineData("counts?bucket=m", "bucket")]
    [InlineData("counts?format=xml", "format")]
    public async Task Query_that_cannot_be_meant_is_a_problem_that_names_it(string query, string parameter)
    {
        JsonNode problem = await ProblemAsync(422, await _server.Client.GetAsync($"/v1/streams/door/{query}"));
        Assert.StartsWith(parameter, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("counts")]
    [InlineData("heat.png")]
    public async Task Stream_that_is_not_there_is_not_found(string what) =>
        await ProblemAsync(404, await _server.Client.GetAsync($"/v1/streams/yard/{what}"));
}
