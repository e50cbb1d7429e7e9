using Streaming.Compression;
using Streaming.Models.Hub;
using Streaming.Oracle.RandomNetworks;
using Streaming.Pipelines;
using Streaming.Pipelines.Watches;
using Streaming.Server.Films;

namespace Streaming.Benchmarks.Watches;

/// <summary>Whether questions that stand tell what happens, when it happens and nothing else; and what the tenth of them costs.</summary>
internal static class WatchesBench
{
    private const int Films = 40;

    /// <summary>Of the rules that ask each second or twice a second, one of the best on the validation split: the first answers of a film, and single wrong ones, make no event.</summary>
    private static readonly WatchRule Rule = new(TimeSpan.FromSeconds(1), Needed: 2, Of: 3);

    /// <summary>As long as the films of the model's training; of 2, 4, 10 and 16 s the best on the validation split.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(16);

    /// <summary>The decoder of SmolVLM2-256M.</summary>
    private static readonly DecoderShape Decoder = new(Layers: 30, Hidden: 576, Inner: 1536, Heads: 9, Groups: 3, Vocabulary: 49_280);

    /// <summary>Its encoder, SigLIP-B/16 at 512 pixels; of its 1,024 rows a sixteenth stands for what the pixel shuffle makes of them.</summary>
    private static readonly EncoderShape Encoder = new(Side: 512, Patch: 16, Layers: 12, Hidden: 768, Inner: 3072, Heads: 12, Output: 576);

    public static Bench Bench { get; } = new("watches", "events of questions that stand on films rendered from --seed, and the cost of ten next to one", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation) =>
        [.. GateExam.Results(), .. await AlertsAsync(run, cancellation), .. await CostsAsync(cancellation)];

    private static async Task<IReadOnlyList<BenchResult>> AlertsAsync(BenchRun run, CancellationToken cancellation)
    {
        using var examinee = new Examinee(DecoderProcessOfThis.Options);
        AlertScore score = AlertScore.None, lookAlikes = AlertScore.None;
        int events = 0;
        double hours = 0, watched = 0;
        foreach (AlertPaper paper in AlertExam.Papers(examinee.Folder, run.Seed, run.Films ?? Films, run.Split))
        {
            SeenFilm film = await examinee.SeeAsync(paper.Path, cancellation);
            IReadOnlyList<double>[] fired = await WatchAsync(examinee, film, paper, cancellation);
            foreach (var (question, times) in paper.Questions.Zip(fired))
            {
                AlertScore one = AlertScore.Of(question.Truth, times);
                score += one;
                events += question.Truth.Truth.Count;
                lookAlikes += question.IsLookAlike ? one : AlertScore.None;
            }
            hours += paper.Seconds / 3600;
            watched += paper.Seconds * paper.Questions.Count / 3600;
            BenchRun.Progress($"watches: {events} events, F1 {score.F1:0.000}");
        }
        return
        [
            new("alert_events", events, "events", Goal.AtLeast(100)),
            new("alert_f1", score.F1, "share", Goal.AtLeast(0.9), "within [-1 s, +2 s]"),
            new("alert_precision", score.Precision, "share"),
            new("alert_recall", score.Recall, "share"),
            new("alert_delay", Statistics.Median(score.Delays.DefaultIfEmpty(double.NaN)), "s (median)"),
            new("alert_delay_p95", score.Delays.Order().ElementAtOrDefault(score.Delays.Count * 95 / 100), "s"),
            new("false_alarms_per_hour", score.False / watched, "per watch", Note: $"{score.False} in {watched:0.00} hours of watches on {hours:0.00} hours of film"),
            new("false_alarms_of_look_alikes", lookAlikes.False, "events", Note: "of watches for what never comes, though its shape and its colour do"),
        ];
    }

    /// <summary>The times at which each question makes an event, all of them asked each second about one memory.</summary>
    private static async Task<IReadOnlyList<double>[]> WatchAsync(Examinee examinee, SeenFilm film, AlertPaper paper, CancellationToken cancellation)
    {
        StandingQuestion[] standing = [.. paper.Questions.Select(question => new StandingQuestion(examinee.Answering, question.Text, Window, question.FiresOn))];
        WatchState[] states = [.. standing.Select(_ => WatchState.Idle)];
        List<double>[] fired = [.. standing.Select(_ => new List<double>())];
        for (TimeSpan now = TimeSpan.Zero; now.TotalSeconds < paper.Seconds; now += Rule.Every)
        {
            MemorySnapshot memory = examinee.MemoryAsOf(film, now);
            for (int i = 0; i < standing.Length; i++)
            {
                WatchFinding found = await standing[i].AskAsync(memory, now, InferenceClass.Watch, null, null, cancellation);
                if (found.Holds is not { } holds)
                    continue;
                states[i] = states[i].Vote(Rule, now, holds);
                if (!states[i].IsRipe(Rule, now))
                    continue;
                states[i] = states[i].Fire(now);
                fired[i].Add(now.TotalSeconds);
            }
        }
        return fired;
    }

    private static async Task<IReadOnlyList<BenchResult>> CostsAsync(CancellationToken cancellation)
    {
        string folder = Path.Combine(BenchRun.CacheFolder, "smolvlm2-256m-seeing-random-v1");
        BenchRun.Progress("watches: random weights of SmolVLM2-256M's shape");
        new RandomModel(Encoder, Decoder, Context: 8192).Write(folder);
        return
        [
            .. await CostAsync("scenes", ModelLibrary.Default().Find("scenes"), rounds: 60, cancellation),
            .. await CostAsync("smolvlm2_256m", ModelFolder.Open(folder), rounds: 4, cancellation),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> CostAsync(string name, ModelFolder folder, int rounds, CancellationToken cancellation)
    {
        var (one, ten) = await MeasureAsync(folder, 256L << 20, rounds, cancellation);
        BenchRun.Progress($"watches: {name}: {ten.Seconds / one.Seconds:0.00}");
        var (_, unshared) = await MeasureAsync(folder, 0, rounds / 2, cancellation);
        return
        [
            new($"watches_10_over_1.{name}", ten.Seconds / one.Seconds, "ratio", Goal.AtMost(1.5), $"{ten.Visual} visual tokens; a round and a new frame each second"),
            new($"watches_10_over_1_unshared.{name}", unshared.Seconds / one.Seconds, "ratio", Note: "each watch reads the pictures for itself"),
            new($"cpu_per_minute_1.{name}", one.Seconds, "s", Note: "encode, prefill and answers"),
            new($"cpu_per_minute_10.{name}", ten.Seconds, "s"),
            new($"cpu_per_minute_encode.{name}", ten.Encode, "s"),
            new($"prompt_tokens.{name}", ten.Prompt, "tokens"),
            new($"tokens_read_by_first.{name}", ten.Read.First, "tokens"),
            new($"tokens_read_by_others.{name}", ten.Read.Others, "tokens", Note: "their question only"),
        ];
    }

    private static async Task<(RoundCost One, RoundCost Ten)> MeasureAsync(ModelFolder folder, long prefixBytes, int rounds, CancellationToken cancellation)
    {
        using var cost = new SharedCost(folder, prefixBytes);
        return await cost.MeasureAsync(rounds, cancellation);
    }
}
