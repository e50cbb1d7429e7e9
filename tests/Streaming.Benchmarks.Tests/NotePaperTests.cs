using Streaming.Benchmarks.Notes;
using Streaming.World;

namespace Streaming.Benchmarks.Tests;

public sealed class NotePaperTests
{
    [Fact]
    public void Draw_of_one_seed_is_the_same_each_time_and_asks_about_each_task_evenly()
    {
        List<FilmQuestion> first = Questions(), again = Questions();
        Assert.Equal(first, again);
        var perTask = first.CountBy(question => question.Task).ToDictionary();
        Assert.True(perTask.Count >= 30, $"{perTask.Count} tasks");
        Assert.True(perTask.Values.Max() <= 3 * first.Count / perTask.Count, string.Join(", ", perTask));

        List<FilmQuestion> Questions() => [.. NotePaper.Draw(5, Split.Test, scenes: 40, questionsPerScene: 8).SelectMany(paper => paper.Questions)];
    }

    [Fact]
    public void Draw_without_some_tasks_asks_about_others_only() => Assert.All(
        NotePaper.Draw(5, Split.Test, 10, 8, task => task.StartsWith("count", StringComparison.Ordinal)),
        paper => Assert.All(paper.Questions, question => Assert.StartsWith("count", question.Task, StringComparison.Ordinal)));
}
