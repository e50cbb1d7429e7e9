using Streaming.World;

namespace Streaming.Benchmarks.Tests;

/// <summary>The shipped model through the service's own path, on films that training never saw.</summary>
public sealed class QuestionAnsweringTests
{
    private const ulong Seed = 910_001;
    private const int Films = 6;
    private const int QuestionsPerFilm = 8;

    /// <summary>
    /// The line is whole if films make this share of answers right; <c>bench qa</c> has the figure itself. Answers that do not depend on
    /// the film (wrong pixels, times or order of tokens) stay below it.
    /// </summary>
    private const double LeastAccuracy = 0.7;

    [Fact]
    public async Task Examinee_asked_about_unseen_films_answers_most_questions_rightly()
    {
        using var examinee = new Examinee(DecoderProcessOfThis.Options);
        var marks = new List<Mark>();
        foreach (var paper in Exam.Papers(examinee.Folder, Seed, Films, QuestionsPerFilm))
        {
            var film = await examinee.SeeAsync(paper.Film);
            foreach (var question in paper.Questions)
                marks.Add(await examinee.AskAsync(film, question));
        }
        Assert.True(marks.Count >= 40);
        Assert.True(marks.Count(mark => mark.IsRight) >= LeastAccuracy * marks.Count, string.Join('\n',
            marks.Where(mark => !mark.IsRight).Select(mark => $"{mark.Question.Question} -> {mark.Answer.Text}, not {mark.Question.Answer}")));
    }

    [Fact]
    public void Exam_of_one_seed_is_the_same_each_time_and_asks_about_each_task_evenly()
    {
        var folder = Directory.CreateTempSubdirectory("streaming-exam-");
        List<FilmQuestion> first = Questions(), again = Questions();
        folder.Delete(recursive: true);
        Assert.Equal(first, again);
        var perTask = first.CountBy(question => question.Task).ToDictionary();
        Assert.True(perTask.Count >= 12, $"{perTask.Count} tasks");
        Assert.True(perTask.Values.Max() <= 3 * first.Count / perTask.Count, string.Join(", ", perTask));

        List<FilmQuestion> Questions() => [.. Exam.Papers(folder.FullName, Seed, films: 3, questionsPerFilm: 10).SelectMany(paper => paper.Questions)];
    }
}
