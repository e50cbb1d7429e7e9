using Streaming.Benchmarks.Perception;
using Streaming.World;

namespace Streaming.Benchmarks.Clips;

/// <summary>How well real footage that nothing was tuned on is perceived, and how plain questions about it are answered.</summary>
internal static class ClipsBench
{
    private const double Step = 0.5, Within = 1;

    public static Bench Bench { get; } = new("clips", "real footage: what is noted of it, and plain questions about it", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        using var examinee = new Examinee(DecoderProcessOfThis.Options);
        examinee.PerceiveBy(PerceptionBench.LoadDetector(), PerceptionBench.LoadReader());
        var noted = new List<(ClipFact Fact, bool IsRight)>();
        var answered = new List<(ClipFact Fact, bool IsRight)>();
        var tally = new ClipTally();
        foreach (RealClip clip in RealClip.All)
        {
            var film = await examinee.SeeAsync(Path.Combine(RealClip.Folder, clip.Name + ".mp4"), cancellation);
            IReadOnlyList<Stay> seen = ClipFacts.Noted(film.Notes!, clip.Seconds);
            IReadOnlyList<ClipFact> truth = ClipFacts.Of(clip, clip.Stays);
            noted.AddRange(truth.Zip(ClipFacts.Of(clip, seen)).Select(pair => (pair.First, ClipFacts.IsRight(pair.Second.Answer, pair.First.Answer))));
            tally.Add(clip, seen, Step, Within);
            foreach (ClipFact fact in examinee.ReadsNotes ? truth : [])
            {
                Mark mark = await examinee.AskAsync(film, new FilmQuestion(fact.Kind, fact.Question, fact.Answer, 0, clip.Seconds, true), cancellation);
                answered.Add((fact, ClipFacts.IsRight(mark.Answer.Text, fact.Answer)));
            }
            BenchRun.Progress($"clips: {clip.Name}, {noted.Count(one => one.IsRight)} of {noted.Count} facts noted");
        }
        return [.. tally.Results(), .. Shares("noted", noted), .. examinee.ReadsNotes ? Shares("answered", answered, Goal.AtLeast(0.6)) : []];
    }

    private static IEnumerable<BenchResult> Shares(string name, List<(ClipFact Fact, bool IsRight)> facts, Goal? goal = null)
    {
        yield return Share($"clips_{name}", facts, goal);
        foreach (var kind in facts.GroupBy(one => one.Fact.Kind))
            yield return Share($"{name}.{kind.Key}", [.. kind], null);
    }

    private static BenchResult Share(string name, List<(ClipFact Fact, bool IsRight)> facts, Goal? goal)
    {
        int right = facts.Count(one => one.IsRight);
        return new(name, (double)right / facts.Count, "share", goal, QaBench.Interval(right, facts.Count));
    }
}
