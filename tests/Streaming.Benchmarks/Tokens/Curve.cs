using System.Globalization;
using Streaming.Compression;
using Streaming.Server.Evaluation;

namespace Streaming.Benchmarks.Tokens;

/// <summary>What the marks say, next to the goals.</summary>
/// <param name="isWhole">Every policy was measured, so that the best of them is known.</param>
internal sealed class Curve(CurveExam exam, bool isWhole)
{
    /// <summary>The policy that the service uses unless told otherwise.</summary>
    public static string Default { get; } = new ReducerOptions().Name;

    public IEnumerable<string> Policies => exam.Seen.Points.Select(point => point.Policy).Where(policy => policy != CurvePoint.All).Distinct();

    public double Blind => (double)exam.BlindRight / exam.Questions;

    public double Highest => exam.Seen.Points.Max(exam.Seen.Accuracy);

    /// <summary>Share of the tokens and accuracy at each point of a policy, all tokens first.</summary>
    public IEnumerable<(double Share, double Accuracy)> Line(string policy) =>
        from point in exam.Seen.Points
        where point == CurvePoint.Everything || point.Policy == policy
        orderby point.Percent descending
        select (point.Percent / 100.0, exam.Seen.Accuracy(point));

    public IEnumerable<BenchResult> Results()
    {
        yield return new("questions", exam.Questions, "questions", Goal.AtLeast(2_000));
        yield return new("accuracy_blind", Blind, "share", Note: Interval(exam.BlindRight));
        yield return new("accuracy_above_blind", exam.Seen.Accuracy(CurvePoint.Everything) - Blind, "points / 100", Goal.AtLeast(0.4));
        if (exam.Seen.Points.Contains(new CurvePoint(Default, 10)))
        {
            yield return Kept(10, Goal.AtLeast(0.995));
            yield return Kept(5, Goal.AtLeast(0.98));
            yield return AboveBlind(10);
            yield return AboveBlind(5);
        }
        if (isWhole)
            yield return BestPeer();
        foreach (CurvePoint point in exam.Seen.Points)
            yield return new($"accuracy.{point}", exam.Seen.Accuracy(point), "share", Note: $"{Interval(exam.Seen.Right(point))}, {exam.Seen.TokensPerAnswer(point):0} tokens");
    }

    /// <summary>Accuracy of the default over the highest anywhere on the curve.</summary>
    private BenchResult Kept(int percent, Goal goal) => new(
        $"accuracy_kept_at_{percent}_percent", exam.Seen.Accuracy(new CurvePoint(Default, percent)) / Highest, "share", goal, $"of the highest on the curve, {Highest:0.000}");

    private BenchResult AboveBlind(int percent) => new(
        $"gain_kept_at_{percent}_percent",
        (exam.Seen.Accuracy(new CurvePoint(Default, percent)) - Blind) / (exam.Seen.Accuracy(CurvePoint.Everything) - Blind),
        "share", Note: "(accuracy - blind) / (all tokens - blind)");

    private BenchResult BestPeer()
    {
        CurvePoint best = Policies.Where(policy => policy != Default).Select(policy => new CurvePoint(policy, 10)).MaxBy(exam.Seen.Accuracy);
        return new("above_best_peer_at_10_percent", exam.Seen.Accuracy(new CurvePoint(Default, 10)) - exam.Seen.Accuracy(best), "points / 100", Goal.AtLeast(0),
            string.Create(CultureInfo.InvariantCulture, $"{best.Policy}: {exam.Seen.Accuracy(best):0.000}"));
    }

    private string Interval(int right)
    {
        var (low, high) = WilsonInterval.Of(right, exam.Questions);
        return string.Create(CultureInfo.InvariantCulture, $"95 %: {low:0.000} to {high:0.000}");
    }
}
