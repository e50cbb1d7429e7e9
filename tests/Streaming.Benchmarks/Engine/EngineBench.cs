using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Oracle;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Benchmarks.Engine;

/// <summary>
/// The engine next to transformers.js, on the same files and the same version of ONNX Runtime, each in a process of its own, asked in turn: a
/// decoder of SmolVLM2-256M's shape with random weights reads 1,024 visual tokens and writes 64. The vision encoder has no part in it.
/// </summary>
internal static class EngineBench
{
    /// <summary>SmolVLM2-256M's.</summary>
    private static readonly DecoderShape Decoder = new(Layers: 30, Hidden: 576, Inner: 1536, Heads: 9, Groups: 3, Vocabulary: 49_280);

    /// <summary>Small: both load it, and neither runs it.</summary>
    private static readonly EncoderShape Encoder = new(Side: 32, Patch: 16, Layers: 1, Hidden: 32, Inner: 64, Heads: 2, Output: 576);

    public static Bench Bench { get; } = new("engine", "first token, decode and memory next to transformers.js, and eight answers together", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        string folder = Path.Combine(BenchRun.CacheFolder, "smolvlm2-256m-decoder-random-v1");
        BenchRun.Progress("engine: random weights of SmolVLM2-256M's shape");
        new RandomModel(Encoder, Decoder, Context: 8192, HasFourBits: true).Write(folder);
        List<BenchResult> results = [];
        foreach (string dtype in (string[])["fp32", "q4"])
        {
            BenchRun.Progress($"engine: {dtype}");
            using var engine = new EngineProcess(folder, dtype);
            var (ours, theirs) = await InTurnAsync(engine, folder, dtype, cancellation);
            results.AddRange([.. Alone(dtype, ours, theirs), .. Together(dtype, await engine.BatchAsync(cancellation))]);
        }
        return results;
    }

    private static IEnumerable<BenchResult> Alone(string dtype, EngineReading ours, EngineReading theirs)
    {
        const double megabyte = 1 << 20;
        if (ours.Tokens != EngineProcess.AnswerTokens || theirs.Tokens != EngineProcess.AnswerTokens)
            throw new InvalidOperationException($"An answer ended after {ours.Tokens} and {theirs.Tokens} tokens.");
        yield return new($"ttft_vs_transformersjs.{dtype}", theirs.First / ours.First, "ratio", Goal.AtLeast(1.3), $"{ours.First:0.00} s and {theirs.First:0.00} s");
        yield return new(
            $"decode_vs_transformersjs.{dtype}", theirs.Rest / ours.Rest, "ratio", Goal.AtLeast(1.2),
            $"{ours.Rest * 1000 / (ours.Tokens - 1):0} ms and {theirs.Rest * 1000 / (theirs.Tokens - 1):0} ms a token");
        yield return new(
            $"memory_vs_transformersjs.{dtype}", (double)ours.PeakBytes / theirs.PeakBytes, "ratio", Goal.AtMost(0.8),
            $"{ours.PeakBytes / megabyte:0} MB and {theirs.PeakBytes / megabyte:0} MB at most");
        yield return new($"same_ids.{dtype}", ours.Ids.Zip(theirs.Ids).TakeWhile(pair => pair.First == pair.Second).Count(), "tokens", Note: "until the first that differs");
    }

    private static IEnumerable<BenchResult> Together(string dtype, BatchReading batch)
    {
        yield return new(
            $"batch_8_over_serial.{dtype}", batch.SerialDecode / (batch.Together - batch.TogetherRead), "ratio", Goal.AtLeast(2.5),
            $"{batch.SerialDecode:0.0} s one after another, {batch.Together - batch.TogetherRead:0.0} s together{(batch.SameIds ? "" : "; not the same ids")}");
        yield return new(
            $"batch_8_whole_over_serial.{dtype}", (batch.SerialDecode + batch.SerialRead) / batch.Together, "ratio", Note: "with the questions read");
    }

    /// <summary>The medians of some questions, put to both in turn, so that a machine that does other work slows both.</summary>
    private static async Task<(EngineReading Ours, EngineReading Theirs)> InTurnAsync(EngineProcess engine, string folder, string dtype, CancellationToken cancellation)
    {
        var manifest = ModelFolder.Open(folder).Manifest;
        VisualTokens film = EngineProcess.Film(manifest.Vision.Hidden, seed: 1);
        using var oracle = new TransformersJs();
        Generate(film.Slice(0, 64), 4);
        List<EngineReading> ours = [], theirs = [];
        for (int i = 0; i < EngineProcess.Repetitions; i++)
        {
            ours.Add(await engine.AloneAsync(cancellation));
            theirs.Add(Generate(film, EngineProcess.AnswerTokens));
            BenchRun.Progress($"engine: {dtype}: first token after {ours[^1].First:0.00} and {theirs[^1].First:0.00} s, the rest in {ours[^1].Rest:0.00} and {theirs[^1].Rest:0.00} s");
        }
        return (Median(ours), Median(theirs));

        EngineReading Generate(VisualTokens seen, int tokens)
        {
            var prompt = new PromptBuilder(manifest).Build(seen, EngineProcess.Question);
            int[] counts = [.. Enumerable.Repeat(EngineProcess.VisualTokens / EngineProcess.Frames, seen.Count * EngineProcess.Frames / EngineProcess.VisualTokens)];
            GeneratedIds answer = oracle.Generate(folder, IdsComparison.Messages(prompt), counts, pixelValues: null, seen.Features.ToArray(), tokens, dtype);
            return new EngineReading(answer.First.TotalSeconds, answer.Rest.TotalSeconds, answer.Ids.Length, answer.PeakBytes, answer.Ids);
        }
    }

    private static EngineReading Median(List<EngineReading> readings) => readings[^1] with
    {
        First = Statistics.Median(readings.Select(reading => reading.First)),
        Rest = Statistics.Median(readings.Select(reading => reading.Rest)),
    };
}
