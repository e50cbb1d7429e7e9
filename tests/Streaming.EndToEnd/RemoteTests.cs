using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Models.OpenAI.Tests;

namespace Streaming.EndToEnd;

/// <summary>The program with a server that answers in place of a language model.</summary>
public sealed class RemoteTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly LocalServer _server = new();

    public RemoteTests()
    {
        _cli.Variables["STREAMING_REMOTE"] = _server.Address.AbsoluteUri;
        _cli.Variables["STREAMING_REMOTE_MODEL"] = "some-vlm";
        _cli.Variables["STREAMING_REMOTE_KEY"] = "secret";
        _cli.Variables["STREAMING_REMOTE_FRAMES"] = "3";
    }

    [Fact]
    public async Task Ask_sends_the_keyframes_with_their_times_and_cites_what_was_asked_about()
    {
        _server.Stream(LocalServer.Piece("A test "), LocalServer.Piece("card."), """{"choices": [], "usage": {"prompt_tokens": 321, "completion_tokens": 4}}""", "[DONE]");
        JsonElement answer = await _cli.AskAsync(await _cli.FilmAsync());
        Assert.Equal(("A test card.", "some-vlm"), (answer.GetProperty("answer").GetString(), answer.GetProperty("model").GetString()));
        Assert.Equal(321, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.NotEmpty(answer.GetProperty("citations").EnumerateArray());
        Received request = Assert.Single(_server.Requests);
        Assert.Equal(("POST /v1/chat/completions HTTP/1.1", "Bearer secret"), (request.Line, request.Headers["Authorization"]));
        Assert.Equal("some-vlm", (string?)request.Body["model"]);
        JsonNode[] content = [.. request.Body["messages"]!.AsArray()[^1]!["content"]!.AsArray().Select(part => part!)];
        string[] pictures = [.. content.Where(part => (string?)part["type"] == "image_url").Select(part => (string)part["image_url"]!["url"]!)];
        Assert.Equal(3, pictures.Length);
        Assert.All(pictures, picture => Assert.Equal([0xFF, 0xD8, 0xFF], Convert.FromBase64String(picture["data:image/jpeg;base64,".Length..])[..3]));
        Assert.Equal(3, content.Count(part => ((string?)part["text"])?.StartsWith("Picture at 00:0", StringComparison.Ordinal) == true));
        Assert.Contains("what is there?", (string)content[^1]["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_of_a_server_that_refuses_says_what_it_said()
    {
        _server.Answer("401 Unauthorized", "that key is not known");
        var result = await _cli.RunAsync("ask", await _cli.FilmAsync(), "what is there?");
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("secret", result.Error + result.Output, StringComparison.Ordinal);
        Assert.NotEmpty(result.ErrorLines);
    }

    [Fact]
    public async Task Serve_keeps_a_film_for_several_questions_to_the_server()
    {
        await using var server = await _cli.ServeAsync();
        string path = $"/v1/files/{(await server.UploadAsync(await _cli.FilmAsync())).GetProperty("id").GetString()}";
        await server.UntilAsync(path, file => file.GetProperty("state").GetString() == "ready");
        foreach (string said in (string[])["One.", "Two."])
        {
            _server.Stream(LocalServer.Piece(said), "[DONE]");
            Assert.Equal(said, (await server.PostAsync($"{path}/ask", new { question = "what is there?" })).GetProperty("answer").GetString());
        }
        Assert.Equal(2, _server.Requests.Count);
    }

    public void Dispose()
    {
        _server.Dispose();
        _cli.Dispose();
    }
}
