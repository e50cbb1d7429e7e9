using Streaming.Models.Hub;

namespace Streaming.EndToEnd;

/// <summary><c>--once</c>: the demo film and its three questions.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly string _scenes = ModelLibrary.Default().Find("scenes").Path;

    [Fact]
    public async Task Once_shipped_model_answers_all_three_questions_with_evidence_and_cost()
    {
        _cli.Variables["STREAMING_MODEL"] = _scenes;
        var result = await _cli.RunAsync("--once");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal("", result.Error);
        Assert.Equal(3, Lines(result, "Q "));
        Assert.Equal(3, Lines(result, "A "));
        Assert.Equal(3, result.Output.Split('\n').Count(line => line.Contains("rests on") && line.Contains("visual tokens")));
        Assert.Contains("3 of 3 answers are right", result.Output);
    }

    [Fact]
    public async Task Once_answer_that_is_wrong_fails()
    {
        string copy = CopyOfScenes();
        string questions = Path.Combine(copy, "demo.json");
        await File.WriteAllTextAsync(questions, (await File.ReadAllTextAsync(questions)).Replace("\"answer\": \"", "\"answer\": \"not "));
        _cli.Variables["STREAMING_MODEL"] = copy;
        var result = await _cli.RunAsync("--once");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("0 of 3 answers are right", result.Output);
    }

    [Fact]
    public async Task Once_model_without_a_demo_film_says_what_to_do_instead()
    {
        var result = await _cli.RunAsync("--once");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("ask", Assert.Single(result.ErrorLines));
    }

    public void Dispose() => _cli.Dispose();

    private static int Lines(Cli.Result result, string start) => result.Output.Split('\n').Count(line => line.StartsWith(start, StringComparison.Ordinal));

    private string CopyOfScenes()
    {
        string copy = Path.Combine(_cli.Folder, "scenes");
        foreach (string file in Directory.EnumerateFiles(_scenes, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(_scenes, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }
}
