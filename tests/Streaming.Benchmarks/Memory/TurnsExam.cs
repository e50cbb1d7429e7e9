using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Pipelines.Conversation;
using Streaming.Perception;
using Streaming.World;

namespace Streaming.Benchmarks.Memory;

/// <summary>
/// Conversations about films that a memory holds, by the six abilities of MMRC (arXiv 2502.11903): extraction (a question in the midst of
/// others), reasoning ("it" is the thing of the last answer, which no stretch is named for), recall (the same after six turns about
/// others), images ("and before that?" is the film before), refusal (what cannot be told), and update (of what a user says and
/// corrects, the model is told what holds).
/// </summary>
internal sealed class TurnsExam(MemoryExam exam, MemorySnapshot memory, TimeSpan now)
{
    private const int TurnsBetween = 6;

    private readonly Dictionary<string, List<bool>> _marks = new() { ["extraction"] = [], ["reasoning"] = [], ["recall"] = [], ["images"] = [], ["refusal"] = [], ["update"] = [] };
    private readonly List<(FilmQuestion Question, TimeSpan Start, Turn Turn)> _asked = [];

    /// <param name="before">The film that was to be seen before it.</param>
    public async Task AskAsync((Shot Shot, TimeSpan Start) film, (Shot Shot, TimeSpan Start) before, CancellationToken cancellation)
    {
        await AskAboutAThingAsync(film.Shot, film.Start, cancellation);
        await AskAboutTheFilmBeforeAsync(film, before, cancellation);
        await AskAgainAsync(cancellation);
    }

    public IEnumerable<BenchResult> Results() => _marks.Where(marks => marks.Value.Count > 0).Select(marks => MemoryResults.Share($"turns_{marks.Key}", marks.Value));

    private async Task AskAboutAThingAsync(Shot shot, TimeSpan start, CancellationToken cancellation)
    {
        // Two questions about one stretch, the answer to the first the thing of the second.
        var chains = from first in shot.All
                     where first is { Answerable: true, Task: "first" or "last" or "order" } && first.Answer.StartsWith("the ", StringComparison.Ordinal)
                     from second in shot.All
                     where second.Answerable && second != first && (second.FromSeconds, second.ToSeconds) == (first.FromSeconds, first.ToSeconds)
                         && second.Question.Split(first.Answer).Length == 2 && second.Task is not ("order" or "relation")
                     select (First: first, Second: second);
        foreach (var (first, second) in chains.DistinctBy(chain => chain.First.Question).Take(2))
        {
            Turn turn = await AskAsync("extraction", first, first.Question, [.. _asked.TakeLast(1).Select(asked => asked.Turn)], isNamed: true, start, cancellation);
            // As if it had been answered rightly: what is examined is whether "it" is understood.
            Turn right = turn with { Answer = first.Answer };
            await AskAsync("reasoning", second, second.Question.Replace(first.Answer, "it", StringComparison.Ordinal), [right], isNamed: false, start, cancellation);
            if (shot.All.FirstOrDefault(question => !question.Answerable && (question.FromSeconds, question.ToSeconds) == (first.FromSeconds, first.ToSeconds)) is { } absent)
                await AskAsync("refusal", absent, absent.Question, [right], isNamed: true, start, cancellation);
            Correct(first.Answer);
            _asked.Add((first, start, turn));
        }
    }

    private async Task AskAboutTheFilmBeforeAsync((Shot Shot, TimeSpan Start) film, (Shot Shot, TimeSpan Start) before, CancellationToken cancellation)
    {
        if (WholeSummary(film.Shot) is not { } here || WholeSummary(before.Shot) is not { } there)
            return;
        Turn turn = new(here.Question, here.Answer, [new Stretch(film.Start, film.Start + film.Shot.Length)]);
        Mark mark = await exam.AskAsync(there with { ToSeconds = (film.Start - before.Start + film.Shot.Length).TotalSeconds }, "And before that?", [turn], isNamed: false, memory, before.Start, now, cancellation);
        _marks["images"].Add(AnswerKey.IsRight(mark.Answer.Text, there.Answer));
    }

    /// <summary>What was asked first of all that was asked, once six others came in between.</summary>
    private async Task AskAgainAsync(CancellationToken cancellation)
    {
        while (_asked.Count > TurnsBetween)
        {
            (FilmQuestion question, TimeSpan start, _) = _asked[0];
            await AskAsync("recall", question, question.Question, [.. _asked.Select(asked => asked.Turn)], isNamed: true, start, cancellation);
            _asked.RemoveAt(0);
        }
    }

    private async Task<Turn> AskAsync(string ability, FilmQuestion question, string words, IReadOnlyList<Turn> turns, bool isNamed, TimeSpan start, CancellationToken cancellation)
    {
        Mark mark = await exam.AskAsync(question, words, turns, isNamed, memory, start, now, cancellation);
        _marks[ability].Add(mark.IsRight);
        return new Turn(words, mark.Answer.Text, [.. mark.Answer.Citations.Select(citation => new Stretch(citation.Start, citation.End))]);
    }

    /// <summary>A user says whose a thing is and takes it back; the sheet that a model reads holds the second and not the first.</summary>
    private void Correct(string thing)
    {
        var book = new Notebook(new NotebookOptions());
        string whose = $"{char.ToUpperInvariant(thing[0])}{thing[1..]}";
        book.Say(now, $"{whose} is Bob's.");
        Message correction = Message.Of("No, it is Ann's.", [new Turn($"{whose} is Bob's.", "noted", [])]);
        foreach (string statement in correction.Statements)
            book.Say(now, statement);
        string told = NoteSheet.Of(book.Snapshot, TimeSpan.Zero, now).Text;
        _marks["update"].Add(told.Contains("Ann's", StringComparison.Ordinal) && !told.Contains("Bob's", StringComparison.Ordinal));
    }

    private static FilmQuestion? WholeSummary(Shot shot) =>
        shot.All.FirstOrDefault(question => question is { Task: "summary", FromSeconds: 0 } && TimeSpan.FromSeconds(question.ToSeconds + 1) > shot.Length);
}
