using System.Globalization;
using Streaming.Compression;
using Streaming.Server.Evaluation;

namespace Streaming.Benchmarks.Memory;

/// <summary>The figures of the memory bench.</summary>
internal static class MemoryResults
{
    /// <param name="now">What was answered about the film that had just ended: by the whole memory and by the last seconds alone.</param>
    /// <param name="questions">How many were drawn.</param>
    /// <param name="quiet">Size of the memory after the day over that after an hour, in which it was far from full.</param>
    /// <param name="busy">The same of a stream in which something always happens.</param>
    public static IReadOnlyList<BenchResult> Of(
        IReadOnlyList<AgedMarks> marks, IReadOnlyList<(Mark Memory, Mark Recent)> now, int questions, double quiet, double busy, MemorySnapshot memory, MemoryOptions options) =>
    [
        .. Age.All.SelectMany(age => Accuracy(age, [.. marks.Where(mark => mark.Age == age)])),
        .. OverOracle(marks, "1h", 0.95), .. OverOracle(marks, "24h", 0.90),
        .. Refusals(marks),
        .. Now(now),
        new("latency_24h_over_1min", Seconds(marks, "24h") / Seconds(marks, "1min"), "ratio", Goal.AtMost(1.2)),
        new("memory_24h_over_1h", busy, "ratio", Goal.AtMost(1.1), "managed heap of a stream in which something always happens"),
        new("memory_24h_over_1h_quiet", quiet, "ratio", Note: "tokens of this day: after an hour little has happened"),
        new("memory_tokens", memory.Tokens, "tokens", Goal.AtMost(options.Budget)),
        new("memory_bytes", memory.SizeBytes, "bytes", Goal.AtMost(options.BudgetBytes)),
        new("questions_drawn", questions, "questions", Note: "those that are answered rightly in the dark are not asked"),
    ];

    private static IEnumerable<BenchResult> Accuracy(Age age, List<AgedMarks> marks)
    {
        yield return Share($"accuracy_{age.Name}", marks.Select(mark => mark.Memory));
        yield return Share($"accuracy_{age.Name}_notes", marks.Select(mark => mark.Noted));
        yield return Share($"accuracy_{age.Name}_uniform", marks.Select(mark => mark.Uniform));
        yield return Share($"accuracy_{age.Name}_recent", marks.Select(mark => mark.Recent));
        if (age == Age.All[0])
            yield return Share("accuracy_oracle", marks.Select(mark => mark.Oracle)) with { Goal = Goal.AtLeast(0.80) };
    }

    private static IEnumerable<BenchResult> OverOracle(IReadOnlyList<AgedMarks> marks, string age, double goal)
    {
        AgedMarks[] those = [.. marks.Where(mark => mark.Age.Name == age)];
        yield return new($"accuracy_vs_oracle_{age}", (double)those.Count(mark => mark.Memory.IsRight) / those.Count(mark => mark.Oracle.IsRight), "ratio", Goal.AtLeast(goal));
    }

    /// <summary>Of what cannot be told and as many questions that can be answered, at all ages.</summary>
    private static IEnumerable<BenchResult> Refusals(IReadOnlyList<AgedMarks> marks)
    {
        Mark[] cannot = [.. marks.Select(mark => mark.Memory).Where(mark => !mark.Question.Answerable)];
        // Evenly spread over ages and films.
        Mark[] can = [.. marks.Select(mark => mark.Memory).Where(mark => mark.Question.Answerable)];
        Mark[] other = [.. Enumerable.Range(0, Math.Min(cannot.Length, can.Length)).Select(i => can[(int)((long)i * can.Length / cannot.Length)])];
        int right = cannot.Count(mark => IsRefusal(mark)), wrong = other.Count(mark => IsRefusal(mark));
        yield return new("refusal_precision", (double)right / Math.Max(1, right + wrong), "share", Note: Interval(right, right + wrong));
        yield return new("refusal_recall", (double)right / Math.Max(1, cannot.Length), "share", Note: Interval(right, cannot.Length));
        yield return new("refusal_f1", 2.0 * right / Math.Max(1, right + wrong + cannot.Length), "share", Goal.AtLeast(0.9));
    }

    private static IEnumerable<BenchResult> Now(IReadOnlyList<(Mark Memory, Mark Recent)> now)
    {
        if (now.Count == 0)
            yield break;
        yield return Share("accuracy_now", now.Select(pair => pair.Memory)) with { Goal = Goal.AtLeast((double)now.Count(pair => pair.Recent.IsRight) / Math.Max(1, now.Count)) };
        yield return Share("accuracy_now_recent", now.Select(pair => pair.Recent));
    }

    /// <summary>The model says that it cannot tell, or the service that there is nothing to tell by.</summary>
    private static bool IsRefusal(Mark mark) => mark.IsRefusal || mark.Answer.Model is null;

    private static double Seconds(IReadOnlyList<AgedMarks> marks, string age) =>
        Statistics.Median(marks.Where(mark => mark.Age.Name == age).Select(mark => mark.Memory.Answer.Timings.Total.TotalSeconds));

    private static BenchResult Share(string name, IEnumerable<Mark> marks) => Share(name, [.. marks.Select(mark => mark.IsRight)]);

    internal static BenchResult Share(string name, IReadOnlyCollection<bool> marks)
    {
        int right = marks.Count(isRight => isRight);
        return new(name, (double)right / Math.Max(1, marks.Count), "share", Note: Interval(right, marks.Count));
    }

    private static string Interval(int successes, int trials)
    {
        var (low, high) = WilsonInterval.Of(successes, trials);
        return string.Create(CultureInfo.InvariantCulture, $"95 %: {low:0.000} to {high:0.000} of {trials}");
    }
}
