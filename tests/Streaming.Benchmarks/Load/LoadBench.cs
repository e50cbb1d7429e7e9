using System.Text.Json;
using Streaming.Benchmarks.Faults;
using Streaming.Faults;

namespace Streaming.Benchmarks.Load;

/// <summary>What one server takes: questions at rising rates up to the knee, and live streams of 720p that become more and are not asked.</summary>
internal static class LoadBench
{
    private const double Sampling = 2;

    /// <summary>Nearly all of the sampling that was asked for: the rest is how times fall.</summary>
    private const double Whole = 0.95;

    /// <summary>The goal: fifty live streams, with 15 % of a core outside decoding.</summary>
    private const int Streams = 50;

    private const double MostCores = 0.15;

    /// <summary>Cost per stream may differ by this between few and many, which is how well it repeats.</summary>
    private const double Flat = 1.2;

    public static Bench Bench { get; } = new("load", "answers a second up to the knee, and what live streams cost as they become more; --streams N, --svg FILE draws the answers", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        using var machine = new BenchServer(perceives: false);
        await using ServedProgram server = await machine.StartAsync();
        List<AnswerStep> answers = await AnswersAsync(server, cancellation);
        List<RestStep> rest = await RestAsync(server, run.Seed, run.Streams ?? Streams, cancellation);
        if (run.Drawing is { } file)
            await File.WriteAllTextAsync(file, LoadDrawing.Of(answers), cancellation);
        return [.. Of(answers), .. Of(rest)];
    }

    private static async Task<List<AnswerStep>> AnswersAsync(ServedProgram server, CancellationToken cancellation)
    {
        string scenes = Path.Combine(BenchRun.RepositoryRoot(), "models", "scenes");
        string path = $"/v1/files/{(await server.UploadAsync(Path.Combine(scenes, "demo.mp4"))).GetProperty("id").GetString()}";
        await server.UntilAsync(path, film => film.GetProperty("state").GetString() == "ready");
        using JsonDocument demo = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(scenes, "demo.json"), cancellation));
        string[] questions = [.. demo.RootElement.EnumerateArray().Select(item => item.GetProperty("question").GetString()!)];
        var steps = new List<AnswerStep>();
        for (double rate = 1; steps is not [.., { KeepsUp: false }]; rate *= 2)
        {
            steps.Add(await AnswerStep.MeasureAsync(server, path, questions, rate, cancellation));
            BenchRun.Progress(FormattableString.Invariant($"load: {steps[^1]}"));
        }
        return steps;
    }

    private static async Task<List<RestStep>> RestAsync(ServedProgram server, ulong seed, int most, CancellationToken cancellation)
    {
        using var camera = new Camera("--file", RestFilm.Of(seed));
        var steps = new List<RestStep>();
        foreach (int streams in (int[])[.. ((int[])[5, 10, 20, 35, 50, 75, 100]).Where(streams => streams < most), most])
        {
            steps.Add(await RestStep.MeasureAsync(server, camera, streams, Sampling, cancellation));
            BenchRun.Progress(FormattableString.Invariant($"load: {steps[^1]}"));
        }
        return steps;
    }

    private static IEnumerable<BenchResult> Of(List<AnswerStep> steps)
    {
        foreach (AnswerStep step in steps)
        {
            string refused = step.Refused == 0 ? "" : $"{step.Refused} refused";
            yield return new(FormattableString.Invariant($"p50_at_{step.Rate}_a_second"), step.MedianSeconds, "s", null, refused);
            yield return new(FormattableString.Invariant($"p99_at_{step.Rate}_a_second"), step.Seconds99, "s", null, FormattableString.Invariant($"{step.Answered:0.0} answered a second"));
        }
        yield return new("answers_per_second", steps.Max(step => step.Answered), "answers/s", null, "of a film of nine seconds that was read before; the first rate that it does not keep up with ends the bench");
    }

    private static IEnumerable<BenchResult> Of(List<RestStep> steps)
    {
        foreach (RestStep step in steps)
            yield return new($"cores_per_stream_of_{step.Streams}", step.CoresOfOne, "cores", null, FormattableString.Invariant($"{step.DecoderCores:0.00} decoding and {step.ServerCores:0.00} else; {step.Share:0.00} of the sampling"));
        RestStep[] served = [.. steps.Where(step => step.Share >= Whole)];
        yield return new("streams_at_whole_sampling", served.LastOrDefault()?.Streams ?? 0, "streams", steps[^1].Streams >= Streams ? Goal.AtLeast(Streams) : null, FormattableString.Invariant($"720p of {RestFilm.FramesPerSecond} frames a second, {Sampling} of them looked at"));
        if (served is not [var few, .., var most])
            yield break;
        yield return new("streams_per_core", 1 / most.CoresOfOne, "streams");
        yield return new("cores_outside_decoding", most.ServerCores, "cores", most.Streams >= Streams ? Goal.AtMost(MostCores) : null, $"of {most.Streams} streams");
        yield return new("cost_of_a_stream_among_many", most.CoresOfOne / few.CoresOfOne, "x", Goal.AtMost(Flat), $"{most.Streams} next to {few.Streams}");
    }
}
