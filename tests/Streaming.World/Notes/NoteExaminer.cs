using System.Text.Json;
using Streaming.Perception;
using Streaming.World.Questions;

namespace Streaming.World.Notes;

/// <summary>Draws up questions about scenes of notes, and writes them for training and measuring.</summary>
public static class NoteExaminer
{
    private static readonly Func<NoteScene, Dice, Split, Question?>[] Asks =
    [
        NoteCounts.All, NoteCounts.Now, NoteCounts.Most, NoteCounts.Exists, NoteCounts.ExistsNow, NoteCounts.Frequent, NoteCounts.Busiest, NoteCounts.Longest,
        NoteCounts.SeenFirst, NoteCounts.SeenLast, NoteCounts.ThereNow, NoteCounts.EmptyNow, NoteCounts.EmptyWhen,
        NoteStories.First, NoteStories.Last, NoteStories.LeftFirst, NoteStories.Order, NoteStories.Neighbour, NoteStories.Colour, NoteStories.WhenCame,
        NoteStories.WhenLeft, NoteStories.Stay, NoteStories.To, NoteStories.From, NoteStories.Stopped, NoteStories.StopWhere, NoteStories.StopWhen,
        NoteStories.Zone, NoteStories.ZoneWhen, NoteStories.ZoneCount, NoteStories.Text, NoteStories.Clock, NoteStories.Summary, NoteStories.Untold,
        // What takes long to learn, or what few scenes allow, is asked more often.
        NoteStories.Order, NoteStories.Neighbour, NoteStories.Summary, NoteStories.ZoneWhen, NoteStories.Text, NoteCounts.EmptyWhen, NoteCounts.Most,
    ];

    /// <summary>As many questions share one reading of the notes in training.</summary>
    public const int MostOfAScene = 14;

    /// <summary>The questions about a scene that its sheet holds whole, never the same text twice.</summary>
    /// <param name="most">How many at most; 0: one of each kind that the scene allows.</param>
    public static IReadOnlyList<Question> Ask(NoteScene scene, Split split, Dice dice, int most)
    {
        var questions = new List<Question>();
        foreach (var ask in dice.Shuffle(Asks))
        {
            if (ask(scene, dice, split) is { } question && questions.All(q => q.Text != question.Text))
                questions.Add(question);
            if (questions.Count == most)
                break;
        }
        return questions;
    }

    /// <summary>Scenes whose sheet leaves nothing out, in order of their seeds.</summary>
    public static IEnumerable<(NoteScene Scene, IReadOnlyList<Question> Questions)> Draw(ulong seed, Split split, int most) =>
        from i in Forever(seed * 1_000_000_000)
        let scene = NoteStage.Draw(i)
        where IsWhole(scene)
        let questions = Ask(scene, split, new Dice(i ^ 0x407E5), most)
        where questions.Count > 0
        select (scene, questions);

    /// <summary>
    /// Writes one scene a line: <c>{"notes": [lines], "questions": [{"task", "question", "answer", "told": [indexes of the lines that the question needs]}]}</c>.
    /// </summary>
    /// <param name="questions">How many questions at least, in all.</param>
    /// <returns>How many scenes and questions were written.</returns>
    public static (int Scenes, int Questions) Write(string file, ulong seed, Split split, int questions, int most)
    {
        using StreamWriter lines = File.CreateText(file);
        int scenes = 0, written = 0;
        foreach (var (scene, asked) in Draw(seed, split, most))
        {
            if (written >= questions)
                break;
            lines.WriteLine(JsonSerializer.Serialize(new
            {
                notes = scene.Sheet.Lines.Select(line => line.Text),
                questions = asked.Select(q => new { task = $"note.{q.Task}", question = q.Text, answer = q.Answer, told = Told(scene.Sheet, q.Text) }),
            }, Plain));
            (scenes, written) = (scenes + 1, written + asked.Count);
        }
        return (scenes, written);
    }

    private static IEnumerable<int> Told(NoteSheet sheet, string question)
    {
        HashSet<SheetLine> told = new(new NoteFocus(question, question).Of(sheet).Lines, ReferenceEqualityComparer.Instance);
        return Enumerable.Range(0, sheet.Lines.Length).Where(i => told.Contains(sheet.Lines[i]));
    }

    /// <summary>A line for every thing that is told of; a longer one leaves out the oldest, and what was asked might be there.</summary>
    private static bool IsWhole(NoteScene scene) => scene.Sheet.Lines.Length is > 0 and < NoteSheet.MostLines;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<ulong> Forever(ulong from)
    {
        for (ulong i = from; ; i++)
            yield return i;
    }
}
