using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class GuardTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(new FakeDirectory());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:9999", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example:8080", false)]
    [InlineData("192.168.0.7", false)]
    [InlineData("0.0.0.0", false)]
    public async Task Host_only_loopback_names_are_answered(string host, bool isAnswered)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/streams") { Headers = { Host = host } };
        var response = await _server.Client.SendAsync(request);
        if (isAnswered)
            Assert.Equal(200, (int)response.StatusCode);
        else
            await ProblemAsync(421, response);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://localhost:1", false)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Origin", "", true)]
    public async Task Origin_foreign_one_changes_nothing(string header, string value, bool isTaken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams")
        {
            Content = new StringContent("""{"name":"door","url":"rtsp://camera/1"}""", null, "application/json"),
        };
        request.Headers.Add(header, value.Length > 0 ? value : _server.Address.GetLeftPart(UriPartial.Authority));
        var response = await _server.Client.SendAsync(request);
        Assert.Equal(isTaken ? 201 : 403, (int)response.StatusCode);
        Assert.Equal(isTaken ? 200 : 404, (int)(await _server.Client.GetAsync("/v1/streams/door")).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/page.js")]
    [InlineData("/v1/streams")]
    [InlineData("/v1/nothing")]
    public async Task Response_any_tells_browsers_to_trust_nothing_else(string path)
    {
        var headers = (await _server.Client.GetAsync(path)).Headers;
        Assert.StartsWith("default-src 'none';", headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.False(headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(headers.Contains("Server"));
    }
}
