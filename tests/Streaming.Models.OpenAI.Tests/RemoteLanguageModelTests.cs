using System.Text;
using System.Text.Json.Nodes;
using Streaming.Models.Shapes;

namespace Streaming.Models.OpenAI.Tests;

public sealed class RemoteLanguageModelTests : IDisposable
{
    private static readonly GenerationLimits Limits = new(40, TimeSpan.FromMinutes(5));
    private readonly LocalServer _server = new();
    private readonly SteppedClock _clock = new();
    private readonly RemoteLanguageModel _model;

    public RemoteLanguageModelTests() => _model = Model(new RemoteOptions(_server.Address, "some-vlm") { Key = "secret" });

    public void Dispose()
    {
        _model.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task CompleteAsync_sends_pictures_under_their_times_and_streams_the_answer()
    {
        _server.Stream(
            """{"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}""", LocalServer.Piece("A red "), LocalServer.Piece("bus 😀"),
            """{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}""",
            """{"choices": [], "usage": {"prompt_tokens": 321, "completion_tokens": 5}}""", "[DONE]");
        var pieces = new List<string>();
        Completion completion = await _model.CompleteAsync(Asked(1, 62), Limits, pieces.Add);
        Assert.Equal(("A red bus 😀", FinishReason.Stop, 321, 5), (completion.Text, completion.Finish, completion.PromptTokens, completion.CompletionTokens));
        Assert.Equal(["A red ", "bus 😀"], pieces);
        Received request = Assert.Single(_server.Requests);
        Assert.Equal("POST /v1/chat/completions HTTP/1.1", request.Line);
        Assert.Equal("Bearer secret", request.Headers["Authorization"]);
        const string expected = """
            {"model": "some-vlm", "max_tokens": 40, "temperature": 0, "stream": true, "stream_options": {"include_usage": true}, "messages": [{"role": "user", "content": [
              {"type": "text", "text": "Picture at 00:01:"}, {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,cGljdHVyZSAx"}},
              {"type": "text", "text": "Picture at 01:02:"}, {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,cGljdHVyZSA2Mg=="}},
              {"type": "text", "text": "\nWhat came? http://example.com/x.jpg"}]}]}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), request.Body), request.Body.ToJsonString());
    }

    [Fact]
    public async Task CompleteAsync_with_a_shape_asks_for_its_schema()
    {
        _server.Stream(LocalServer.Piece("true"), "[DONE]");
        await _model.CompleteAsync(Asked(1), Limits with { Shape = AnswerShape.Json("""{"type": "boolean"}""") });
        JsonNode expected = JsonNode.Parse("""{"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": {"type": "boolean"}}}""")!;
        Assert.True(JsonNode.DeepEquals(expected, Assert.Single(_server.Requests).Body["response_format"]));
    }

    [Theory]
    [InlineData(5, "0 24 49 74 99")]
    [InlineData(1, "99")]
    [InlineData(200, null)]
    public async Task CompleteAsync_of_more_frames_than_fit_thins_them_evenly(int most, string? seconds)
    {
        using RemoteLanguageModel model = Model(new RemoteOptions(_server.Address, "some-vlm") { MostFrames = most });
        _server.Stream(LocalServer.Piece("x"), "[DONE]");
        await model.CompleteAsync(Asked([.. Enumerable.Range(0, 100)]), Limits);
        string expected = seconds ?? string.Join(' ', Enumerable.Range(0, 100));
        Assert.Equal(expected, string.Join(' ', Pictures(Assert.Single(_server.Requests))));
        Assert.Equal((2 * expected.Split(' ').Length) + 1, Content(_server.Requests.Single()).Count);
    }

    [Fact]
    public async Task CompleteAsync_of_a_frame_whose_picture_is_gone_leaves_its_time_out()
    {
        _server.Stream(LocalServer.Piece("x"), "[DONE]");
        Prompt prompt = Asked(1, 2, 3);
        Func<TimeSpan, byte[]?> picture = prompt.Picture!;
        await _model.CompleteAsync(prompt with { Picture = time => time.TotalSeconds == 2 ? null : picture(time) }, Limits);
        Assert.Equal(["1", "3"], Pictures(_server.Requests.Single()));
        Assert.Equal(5, Content(_server.Requests.Single()).Count);
    }

    [Fact]
    public async Task CompleteAsync_against_a_busy_server_asks_again_when_told()
    {
        _server.Answer("429 Too Many Requests\r\nRetry-After: 7", "later");
        _server.Answer("503 Service Unavailable");
        _server.Stream(LocalServer.Piece("yes"), "[DONE]");
        Assert.Equal("yes", (await _model.CompleteAsync(Asked(1), Limits)).Text);
        Assert.Equal([7, 2], _clock.Waits.Select(wait => (int)wait.TotalSeconds));
    }

    [Fact]
    public async Task CompleteAsync_against_a_server_that_hangs_up_asks_again_unless_words_have_come()
    {
        _server.Answer("200 OK\r\nContent-Type: text/event-stream", ": starting\n\n");
        _server.Stream(LocalServer.Piece("half"));
        var error = await Assert.ThrowsAsync<RemoteModelException>(() => _model.CompleteAsync(Asked(1), Limits));
        Assert.Contains("hung up", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task CompleteAsync_against_a_server_that_stays_down_gives_up()
    {
        for (int i = 0; i < 9; i++)
            _server.Answer("500 Internal Server Error", "out of\nmemory");
        var error = await Assert.ThrowsAsync<RemoteModelException>(() => _model.CompleteAsync(Asked(1), Limits));
        Assert.Contains("500 Internal Server Error: out of memory", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4], _clock.Waits.Select(wait => (int)wait.TotalSeconds));
    }

    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("401 Unauthorized")]
    [InlineData("302 Found\r\nLocation: http://127.0.0.1:1/")]
    public async Task CompleteAsync_that_is_refused_says_why_and_does_not_ask_again(string status)
    {
        _server.Answer(status, """{"error": {"message": "context length exceeded"}}""");
        var error = await Assert.ThrowsAsync<RemoteModelException>(() => _model.CompleteAsync(Asked(1), Limits));
        Assert.Contains("context length exceeded", error.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("""{"error": {"message": "CUDA out of memory"}}""", "CUDA out of memory")]
    [InlineData("""{"error": "CUDA out of memory"}""", "CUDA out of memory")]
    [InlineData("{]", "cannot be read")]
    [InlineData("""{"choices": {}}""", "cannot be read")]
    public async Task CompleteAsync_of_a_stream_that_fails_says_why(string data, string words)
    {
        _server.Stream(LocalServer.Piece("a"), data);
        Assert.Contains(words, (await Assert.ThrowsAsync<RemoteModelException>(() => _model.CompleteAsync(Asked(1), Limits))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteAsync_at_its_token_cap_says_so_and_counts_pieces_where_no_usage_comes()
    {
        _server.Stream(LocalServer.Piece("a"), LocalServer.Piece("b"), """{"choices": [{"delta": {}, "finish_reason": "length"}]}""");
        Completion completion = await _model.CompleteAsync(Asked(1), Limits);
        Assert.Equal((FinishReason.Length, 2, "ab"), (completion.Finish, completion.CompletionTokens, completion.Text));
    }

    [Fact]
    public async Task CompleteAsync_past_its_deadline_ends_with_what_has_come()
    {
        var never = new TaskCompletionSource();
        _server.Answer("200 OK\r\nContent-Type: text/event-stream", LocalServer.Events(LocalServer.Piece("so far")), never.Task);
        Completion completion = await _model.CompleteAsync(Asked(1), Limits, _ => _clock.EndLongWaits());
        Assert.Equal(("so far", FinishReason.Deadline), (completion.Text, completion.Finish));
        never.SetResult();
    }

    [Fact]
    public async Task CompleteAsync_that_is_cancelled_throws()
    {
        var never = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        _server.Answer("200 OK\r\nContent-Type: text/event-stream", LocalServer.Events(LocalServer.Piece("so far")), never.Task);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _model.CompleteAsync(Asked(1), Limits, _ => cancel.Cancel(), cancel.Token));
        never.SetResult();
    }

    private RemoteLanguageModel Model(RemoteOptions options) => new(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }), options, _clock);

    /// <summary>A question about frames of these seconds, whose pictures tell them.</summary>
    private static Prompt Asked(params int[] seconds)
    {
        TokenOrigin[] origins = [.. seconds.SelectMany(second => Enumerable.Repeat(new TokenOrigin(TimeSpan.FromSeconds(second), 0, 0), 2))];
        float[] ones = [.. Enumerable.Repeat(1f, origins.Length)];
        return new PromptBuilder(RemoteLanguageModel.Wording).Build(new VisualTokens(1, ones, origins, ones, ones), "What came? http://example.com/x.jpg")
            with
        { Picture = time => Encoding.UTF8.GetBytes($"picture {time.TotalSeconds}") };
    }

    private static JsonArray Content(Received request) => request.Body["messages"]![0]!["content"]!.AsArray();

    private static IEnumerable<string> Pictures(Received request) => Content(request).Where(part => (string)part!["type"]! == "image_url")
        .Select(part => Encoding.UTF8.GetString(Convert.FromBase64String(((string)part!["image_url"]!["url"]!).Split(',')[1]))["picture ".Length..]);
}
