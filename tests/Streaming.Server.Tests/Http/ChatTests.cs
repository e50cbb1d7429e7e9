using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Contracts;
using Streaming.Server.Http;
using Streaming.Server.Http.OpenAI;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class ChatTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";

    private readonly FakeDirectory _directory = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(_directory);
        await _server.DeclareAsync("door");
        await _server.DeclareAsync("gate");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Chat_video_part_answers_with_text_annotations_and_usage()
    {
        JsonNode completion = await JsonAsync(await _server.PostAsync(Chat, Body("""
            {"role":"system","content":"You are brief."},
            {"role":"user","content":[{"type":"text","text":"which car?"},{"type":"video_url","video_url":{"url":"stream://door?from=-120s"}}]}
            """, """ "temperature":0.2,"max_tokens":64,"user":"me","n":1,"tools":[],"response_format":{"type":"text"} """)));
        Assert.Equal(("chat.completion", "scenes", "stop"), ((string)completion["object"]!, (string)completion["model"]!, (string)completion["choices"]![0]!["finish_reason"]!));
        JsonNode message = completion["choices"]![0]!["message"]!;
        Assert.Equal(("assistant", "a red car"), ((string)message["role"]!, (string)message["content"]!));
        JsonNode annotation = Assert.Single(message["annotations"]!.AsArray())!;
        Assert.Equal($"{_server.Address}v1/streams/door/keyframes/1.jpg", (string)annotation["url_citation"]!["url"]!);
        Assert.Equal(("door", 2.5), ((string)annotation["video_citation"]!["stream"]!, (double)annotation["video_citation"]!["end_seconds"]!));
        Assert.Equal("""{"prompt_tokens":90,"completion_tokens":4,"total_tokens":94}""", completion["usage"]!.ToJsonString());
        Assert.Equal((SourceName.Stream("door"), TimeSpan.FromSeconds(-120)), (Assert.Single(_directory.Asked!.Sources), _directory.Asked.From!.Value.Offset));
    }

    [Theory]
    [InlineData(""" "max_tokens":7 """, 7)]
    [InlineData(""" "max_completion_tokens":9 """, 9)]
    [InlineData(""" "max_tokens":7,"max_completion_tokens":5 """, 5)]
    [InlineData(""" "temperature":0 """, null)]
    public async Task Chat_cap_of_tokens_reaches_the_model(string member, int? cap)
    {
        Assert.Equal(200, (int)(await _server.PostAsync(Chat, Body("""{"role":"user","content":"who?"}""", member))).StatusCode);
        Assert.Equal(cap, _directory.Asked!.MaxTokens);
    }

    [Fact]
    public async Task Chat_schema_of_the_answer_reaches_the_model()
    {
        const string format = """ "response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"enum":["yes","no"]}}} """;
        Assert.Equal(200, (int)(await _server.PostAsync(Chat, Body("""{"role":"user","content":"who?"}""", format))).StatusCode);
        Assert.Equal("""{"enum":["yes","no"]}""", _directory.Asked!.Schema);
    }

    [Fact]
    public async Task Chat_answer_that_is_cut_finishes_with_length()
    {
        _directory.Answer = Cut;
        const string message = """{"role":"user","content":"who?"}""";
        Assert.Equal("length", (string?)(await JsonAsync(await _server.PostAsync(Chat, Body(message))))["choices"]![0]!["finish_reason"]);
        Assert.Contains("\"finish_reason\":\"length\"", await (await _server.PostAsync(Chat, Body(message, "\"stream\":true"))).Content.ReadAsStringAsync());

        static async IAsyncEnumerable<AnswerPiece> Cut(AskRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (AnswerPiece piece in FakeDirectory.RedCar(request, cancellation))
                yield return piece with { IsCut = piece.Answer is not null };
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ChatStream_chunks_end_with_done_and_usage_where_it_is_wanted(bool withUsage)
    {
        var response = await _server.PostAsync(Chat, Body(
            """{"role":"user","content":"which car?"}""", $$""" "stream":true{{(withUsage ? ",\"stream_options\":{\"include_usage\":true}" : "")}} """));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string[] lines = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("data: ", line));
        Assert.Equal("data: [DONE]", lines[^1]);
        JsonNode[] chunks = [.. lines[..^1].Select(line => JsonNode.Parse(line[6..])!)];
        Assert.Single(chunks.Select(chunk => (string)chunk["id"]!).Distinct());
        JsonNode[] deltas = [.. chunks.Where(chunk => chunk["choices"]!.AsArray().Count > 0).Select(chunk => chunk["choices"]![0]!["delta"]!)];
        Assert.Equal("assistant", (string)deltas[0]["role"]!);
        Assert.Equal("a red car", string.Concat(deltas.Select(delta => (string?)delta["content"])));
        Assert.Equal(2, deltas[^1]["annotations"]!.AsArray().Count);
        Assert.Equal(withUsage, chunks[^1]["choices"]!.AsArray().Count == 0 && (int)chunks[^1]["usage"]!["total_tokens"]! == 94);
    }

    [Fact]
    public async Task Conversation_earlier_videos_stay_in_scope_and_the_last_naming_counts()
    {
        await _server.PostAsync(Chat, Body("""
            {"role":"user","content":[{"type":"text","text":"who?"},{"type":"video_url","video_url":{"url":"stream://door?from=-60"}}]},
            {"role":"assistant","content":"nobody"},
            {"role":"user","content":[{"type":"input_video","input_video":{"url":"stream://gate?from=-300"}},{"type":"video_url","video_url":"stream://door?from=-300"},{"type":"text","text":"and there?"}]},
            {"role":"assistant","content":null},
            {"role":"user","content":"sure?"}
            """));
        Assert.Equal([SourceName.Stream("door"), SourceName.Stream("gate")], _directory.Asked!.Sources);
        Assert.Equal(("sure?", TimeSpan.FromSeconds(-300)), (_directory.Asked.Question, _directory.Asked.From!.Value.Offset));
        Assert.Equal([new SaidTurn("who?", "nobody")], _directory.Asked.Said);
    }

    [Fact]
    public async Task Conversation_without_videos_asks_all_streams()
    {
        await _server.PostAsync(Chat, Body("""{"role":"user","content":"which camera saw a car?"}"""));
        Assert.Equal(2, _directory.Asked!.Sources.Count);
    }

    [Theory]
    [InlineData("stream://door", SourceKind.Stream, "door", null, null)]
    [InlineData("stream://Door.1?from=-120s", SourceKind.Stream, "Door.1", -120.0, null)]
    [InlineData("upload://4bf9?from=1.5&to=9", SourceKind.File, "4bf9", 1.5, 9.0)]
    [InlineData("upload://a%20b?to=5", SourceKind.File, "a b", null, 5.0)]
    public void VideoReference_good_address_names_source_and_stretch(string url, SourceKind kind, string name, double? from, double? to)
    {
        VideoReference video = VideoReference.Parse(url);
        Assert.Equal((new SourceName(kind, name), from, to), (video.Source, video.From?.Offset?.TotalSeconds, video.To?.Offset?.TotalSeconds));
    }

    [Fact]
    public void VideoReference_moment_with_offset_keeps_its_plus_sign() => Assert.Equal(
        new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.FromHours(1)), VideoReference.Parse("stream://door?from=2026-11-21T09:30:00+01:00").From!.Value.At);

    [Theory]
    [InlineData("rtsp://admin:s3cret-pa55@camera/1")]
    [InlineData("http://127.0.0.1/film.mp4")]
    [InlineData("https://example.org/film.mp4")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file:film.mp4")]
    [InlineData("data:video/mp4;base64,AAAA")]
    [InlineData("STREAM://door")]
    [InlineData("stream:door")]
    [InlineData("stream://")]
    [InlineData("stream://door/1")]
    [InlineData("stream://door?from=yesterday")]
    [InlineData("stream://door?from=1&from=2")]
    [InlineData("stream://door?fps=2")]
    [InlineData("stream://door?from")]
    [InlineData("upload://..%2f..%2fetc")]
    [InlineData("")]
    public async Task Chat_any_other_address_is_422_and_not_repeated(string url)
    {
        var response = await _server.PostAsync(Chat, Body($$$"""{"role":"user","content":[{"type":"text","text":"who?"},{"type":"video_url","video_url":{"url":{{{JsonSerializer.Serialize(url)}}}}}]}"""));
        JsonNode error = await ErrorAsync(422, response);
        Assert.DoesNotContain(FakeDirectory.Password, error.ToJsonString());
    }

    [Theory]
    [InlineData(""" "n":2 """, "n")]
    [InlineData(""" "tools":[{"type":"function"}] """, "tools")]
    [InlineData(""" "stop":["."] """, "stop")]
    [InlineData(""" "stop":"." """, "stop")]
    [InlineData(""" "logprobs":true """, "logprobs")]
    [InlineData(""" "response_format":{"type":"json_object"} """, "response_format")]
    [InlineData(""" "response_format":{"type":"json_schema","json_schema":{"name":"x"}} """, "response_format")]
    [InlineData(""" "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"string","pattern":"a"}}} """, "response_format")]
    [InlineData(""" "modalities":["text","audio"] """, "modalities")]
    [InlineData(""" "max_tokens":0 """, "max_tokens")]
    [InlineData(""" "temperature":9 """, "temperature")]
    [InlineData(""" "media_io_kwargs":{"video":{"fps":1}} """, "media_io_kwargs")]
    [InlineData(""" "stream_options":{"include_usage":true} """, "stream_options")]
    [InlineData(""" "max_tokens":"many" """, "max_tokens")]
    public async Task Chat_what_cannot_be_honoured_is_422_and_named(string member, string parameter) =>
        Assert.Equal(parameter, (string?)(await ErrorAsync(422, await _server.PostAsync(Chat, Body("""{"role":"user","content":"who?"}""", member))))["param"]);

    [Theory]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":[null]}""")]
    [InlineData("""{"messages":[{"role":"user"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[null]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"video_url"}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"\udc00"}]}""")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":"x"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"video_url","video_url":{"url":"stream://door?from=1"}},{"type":"video_url","video_url":{"url":"stream://gate"}},{"type":"text","text":"x"}]}]}""")]
    public async Task Chat_conversation_of_another_shape_is_422(string body) => await ErrorAsync(422, await _server.PostAsync(Chat, body));

    [Theory]
    [InlineData("POST", Chat, """{"model":"gpt-5","messages":[{"role":"user","content":"who?"}]}""", 404)]
    [InlineData("POST", Chat, "{", 400)]
    [InlineData("GET", Chat, null, 405)]
    [InlineData("GET", "/v1/models/gpt-5", null, 404)]
    [InlineData("POST", "/v1/models", "{}", 405)]
    public async Task OpenAIRoutes_failures_are_error_objects(string method, string path, string? body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, null, "application/json") };
        await ErrorAsync(status, await _server.Client.SendAsync(request));
    }

    [Fact]
    public async Task Models_the_one_that_answers_is_listed_and_found()
    {
        JsonNode list = await JsonAsync(await _server.Client.GetAsync("/v1/models"));
        Assert.Equal("scenes", (string)Assert.Single(list["data"]!.AsArray())!["id"]!);
        Assert.Equal("model", (string)(await JsonAsync(await _server.Client.GetAsync("/v1/models/scenes")))["object"]!);
    }

    private static string Body(string messages, string? more = null) => $$"""{"model":"scenes","messages":[{{messages}}]{{(more is null ? "" : "," + more)}}}""";

    private static async Task<JsonNode> ErrorAsync(int status, HttpResponseMessage response)
    {
        Assert.Equal(status, (int)response.StatusCode);
        JsonNode error = (await JsonAsync(response))["error"]!;
        Assert.Equal(["message", "type", "param", "code"], error.AsObject().Select(p => p.Key));
        Assert.False(string.IsNullOrEmpty((string?)error["message"]));
        return error;
    }
}
