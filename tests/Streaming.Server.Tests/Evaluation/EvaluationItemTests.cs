using Streaming.Server.Evaluation;

namespace Streaming.Server.Tests.Evaluation;

public sealed class EvaluationItemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-eval-").FullName;

    public EvaluationItemTests() => File.WriteAllBytes(Path.Combine(_folder, "a.mp4"), [1]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("B", "B")]
    [InlineData("blue", "B")]
    [InlineData("(B) blue", "B")]
    public void ReadAll_answer_by_letter_or_option_becomes_a_letter(string answer, string expected)
    {
        EvaluationItem item = Assert.Single(Read($$"""{"video":"a.mp4","question":"What?","options":["A. red","B. blue"],"answer":"{{answer}}","task":"colour"}"""));
        Assert.Equal(Path.Combine(_folder, "a.mp4"), item.Video);
        Assert.Equal(["red", "blue"], item.Options);
        Assert.Equal((expected, "colour"), (item.Answer, item.Task));
    }

    [Fact]
    public void ReadAll_without_options_keeps_the_words()
    {
        EvaluationItem item = Assert.Single(Read("""{"video":"a.mp4","question":"What?","answer":"a red car"}""" + "\n\n"));
        Assert.Empty(item.Options);
        Assert.Equal(("a red car", ""), (item.Answer, item.Task));
    }

    [Theory]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{", "line 2")]
    [InlineData("""{"video":"b.mp4","question":"What?","answer":"x"}""", "there is no film")]
    [InlineData("""{"video":"a.mp4","answer":"x"}""", "\"question\"")]
    [InlineData("""{"video":"a.mp4","question":"What?","options":["red","blue"],"answer":"C"}""", "none of the 2 options")]
    [InlineData("""{"video":"a.mp4","question":"What?","options":["red"],"answer":"A"}""", "\"options\"")]
    [InlineData("""{"video":"a.mp4","question":"What?","options":[1,2],"answer":"A"}""", "\"options\"")]
    [InlineData("""{"video":"a.mp4","question":"What?","options":"red","answer":"A"}""", "\"options\"")]
    public void ReadAll_bad_line_is_named(string line, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read("\n" + line));
        Assert.Contains("data.jsonl, line 2", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void ReadAll_of_nothing_is_refused() => Assert.Contains("no question", Assert.Throws<InvalidDataException>(() => Read("\n \n")).Message);

    private IReadOnlyList<EvaluationItem> Read(string lines)
    {
        string path = Path.Combine(_folder, "data.jsonl");
        File.WriteAllText(path, lines);
        return EvaluationItem.ReadAll(path);
    }
}
