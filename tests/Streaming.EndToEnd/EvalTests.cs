using System.Text.Json;
using Streaming.Models.Hub;

namespace Streaming.EndToEnd;

/// <summary><c>eval</c>: a benchmark on a model folder.</summary>
public sealed class EvalTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly string _scenes = ModelLibrary.Default().Find("scenes").Path;

    [Fact]
    public async Task Eval_demo_questions_on_the_shipped_model_are_right_and_accounted()
    {
        _cli.Variables["STREAMING_MODEL"] = _scenes;
        string film = Path.Combine(_scenes, "demo.mp4"), replies = Path.Combine(_cli.Folder, "replies.jsonl");
        using JsonDocument demo = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_scenes, "demo.json")));
        string data = Data(demo.RootElement.EnumerateArray().Select(asked => Item(film, asked.GetProperty("question").GetString()!, asked.GetProperty("answer").GetString()!)));

        var result = await _cli.RunAsync("eval", data, "--policy", "dtd", "--retain", "0.25", "--frames", "16", "--out", replies, "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(3, result.Json.GetProperty("questions").GetInt32());
        Assert.InRange(result.Json.GetProperty("right").GetInt32(), 2, 3);
        Assert.Equal(16 * 64, result.Json.GetProperty("visual_tokens_source").GetDouble());
        Assert.InRange(result.Json.GetProperty("visual_tokens_kept").GetDouble(), 1, 16 * 64 * 0.25);
        Assert.Equal(3, (await File.ReadAllLinesAsync(replies)).Length);
    }

    [Fact]
    public async Task Eval_reply_without_a_letter_and_film_that_is_none_count_as_wrong()
    {
        string broken = Path.Combine(_cli.Folder, "broken.mp4");
        await File.WriteAllTextAsync(broken, "no film");
        string film = Path.Combine(_scenes, "demo.mp4");
        string data = Data([Choice(film), Choice(broken)]);

        var result = await _cli.RunAsync("eval", data, "--frames", "2", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("broken.mp4", Assert.Single(result.ErrorLines));
        Assert.Equal((2, 0, 1, 1), (Number("questions"), Number("right"), Number("no_choice"), Number("unreadable")));

        int Number(string name) => result.Json.GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("--retain", "0")]
    [InlineData("--retain", "1.5")]
    [InlineData("--frames", "0")]
    public async Task Eval_setting_out_of_range_is_refused(string option, string value)
    {
        var result = await _cli.RunAsync("eval", Data([Choice(Path.Combine(_scenes, "demo.mp4"))]), option, value);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(option, Assert.Single(result.ErrorLines));
    }

    public void Dispose() => _cli.Dispose();

    private string Data(IEnumerable<string> lines)
    {
        string path = Path.Combine(_cli.Folder, "data.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }

    private static string Item(string video, string question, string answer) => JsonSerializer.Serialize(new { video, question, answer });

    private static string Choice(string video) => JsonSerializer.Serialize(new { video, question = "What?", options = new[] { "red", "blue" }, answer = "A" });
}
