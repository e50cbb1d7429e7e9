using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

/// <summary>Every route, called by everybody, about what exists for them and what does not.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private const string Public = "public", Viewer = "viewer", Operator = "operator", All = "viewer of all streams";

    /// <summary>Who may call what. A route that is missing here fails the test: somebody has to decide.</summary>
    private static readonly Dictionary<string, string> Table = new()
    {
        ["GET /"] = Public,
        ["GET /page.css"] = Public,
        ["GET /page.js"] = Public,
        ["GET /icon.svg"] = Public,
        ["GET /livez"] = Public,
        ["GET /readyz"] = Public,
        ["GET /startupz"] = Public,
        ["POST /v1/session"] = Public,
        ["DELETE /v1/session"] = Public,
        ["GET /v1/session"] = Viewer,
        ["GET /metrics"] = All,
        ["GET /openapi/{documentName}.json"] = Viewer,
        ["POST /v1/files"] = Operator,
        ["GET /v1/files"] = Viewer,
        ["GET /v1/files/{id}"] = Viewer,
        ["POST /v1/files/{id}/cancel"] = Operator,
        ["DELETE /v1/files/{id}"] = Operator,
        ["POST /v1/files/{id}/ask"] = Viewer,
        ["GET /v1/files/{id}/keyframes"] = Viewer,
        ["GET /v1/files/{id}/keyframes/{number}.jpg"] = Viewer,
        ["GET /v1/files/{id}/memory"] = Viewer,
        ["OPTIONS /v1/uploads"] = Public,
        ["POST /v1/uploads"] = Operator,
        ["GET /v1/uploads/{id}"] = Operator,
        ["PATCH /v1/uploads/{id}"] = Operator,
        ["DELETE /v1/uploads/{id}"] = Operator,
        ["POST /v1/streams"] = Operator,
        ["GET /v1/streams"] = Viewer,
        ["GET /v1/streams/{name}"] = Viewer,
        ["PATCH /v1/streams/{name}"] = Operator,
        ["DELETE /v1/streams/{name}"] = Operator,
        ["POST /v1/streams/{name}/ask"] = Viewer,
        ["GET /v1/streams/{name}/keyframes"] = Viewer,
        ["GET /v1/streams/{name}/keyframes/{number}.jpg"] = Viewer,
        ["GET /v1/streams/{name}/memory"] = Viewer,
        ["GET /v1/streams/{name}/picture.jpg"] = Viewer,
        ["GET /v1/streams/{name}/events"] = Viewer,
        ["GET /v1/streams/{name}/counts"] = Viewer,
        ["GET /v1/streams/{name}/heat.png"] = Viewer,
        ["POST /v1/streams/{name}/watches"] = Operator,
        ["GET /v1/streams/{name}/watches"] = Viewer,
        ["GET /v1/streams/{name}/watches/{watch}"] = Viewer,
        ["PATCH /v1/streams/{name}/watches/{watch}"] = Operator,
        ["DELETE /v1/streams/{name}/watches/{watch}"] = Operator,
        ["POST /v1/streams/{name}/watches/backtest"] = Operator,
        ["GET /v1/events"] = Viewer,
        ["GET /v1/events/{event}"] = Viewer,
        ["GET /v1/events/{event}/picture.jpg"] = Viewer,
        ["POST /v1/events/{event}/acknowledge"] = Operator,
        ["POST /v1/events/{event}/redeliver"] = Operator,
        ["POST /v1/streams/{name}/utterances"] = Viewer,
        ["POST /v1/ask"] = Viewer,
        ["GET /v1/conversations/{conversation}"] = Viewer,
        ["DELETE /v1/conversations/{conversation}"] = Viewer,
        ["POST /v1/chat/completions"] = Viewer,
        ["GET /v1/models"] = Viewer,
        ["GET /v1/models/{model}"] = Viewer,
    };

    private static readonly (string Name, Role Role, string[]? Streams)[] Owners =
    [
        ("viewer", Role.Viewer, null), ("operator", Role.Operator, null), ("admin", Role.Admin, null),
        ("porter", Role.Viewer, ["door"]), ("caretaker", Role.Operator, ["door"]), ("stranger", Role.Admin, ["gate"]),
    ];

    private static readonly (string Header, string Value)[] UploadHeaders = [("Tus-Resumable", "1.0.0"), ("Upload-Length", "10"), ("Upload-Offset", "0")];

    private readonly Dictionary<string, string> _keys = Owners.ToDictionary(owner => owner.Name, _ => AccessKey.Generate());
    private readonly FakeDirectory _directory = new();
    private RunningServer _server = null!;
    private string _file = "", _upload = "";

    public async Task InitializeAsync()
    {
        AccessKey[] keys = [.. Owners.Select(owner => new AccessKey(owner.Name, owner.Role, AccessKey.HashOf(_keys[owner.Name]), owner.Streams, DateTimeOffset.UtcNow, null))];
        _server = await RunningServer.StartAsync(_directory, new HttpSettings { Port = 0 }, keys);
        await RestoreAsync();
        foreach (string stream in (string[])["door", "yard", "door"])
            _directory.Events.Fire(stream);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Route_each_lets_in_those_of_the_table_and_nobody_else()
    {
        var routes = _server.Server.Endpoints.OfType<RouteEndpoint>().SelectMany(Calls).Distinct().ToArray();
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));
        foreach (string route in routes)
        {
            foreach (var (name, role, streams) in Owners)
                Assert.True(IsAsTold(route, role, streams, await CallAsync(route, _keys[name])), $"{route} by {name}: {_last}");
            int nobody = await CallAsync(route, key: null);
            Assert.True(nobody == 401 == (Table[route] != Public || route == "POST /v1/session"), $"{route} by nobody: {_last}");
            Assert.True(await CallAsync(route, AccessKey.Generate()) == nobody, $"{route} with a key that nobody has: {_last}");
        }
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

    private string _last = "";

    private static bool IsAsTold(string route, Role role, string[]? streams, int status)
    {
        string needs = Table[route];
        if (needs == Public)
            return status is not 403 and not 404;
        if ((needs == Operator && role < Role.Operator) || (needs == All && streams is not null))
            return status == 403;
        bool isOfDoor = route.Contains("{name}", StringComparison.Ordinal) || route.Contains("{event}", StringComparison.Ordinal);
        bool isOthers = streams is not null && (route.Contains("{id}", StringComparison.Ordinal) || (isOfDoor && !streams.Contains("door")));
        // A stream without a name is none of theirs, and files are nobody's.
        bool adds = streams is not null && (route is "POST /v1/files" or "POST /v1/uploads" or "POST /v1/streams");
        return isOthers ? status == 404 : adds ? status == 403 : status is not 401 and not 403 and not 404;
    }

    private static IEnumerable<string> Calls(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}");

    /// <summary>Calls a route about the stream "door" with its watch and event, or about the file, with a body that is well formed.</summary>
    private async Task<int> CallAsync(string route, string? key)
    {
        await RestoreAsync();
        string[] parts = route.Split(' ');
        string path = parts[1].Replace("{name}", "door", StringComparison.Ordinal).Replace("{id}", route.Contains("/uploads", StringComparison.Ordinal) ? _upload : _file, StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal)
            .Replace("{watch}", "car", StringComparison.Ordinal).Replace("{event}", "1", StringComparison.Ordinal)
            .Replace("{model}", "scenes", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal);
        HttpContent? body = parts[0] is "GET" or "DELETE" or "OPTIONS" ? null
            : route.StartsWith("PATCH /v1/uploads", StringComparison.Ordinal) ? new ByteArrayContent([1]) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } }
            : route == "POST /v1/files" ? new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "other.mp4" } }
            : new StringContent(BodyFor(route, key), Encoding.UTF8, "application/json");
        using HttpRequestMessage request = Request(new HttpMethod(parts[0]), path, key, body);
        foreach (var (header, value) in UploadHeaders)
            request.Headers.Add(header, value);
        HttpResponseMessage response = await _server.Client.SendAsync(request);
        _last = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
        return (int)response.StatusCode;
    }

    private static string BodyFor(string route, string? key) => route switch
    {
        "POST /v1/session" => $$"""{"key":"{{key}}"}""",
        "POST /v1/streams" => """{"name":"cellar","url":"rtsp://camera/1"}""",
        "POST /v1/chat/completions" => """{"model":"scenes","messages":[{"role":"user","content":"who?"}]}""",
        "POST /v1/streams/{name}/utterances" => """{"text":"who is there?"}""",
        _ when route.EndsWith("/ask", StringComparison.Ordinal) => """{"question":"who?"}""",
        _ => "{}",
    };

    /// <summary>The stream that some see, the stream and the file that those see who see all.</summary>
    private async Task RestoreAsync()
    {
        foreach (string name in (string[])["door", "yard"])
            await _directory.AddStreamAsync(new StreamRequest(name, "rtsp://camera/1"), default);
        await _directory.Watches.AddAsync("door", new WatchRequest("car", "Is there a car?"), default);
        _file = (await _directory.AddFileAsync("film.mp4", new MemoryStream([1, 2, 3]), default)).Value!.Id;
        _upload = (await _directory.Uploads.BeginAsync(new UploadRequest("film.mp4", 10), default)).Value!.Id;
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
