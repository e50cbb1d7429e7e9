using Streaming.World;
using Streaming.World.Questions;

namespace Streaming.Benchmarks;

/// <summary>Films of the world with the questions that are asked about them.</summary>
public static class Exam
{
    /// <summary>Renders films of a split one after another and draws their questions, so that every task is asked about evenly often.</summary>
    /// <param name="folder">Where a film lies while its questions are asked; it is deleted afterwards.</param>
    /// <param name="seed">The same seed gives the same films and questions.</param>
    /// <param name="questionsPerFilm">Drawn from the tasks that were asked about least so far.</param>
    public static IEnumerable<ExamPaper> Papers(string folder, ulong seed, int films, int questionsPerFilm, Split split = Split.Test)
    {
        var asked = new Dictionary<string, int>();
        for (ulong i = 0; i < (ulong)films; i++)
        {
            var script = Director.Direct(seed * 1_000_000 + i, split);
            var path = Path.Combine(folder, $"film_{i:0000}.mp4");
            var sidecar = FilmFile.Write(script, path);
            yield return new ExamPaper(path, Draw(sidecar.Questions, asked, questionsPerFilm)) { All = sidecar.Questions, Seen = Seen(script) };
            File.Delete(path);
            File.Delete(Path.ChangeExtension(path, ".json"));
        }
    }

    /// <summary>The names of all that could be seen at any time, before and after it changed its colour.</summary>
    private static HashSet<string> Seen(Film film)
    {
        var window = new Window(Footage.Of(film), 0, film.Samples - 1);
        return [.. window.Lives.Where(life => life.IsSeen).SelectMany(life => new[] { life.First, life.Last }.Select(scene => Words.Name(window.Scenes[scene].Things[life.Thing.Id])))];
    }

    /// <summary>Questions of the tasks that were asked about least so far.</summary>
    /// <param name="asked">How often each task was asked about; counted on.</param>
    internal static List<FilmQuestion> Draw(IReadOnlyList<FilmQuestion> questions, Dictionary<string, int> asked, int count)
    {
        var rest = questions.ToList();
        var drawn = new List<FilmQuestion>();
        while (rest.Count > 0 && drawn.Count < count)
        {
            var next = rest.MinBy(question => asked.GetValueOrDefault(question.Task))!;
            rest.Remove(next);
            drawn.Add(next);
            asked[next.Task] = asked.GetValueOrDefault(next.Task) + 1;
        }
        return drawn;
    }
}

/// <param name="Film">Path of the film.</param>
public sealed record ExamPaper(string Film, IReadOnlyList<FilmQuestion> Questions)
{
    /// <summary>All questions that there are about the film, drawn or not.</summary>
    public IReadOnlyList<FilmQuestion> All { get; init; } = [];

    /// <summary>The names of all things in it, such as "red circle".</summary>
    public IReadOnlySet<string> Seen { get; init; } = new HashSet<string>();
}
