using Streaming.Perception;
using Streaming.World;
using Streaming.World.Notes;

namespace Streaming.Benchmarks.Notes;

/// <summary>Notes as perception might have written them, and questions that they answer.</summary>
/// <param name="Until">The last moment of the stretch that the questions are about.</param>
public sealed record NotePaper(NotebookSnapshot Book, TimeSpan Until, IReadOnlyList<FilmQuestion> Questions)
{
    /// <summary>Scenes of a split with their questions, so that every task is asked about evenly often.</summary>
    /// <param name="questionsPerScene">Drawn from the tasks that were asked about least so far.</param>
    /// <param name="isAsked">Which tasks are asked about; null: all.</param>
    public static IEnumerable<NotePaper> Draw(ulong seed, Split split, int scenes, int questionsPerScene, Func<string, bool>? isAsked = null)
    {
        var asked = new Dictionary<string, int>();
        foreach (var (scene, questions) in NoteExaminer.Draw(seed, split, most: 0).Take(scenes))
        {
            FilmQuestion[] all =
            [
                .. from question in questions
                   where isAsked?.Invoke(question.Task) ?? true
                   select new FilmQuestion(question.Task, question.Text, question.Answer, scene.From, scene.Until, question.Answerable),
            ];
            yield return new NotePaper(scene.Book, TimeSpan.FromSeconds(scene.Until), Exam.Draw(all, asked, questionsPerScene));
        }
    }
}
