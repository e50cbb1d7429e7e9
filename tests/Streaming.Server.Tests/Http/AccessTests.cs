using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Streaming.Attacks.Access;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;
using Streaming.Server.Http;
using Streaming.Server.Tests.Access.Oidc;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

/// <summary>Every route, called by everybody, about what exists for them and what does not.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private static readonly (string Name, Role Role, string[]? Streams)[] Owners =
    [
        ("viewer", Role.Viewer, null), ("operator", Role.Operator, null), ("admin", Role.Admin, null),
        ("porter", Role.Viewer, ["door"]), ("caretaker", Role.Operator, ["door"]), ("stranger", Role.Admin, ["gate"]),
    ];

    private readonly Dictionary<string, string> _keys = Owners.ToDictionary(owner => owner.Name, _ => AccessKey.Generate());
    private readonly FakeDirectory _directory = new();
    private RunningServer _server = null!;
    private string _file = "";
    private readonly LocalIssuer _provider = new();
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        AccessKey[] keys = [.. Owners.Select(owner => new AccessKey(owner.Name, owner.Role, AccessKey.HashOf(_keys[owner.Name]), owner.Streams, DateTimeOffset.UtcNow, null))];
        _http = _provider.Client();
        // Without limits: the walk over all routes is far beyond what people do.
        _server = await RunningServer.StartAsync(_directory, new HttpSettings { Port = 0, Limits = CallerLimits.None }, keys, new TokenIssuer(_provider.Settings("streams"), _http));
        await RestoreAsync();
        foreach (string stream in (string[])["door", "yard", "door"])
            _directory.Events.Fire(stream);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        _provider.Dispose();
    }

    [Fact]
    public async Task Route_each_lets_in_those_of_the_table_and_nobody_else()
    {
        string[] routes = [.. _server.Server.Endpoints.OfType<RouteEndpoint>().SelectMany(Calls).Distinct()];
        Assert.Equal(AccessTable.Routes.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));
        var (tried, wrong) = await new AccessTrial(_server.Client, RestoreAsync).RunAsync(routes, Visitors());
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(routes.Length * Visitors().Length, tried);
    }

    [Fact]
    public async Task List_holds_only_what_exists_for_the_caller()
    {
        Assert.Equal(["door", "yard"], await NamesAsync("viewer"));
        Assert.Equal(["door"], await NamesAsync("porter"));
        Assert.Empty(await NamesAsync("stranger"));
        Assert.NotEmpty((JsonArray)(await JsonAsync(await SendAsync(HttpMethod.Get, "/v1/files", _keys["viewer"])))["files"]!);
        Assert.Empty((JsonArray)(await JsonAsync(await SendAsync(HttpMethod.Get, "/v1/files", _keys["porter"])))["files"]!);
    }

    [Theory]
    [InlineData("/v1/ask", """{"question":"who?","streams":["yard"]}""")]
    [InlineData("/v1/ask", """{"question":"who?","streams":["door","yard"]}""")]
    [InlineData("/v1/chat/completions", """{"model":"scenes","messages":[{"role":"user","content":[{"type":"text","text":"who?"},{"type":"video_url","video_url":{"url":"stream://yard"}}]}]}""")]
    public async Task Ask_about_a_stream_of_others_is_as_if_there_were_none(string path, string body)
    {
        Assert.Equal(404, (int)(await SendAsync(HttpMethod.Post, path, _keys["porter"], body)).StatusCode);
        Assert.Equal(200, (int)(await SendAsync(HttpMethod.Post, path, _keys["viewer"], body)).StatusCode);
    }

    [Fact]
    public async Task Ask_without_names_asks_only_what_exists_for_the_caller()
    {
        await SendAsync(HttpMethod.Post, "/v1/ask", _keys["porter"], """{"question":"who?"}""");
        Assert.Equal([SourceName.Stream("door")], _directory.Asked!.Sources);
    }

    [Fact]
    public async Task Conversation_is_the_callers_own_and_shows_no_turn_about_a_stream_of_others()
    {
        JsonNode mine = await JsonAsync(await SendAsync(HttpMethod.Get, "/v1/conversations/c1", _keys["porter"]));
        Assert.Equal(new ConversationName("c1", "porter"), _directory.Talked);
        Assert.Equal(["door"], mine["turns"]!.AsArray().Select(turn => (string)turn!["parts"]![0]!["stream"]!));
        await SendAsync(HttpMethod.Post, "/v1/ask", _keys["viewer"], """{"question":"who?","conversation":"c1"}""");
        Assert.Equal(new ConversationName("c1", "viewer"), _directory.Asked!.Conversation);
        await SendAsync(HttpMethod.Delete, "/v1/conversations/c2", _keys["viewer"]);
        Assert.Equal(new ConversationName("c2", "viewer"), _directory.Talked);
    }

    [Fact]
    public async Task Events_of_a_stream_of_others_are_neither_listed_nor_followed_nor_changed()
    {
        Assert.Equal(["1", "2", "3"], await EventsAsync("viewer"));
        Assert.Equal(["1", "3"], await EventsAsync("caretaker"));
        Assert.Empty(await EventsAsync("stranger"));
        foreach (string path in (string[])["/v1/events/2", "/v1/events/2/picture.jpg"])
            await ProblemAsync(404, await SendAsync(HttpMethod.Get, path, _keys["caretaker"]));
        foreach (string path in (string[])["/v1/events/2/acknowledge", "/v1/events/2/redeliver"])
            await ProblemAsync(404, await SendAsync(HttpMethod.Post, path, _keys["caretaker"], "{}"));
        Assert.Null((await _directory.Events.EventAsync("2", default)).Value!.Acknowledged);
        using HttpRequestMessage request = Request(HttpMethod.Get, "/v1/events?after=0", _keys["caretaker"], null);
        request.Headers.Accept.Add(new("text/event-stream"));
        using HttpResponseMessage response = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        foreach (string stream in (string[])["yard", "door"])
            _directory.Events.Fire(stream);
        var seen = new List<string>();
        while (seen.Count < 3)
            if (await lines.ReadLineAsync() is { } line && line.StartsWith("id: ", StringComparison.Ordinal))
                seen.Add(line[4..]);
        Assert.Equal(["1", "3", "5"], seen);
    }

    [Fact]
    public async Task Declare_caller_of_some_streams_declares_only_those()
    {
        var problem = await ProblemAsync(403, await SendAsync(HttpMethod.Post, "/v1/streams", _keys["caretaker"], """{"name":"cellar","url":"rtsp://camera/1"}"""));
        Assert.Equal("forbidden", (string)problem["kind"]!);
        Assert.Equal(409, (int)(await SendAsync(HttpMethod.Post, "/v1/streams", _keys["caretaker"], """{"name":"door","url":"rtsp://camera/1"}""")).StatusCode);
        Assert.Equal(404, (int)(await SendAsync(HttpMethod.Post, "/v1/streams", _keys["caretaker"], $$"""{"name":"door","file":"{{_file}}"}""")).StatusCode);
    }

    [Fact]
    public async Task Session_key_shown_once_is_carried_by_a_cookie_out_of_reach_of_scripts_and_sites()
    {
        HttpResponseMessage opened = await SendAsync(HttpMethod.Post, "/v1/session", key: null, $$"""{"key":"{{_keys["porter"]}}"}""");
        Assert.Equal("porter", (string)(await JsonAsync(opened))["name"]!);
        string cookie = opened.Headers.GetValues("Set-Cookie").Single();
        Assert.All((string[])["httponly", "samesite=strict", "path=/"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/door") { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        Assert.Equal(200, (int)(await _server.Client.SendAsync(request)).StatusCode);
        await ProblemAsync(401, await SendAsync(HttpMethod.Post, "/v1/session", key: null, """{"key":"stk_wrong"}"""));
    }

    [Fact]
    public async Task Key_that_is_taken_away_lets_nobody_in_and_the_last_one_opens_nothing()
    {
        _server.Keys.Store([]);
        await ProblemAsync(401, await SendAsync(HttpMethod.Get, "/v1/streams", _keys["admin"]));
        await ProblemAsync(401, await SendAsync(HttpMethod.Get, "/v1/streams", key: null));
    }

    [Fact]
    public async Task Log_names_the_caller_and_no_key()
    {
        await SendAsync(HttpMethod.Post, "/v1/ask", _keys["porter"], """{"question":"who?"}""");
        string log = string.Join('\n', _server.Log.Lines.Select(line => line.Text));
        Assert.Contains("/v1/ask by porter: 200", log);
        Assert.All(_keys.Values, key => Assert.DoesNotContain(key, log));
    }

    /// <summary>The owners of keys, bearers of tokens of the identity provider, and those who show what opens nothing.</summary>
    private Visitor[] Visitors() =>
    [
        .. Owners.Select(owner => new Visitor(owner.Name, _keys[owner.Name], owner.Role, owner.Streams)),
        new("bearer of all", Token("*", "admin"), Role.Admin), new("bearer of the door", Token("door", "operator"), Role.Operator, ["door"]), new("bearer of none", Token("", "viewer"), Role.Viewer, []),
        new("nobody", null), new("a key that nobody has", AccessKey.Generate()), new("a forged token", _provider.Hashed(Claims("*", "admin"), [1, 2, 3])), new("an old token", _provider.Token(Old())),
    ];

    private string Token(string streams, params string[] roles) => _provider.Token(Claims(streams, roles));

    private JsonObject Claims(string streams, params string[] roles)
    {
        JsonObject claims = _provider.Claims(roles);
        claims["streams"] = streams;
        return claims;
    }

    private JsonObject Old()
    {
        JsonObject claims = Claims("*", "admin");
        claims["exp"] = 1_700_000_000;
        return claims;
    }

    private static IEnumerable<string> Calls(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}");

    /// <summary>The stream that some see, the stream and the file that those see who see all.</summary>
    private async Task<Premises> RestoreAsync()
    {
        foreach (string name in (string[])["door", "yard"])
            await _directory.AddStreamAsync(new StreamRequest(name, "rtsp://camera/1"), default);
        await _directory.Watches.AddAsync("door", new WatchRequest("car", "Is there a car?"), default);
        _file = (await _directory.AddFileAsync("film.mp4", new MemoryStream([1, 2, 3]), default)).Value!.Id;
        return new Premises(_file, (await _directory.Uploads.BeginAsync(new UploadRequest("film.mp4", 10), default)).Value!.Id);
    }

    private async Task<string[]> NamesAsync(string owner) =>
        [.. ((JsonArray)(await JsonAsync(await SendAsync(HttpMethod.Get, "/v1/streams", _keys[owner])))["streams"]!).Select(stream => (string)stream!["name"]!).Order(StringComparer.Ordinal)];

    private async Task<string[]> EventsAsync(string owner) =>
        [.. ((JsonArray)(await JsonAsync(await SendAsync(HttpMethod.Get, "/v1/events", _keys[owner])))["events"]!).Select(alert => (string)alert!["id"]!)];

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, string? json = null)
    {
        using HttpRequestMessage request = Request(method, path, key, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));
        return await _server.Client.SendAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? key, HttpContent? body) =>
        new(method, path) { Content = body, Headers = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) } };
}
