using Streaming.Benchmarks.Memory;
using Streaming.Compression;
using Streaming.World;

namespace Streaming.Benchmarks.Notes;

/// <summary>
/// How often the service answers rightly from notes of perception, in wordings that no training had, next to baselines that do not read
/// them; and whether notes and film disturb each other where the model reads both.
/// </summary>
internal static class NotesBench
{
    private const int Scenes = 160, QuestionsPerScene = 8, Films = 24, QuestionsPerFilm = 10;

    /// <summary>What film and notes would answer differently in the same words is no question where both are read.</summary>
    private static readonly HashSet<string> OfEither =
        ["first", "last", "left.first", "summary", "there.now", "empty.now", "empty.when", "frequent", "zone.count", "untold"];

    public static Bench Bench { get; } = new("notes", "accuracy by task of answers from notes of perception, alone and with a film", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        using var examinee = new Examinee(DecoderProcessOfThis.Options);
        if (!examinee.ReadsNotes)
            throw new InvalidOperationException($"{examinee.Model} is not given notes: its config.json has \"reads_notes\": false");
        var darkness = await examinee.SeeAsync(Darkness.Film(examinee.Folder), cancellation);
        List<Mark> alone = [], blind = [], withFilm = [], film = [], filmWithNotes = [];
        foreach (NotePaper paper in NotePaper.Draw(run.Seed, run.Split, Scenes, QuestionsPerScene))
        {
            foreach (FilmQuestion question in paper.Questions)
            {
                alone.Add(await examinee.AskAsync(MemorySnapshot.Empty, paper.Book, question, cancellation));
                blind.Add(await examinee.AskAsync(darkness, question with { FromSeconds = 0, ToSeconds = darkness.Facts.LastSample.TotalSeconds }, cancellation));
            }
            BenchRun.Progress($"notes: {alone.Count} questions, {alone.Count(mark => mark.IsRight)} right");
        }
        var papers = NotePaper.Draw(run.Seed + 1, run.Split, Films, QuestionsPerScene, task => !OfEither.Contains(task));
        foreach (var (notes, shown) in papers.Zip(Exam.Papers(examinee.Folder, run.Seed, Films, QuestionsPerFilm, run.Split)))
        {
            var seen = await examinee.SeeAsync(shown.Film, cancellation);
            MemorySnapshot memory = seen.MemoryAsOf(null, new MemoryOptions());
            LaterFilm later = LaterFilm.Ending(memory, seen.Facts.LastSample, notes.Until);
            foreach (FilmQuestion question in notes.Questions)
                withFilm.Add(await examinee.AskAsync(later.Memory, notes.Book, question, cancellation));
            foreach (FilmQuestion question in shown.Questions)
            {
                film.Add(await examinee.AskAsync(later.Memory, null, later.Of(question), cancellation));
                filmWithNotes.Add(await examinee.AskAsync(later.Memory, notes.Book, later.Of(question), cancellation));
            }
            BenchRun.Progress($"notes: {withFilm.Count} questions after a film, {withFilm.Count(mark => mark.IsRight)} right");
        }
        return [.. Accuracy(alone, blind, withFilm, film, filmWithNotes), .. Tasks(alone), .. QaBench.Refusals(alone), .. Costs(alone)];
    }

    private static IEnumerable<BenchResult> Accuracy(List<Mark> alone, List<Mark> blind, List<Mark> withFilm, List<Mark> film, List<Mark> filmWithNotes) =>
    [
        new("notes_accuracy", QaBench.Share(alone), "share", Goal.AtLeast(0.9), QaBench.Interval(alone)),
        new("notes_blind_dark_film", QaBench.Share(blind), "share", Note: QaBench.Interval(blind)),
        new("notes_blind_most_frequent", QaBench.MostFrequent(alone), "share", Note: "each task's most frequent answer"),
        new("notes_accuracy_with_film", QaBench.Share(withFilm), "share", Note: QaBench.Interval(withFilm)),
        new("film_accuracy", QaBench.Share(film), "share", Note: QaBench.Interval(film)),
        new("film_accuracy_with_notes", QaBench.Share(filmWithNotes), "share", Note: $"the same questions; {QaBench.Interval(filmWithNotes)}"),
    ];

    private static IEnumerable<BenchResult> Tasks(List<Mark> alone) =>
        from mark in alone
        group mark by mark.Question.Task into task
        orderby task.Key
        select new BenchResult($"notes.{task.Key}", QaBench.Share([.. task]), "share", null, QaBench.Interval([.. task]));

    private static IEnumerable<BenchResult> Costs(List<Mark> alone) =>
    [
        new("notes_lines", alone.Average(mark => mark.Answer.Usage.Notes), "lines/answer"),
        new("prompt_tokens", alone.Average(mark => mark.Answer.Usage.PromptTokens), "tokens/answer"),
        new("answer_seconds", Statistics.Median(alone.Select(mark => mark.Answer.Timings.Total.TotalSeconds)), "s (median)", Goal.AtMost(2)),
    ];
}
