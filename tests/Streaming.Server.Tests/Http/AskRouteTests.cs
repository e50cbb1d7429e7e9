using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Contracts;
using Streaming.Server.Http;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

public sealed class AskRouteTests : IAsyncLifetime
{
    private readonly FakeDirectory _directory = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(_directory, new HttpSettings { Port = 0, Heartbeat = TimeSpan.FromMilliseconds(1) });
        await _server.DeclareAsync("door");
        await _server.DeclareAsync("gate");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Ask_stream_answers_with_the_object_of_the_command_line()
    {
        JsonNode answer = await JsonAsync(await _server.PostAsync("/v1/streams/door/ask", """{"question":"which car?","from":-120,"to":"2026-11-21T10:00:00+01:00"}"""));
        Assert.Equal(["answer", "citations", "frames", "usage", "timings", "model", "gaps"], answer.AsObject().Select(p => p.Key));
        Assert.Equal("/v1/streams/door/keyframes/1.jpg", (string)answer["citations"]![0]!["keyframe"]!);
        Assert.Equal((TimeSpan.FromSeconds(-120), new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero)), (_directory.Asked!.From!.Value.Offset, _directory.Asked.To!.Value.At));
    }

    [Fact]
    public async Task Ask_many_without_names_asks_all_streams_and_each_citation_names_its_own()
    {
        JsonNode answer = await JsonAsync(await _server.PostAsync("/v1/ask", """{"question":"which camera saw a red car?"}"""));
        Assert.Equal(["door", "gate"], answer["citations"]!.AsArray().Select(c => (string)c!["stream"]!));
    }

    [Theory]
    [InlineData("Good morning. Who is at the door?", true)]
    [InlineData("um tell me when somebody comes", true)]
    [InlineData("He told me who was at the door.", false)]
    public async Task Utterance_is_answered_if_it_is_meant(string text, bool isMeant)
    {
        JsonNode heard = await JsonAsync(await _server.PostAsync("/v1/streams/door/utterances", $$"""{"text":"{{text}}","from":-60}"""));
        Assert.Equal(isMeant, (bool)heard["is_meant"]!);
        Assert.Equal(isMeant, heard["answer"] is not null);
        Assert.Equal(isMeant ? text : null, _directory.Asked?.Question);
    }

    [Theory]
    [InlineData("/v1/streams/nothing/utterances", """{"text":"I like it."}""", 404)]
    [InlineData("/v1/streams/door/utterances", """{"text":" "}""", 422)]
    [InlineData("/v1/streams/door/utterances", "{}", 422)]
    public async Task Utterance_that_cannot_be_is_a_problem(string path, string body, int status) => await ProblemAsync(status, await _server.PostAsync(path, body));

    [Fact]
    public async Task Ask_many_named_asks_those()
    {
        string id = (string)(await JsonAsync(await _server.UploadAsync([1])))["id"]!;
        await _server.PostAsync("/v1/ask", $$"""{"question":"which car?","streams":["gate","gate"],"files":["{{id}}"]}""");
        Assert.Equal([SourceName.Stream("gate"), SourceName.File(id)], _directory.Asked!.Sources);
    }

    [Theory]
    [InlineData("/v1/streams/nothing/ask", """{"question":"which car?"}""", 404)]
    [InlineData("/v1/files/nothing/ask", """{"question":"which car?"}""", 404)]
    [InlineData("/v1/ask", """{"question":"which car?","streams":["nothing"]}""", 404)]
    [InlineData("/v1/ask", """{"question":"which car?","streams":[null]}""", 422)]
    [InlineData("/v1/ask", """{"question":"which car?","streams":"door"}""", 422)]
    [InlineData("/v1/streams/door/ask", "{}", 422)]
    [InlineData("/v1/streams/door/ask", """{"question":" "}""", 422)]
    [InlineData("/v1/streams/door/ask", """{"question":"which car?","from":"yesterday"}""", 422)]
    [InlineData("/v1/streams/door/ask", """{"question":"which car?","to":1e300}""", 422)]
    [InlineData("/v1/streams/door/ask", """{"question":"which car?","conversation":"a b"}""", 422)]
    [InlineData("/v1/ask", """{"question":"which car?","conversation":""}""", 422)]
    public async Task Ask_what_cannot_be_meant_is_a_problem_with_and_without_events(string path, string body, int status)
    {
        await ProblemAsync(status, await _server.PostAsync(path, body));
        await ProblemAsync(status, await EventsAsync(path, body));
    }

    [Fact]
    public async Task Ask_without_any_stream_is_422()
    {
        await using var empty = await RunningServer.StartAsync(new FakeDirectory());
        await ProblemAsync(422, await empty.PostAsync("/v1/ask", """{"question":"which car?"}"""));
    }

    [Fact]
    public async Task Ask_busy_model_says_when_to_come_again()
    {
        _directory.Answer = (_, _) => Pieces(new AnswerPiece(Problem: new Problem(ProblemKind.Busy, "ten questions wait already")));
        var response = await _server.PostAsync("/v1/streams/door/ask", """{"question":"which car?"}""");
        await ProblemAsync(429, response);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(ProblemKind.Unavailable, 503, "unavailable")]
    [InlineData(ProblemKind.Overdue, 504, "overdue")]
    public async Task Ask_model_that_does_not_answer_is_told_as_such(ProblemKind kind, int status, string word)
    {
        _directory.Answer = (_, _) => Pieces(new AnswerPiece(Problem: new Problem(kind, "the model does not answer")));
        Assert.Equal(word, (string?)(await ProblemAsync(status, await _server.PostAsync("/v1/streams/door/ask", """{"question":"which car?"}""")))["kind"]);
    }

    [Fact]
    public async Task AskEvents_answer_comes_in_numbered_pieces_and_then_whole()
    {
        var response = await EventsAsync("/v1/streams/door/ask", """{"question":"which car?"}""");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string[] events = [.. (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => !e.StartsWith(':'))];
        Assert.Equal("id: 1\nevent: text\ndata: {\"text\":\"a red \"}", events[0]);
        Assert.Equal("id: 2\nevent: text\ndata: {\"text\":\"car\"}", events[1]);
        Assert.StartsWith("id: 3\nevent: answer\ndata: {\"answer\":\"a red car\",\"citations\":[", events[2]);
        Assert.Equal(3, events.Length);
    }

    [Fact]
    public async Task AskEvents_silence_is_filled_with_comments()
    {
        var release = new TaskCompletionSource();
        _directory.Answer = (request, cancellation) => After(release.Task, FakeDirectory.RedCar(request, cancellation));
        var response = await EventsAsync("/v1/streams/door/ask", """{"question":"which car?"}""");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith(":", await reader.ReadLineAsync());
        release.SetResult();
        Assert.Contains("event: answer", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task AskEvents_problem_after_the_first_piece_is_the_last_event()
    {
        _directory.Answer = (_, _) => Pieces(new AnswerPiece(Text: "a "), new AnswerPiece(Problem: new Problem(ProblemKind.NotFound, "the stream was removed")));
        string text = await (await EventsAsync("/v1/streams/door/ask", """{"question":"which car?"}""")).Content.ReadAsStringAsync();
        Assert.Contains("event: problem\ndata: {\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404", text);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task Ask_client_that_goes_away_ends_the_models_work(string accept)
    {
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        _directory.Answer = (_, cancellation) => Endless(started, ended, cancellation);
        using (var leaving = new CancellationTokenSource())
        {
            Task<HttpResponseMessage> asked = SendAsync("/v1/streams/door/ask", """{"question":"which car?"}""", accept, leaving.Token);
            await started.Task;
            await leaving.CancelAsync();
            // Depending on whether a comment was sent, the headers have come or not.
            await asked.ContinueWith(task => task.IsCompletedSuccessfully ? task.Result : null).ContinueWith(task => task.Result?.Dispose());
        }
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (int)(await _server.Client.GetAsync("/livez")).StatusCode);
    }

    [Fact]
    public async Task Stop_answer_under_way_is_finished_first()
    {
        var release = new TaskCompletionSource();
        _directory.Answer = (request, cancellation) => After(release.Task, FakeDirectory.RedCar(request, cancellation));
        var response = await EventsAsync("/v1/streams/door/ask", """{"question":"which car?"}""");
        Task stopped = _server.Server.StopAsync();
        release.SetResult();
        Assert.Contains("event: answer", await response.Content.ReadAsStringAsync());
        await stopped;
    }

    private Task<HttpResponseMessage> EventsAsync(string path, string json) => SendAsync(path, json, "text/event-stream", default);

    private async Task<HttpResponseMessage> SendAsync(string path, string json, string accept, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private static async IAsyncEnumerable<AnswerPiece> Pieces(params AnswerPiece[] pieces)
    {
        await Task.CompletedTask;
        foreach (AnswerPiece piece in pieces)
            yield return piece;
    }

    private static async IAsyncEnumerable<AnswerPiece> After(Task release, IAsyncEnumerable<AnswerPiece> pieces)
    {
        await release;
        await foreach (AnswerPiece piece in pieces)
            yield return piece;
    }

    private static async IAsyncEnumerable<AnswerPiece> Endless(TaskCompletionSource started, TaskCompletionSource ended, [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            yield break;
        }
        finally
        {
            ended.SetResult();
        }
    }
}
