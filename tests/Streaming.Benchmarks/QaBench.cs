using System.Globalization;
using Streaming.Server.Evaluation;
using Streaming.Server.Films;
using Streaming.Benchmarks.Memory;
using Streaming.World.Questions;
using Streaming.World;

namespace Streaming.Benchmarks;

/// <summary>How often the service answers rightly, by task, next to baselines that do not see the film or see one frame of it.</summary>
internal static class QaBench
{
    private const int Films = 60;
    private const int QuestionsPerFilm = 10;

    public static Bench Bench { get; } = new("qa", "accuracy by task through the service's own path, on films rendered from --seed", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        using var examinee = new Examinee(DecoderProcessOfThis.Options);
        var darkness = await examinee.SeeAsync(Darkness.Film(examinee.Folder), cancellation);
        List<Mark> seen = [], lastFrame = [], blind = [];
        foreach (var paper in Exam.Papers(examinee.Folder, run.Seed, Films, QuestionsPerFilm, run.Split))
        {
            var film = await examinee.SeeAsync(paper.Film, cancellation);
            foreach (var question in paper.Questions)
            {
                seen.Add(await examinee.AskAsync(film, question, cancellation));
                lastFrame.Add(await examinee.AskLastFrameAsync(film, question, cancellation));
                blind.Add(await examinee.AskAsync(darkness, question, cancellation));
            }
            BenchRun.Progress($"qa: {seen.Count} questions, {seen.Count(mark => mark.IsRight)} right");
        }
        return [.. Accuracy(seen, lastFrame, blind), .. Tasks(seen), .. Refusals(seen), .. Costs(seen)];
    }

    private static IEnumerable<BenchResult> Accuracy(List<Mark> seen, List<Mark> lastFrame, List<Mark> blind)
    {
        var heldOut = Share(seen);
        // The stronger of two ways not to look: the model in the dark, and always giving a task's most frequent answer.
        var constant = MostFrequent(seen);
        yield return new("accuracy_heldout", heldOut, "share", Goal.AtLeast(0.95), Interval(seen));
        yield return new("accuracy_above_blind", heldOut - Math.Max(Share(blind), constant), "points / 100", Goal.AtLeast(0.40));
        yield return new("accuracy_blind_dark_film", Share(blind), "share", Note: Interval(blind));
        yield return new("accuracy_blind_most_frequent", constant, "share");
        yield return new("accuracy_last_frame", Share(lastFrame), "share", Note: Interval(lastFrame));
    }

    private static IEnumerable<BenchResult> Tasks(List<Mark> seen) =>
        from task in Examiner.Tasks
        let marks = seen.Where(mark => mark.Question.Task == task).ToList()
        where marks.Count > 0
        select new BenchResult($"accuracy.{task}", Share(marks), "share", Goal.AtLeast(0.80), Interval(marks));

    internal static IEnumerable<BenchResult> Refusals(List<Mark> seen)
    {
        var refused = seen.Where(mark => mark.IsRefusal).ToList();
        var unanswerable = seen.Where(mark => !mark.Question.Answerable).ToList();
        var both = refused.Count(mark => !mark.Question.Answerable);
        yield return new("refusal_precision", Ratio(both, refused.Count), "share", Goal.AtLeast(0.9), Interval(both, refused.Count));
        yield return new("refusal_recall", Ratio(both, unanswerable.Count), "share", Goal.AtLeast(0.9), Interval(both, unanswerable.Count));
    }

    private static IEnumerable<BenchResult> Costs(List<Mark> seen)
    {
        var answers = seen.Select(mark => mark.Answer).ToList();
        yield return new("visual_tokens_source", answers.Average(answer => (double)answer.Usage.VisualTokensSource), "tokens/answer");
        yield return new("visual_tokens_kept", answers.Average(answer => answer.Usage.VisualTokensKept), "tokens/answer");
        yield return new("prompt_tokens", answers.Average(answer => answer.Usage.PromptTokens), "tokens/answer");
        yield return new("completion_tokens", answers.Average(answer => answer.Usage.CompletionTokens), "tokens/answer");
        yield return new("first_token_seconds", Statistics.Median(answers.Select(answer => answer.Timings.Prefill.TotalSeconds)), "s (median)", Goal.AtMost(1));
        yield return new("answer_seconds", Statistics.Median(answers.Select(answer => answer.Timings.Total.TotalSeconds)), "s (median)", Goal.AtMost(2));
    }

    /// <summary>The accuracy of always giving each task's most frequent answer.</summary>
    internal static double MostFrequent(List<Mark> marks) => (double)marks.GroupBy(mark => mark.Question.Task)
        .Sum(task => task.GroupBy(mark => AnswerKey.Normalise(mark.Question.Answer)).Max(same => same.Count())) / marks.Count;

    internal static double Share(List<Mark> marks) => Ratio(marks.Count(mark => mark.IsRight), marks.Count);

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    internal static string Interval(List<Mark> marks) => Interval(marks.Count(mark => mark.IsRight), marks.Count);

    internal static string Interval(int successes, int trials)
    {
        var (low, high) = WilsonInterval.Of(successes, trials);
        return string.Create(CultureInfo.InvariantCulture, $"95 %: {low:0.000} to {high:0.000} of {trials}");
    }
}
