using System.Diagnostics;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Benchmarks.Prefill;

/// <summary>
/// What reading a film costs a language model of LLaVA-OneVision-0.5B's shape with all visual tokens, and with HoliTom's outer stage at
/// 10 % and its inner stage at two thirds of the layers: counted by the papers' formula and measured. The weights are random.
/// </summary>
internal static class PrefillBench
{
    private const int Frames = 32, AnswerTokens = 17, FullRepetitions = 2, Repetitions = 5;
    private const double RetainRatio = 0.1;

    /// <summary>Time to first token of HoliTom (arXiv 2505.21334, the figure of its inference times), in ms: vision tower, everything else but
    /// the reducer, and prefill with all tokens.</summary>
    private const double PublishedVision = 500, PublishedOther = 45, PublishedPrefill = 1142;

    /// <summary>Qwen2-0.5B.</summary>
    private static readonly DecoderShape Decoder = new(Layers: 24, Hidden: 896, Inner: 4864, Heads: 14, Groups: 2, Vocabulary: 152_000);

    /// <summary>SigLIP-B/16 at 224 pixels: 196 patches, as many as LLaVA-OneVision leaves of a frame.</summary>
    private static readonly EncoderShape Encoder = new(Side: 224, Patch: 16, Layers: 12, Hidden: 768, Inner: 3072, Heads: 12, Output: 896);

    private static readonly InnerReducer Inner = InnerReducer.Named("holitom")!;

    public static Bench Bench { get; } = new("prefill", "reading a film with all visual tokens and with a tenth of them", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        string folder = Path.Combine(BenchRun.CacheFolder, "llava-onevision-0.5b-random-v1");
        BenchRun.Progress("prefill: random weights of LLaVA-OneVision-0.5B's shape");
        new RandomModel(Encoder, Decoder, Context: 8192).Write(folder);
        var film = Film(run.Seed);
        var (few, reducer) = Reduced(film);
        // One after the other: the weights of both need not be there together.
        var (encoder, full, outer) = await OfWholeAsync(folder, film, few, cancellation);
        var both = await OfCutAsync(folder, few, cancellation);
        return [.. Counted(film.Count, few.Count), .. Measured(full, outer, both, reducer), .. FirstToken(full, both, reducer, encoder)];
    }

    private static async Task<(double Encoder, Reading Full, Reading Outer)> OfWholeAsync(
        string folder, VisualTokens film, VisualTokens few, CancellationToken cancellation)
    {
        using var model = new Reader(folder, inner: null);
        return (model.EncodeSeconds(Frames), await model.ReadAsync(film, FullRepetitions, cancellation), await model.ReadAsync(few, Repetitions, cancellation));
    }

    private static async Task<Reading> OfCutAsync(string folder, VisualTokens few, CancellationToken cancellation)
    {
        using var model = new Reader(folder, Inner);
        return await model.ReadAsync(few, Repetitions, cancellation);
    }

    private static IEnumerable<BenchResult> Counted(int all, int few)
    {
        double full = PrefillCost.Flops(Decoder, all);
        yield return new("visual_tokens_full", all, "tokens");
        yield return new("visual_tokens", few, "tokens", Note: "after the outer stage; the inner one keeps half of them");
        yield return new("flops_full", full / 1e12, "TFLOP", Note: "visual tokens only, by the papers' formula");
        yield return new("flops_outer_at_10_percent", PrefillCost.Flops(Decoder, few) / full, "share");
        yield return new("flops_at_10_percent", PrefillCost.Flops(Decoder, few, Inner) / full, "share", Goal.AtMost(0.048));
    }

    private static IEnumerable<BenchResult> Measured(Reading full, Reading outer, Reading both, double reducer)
    {
        yield return new("prefill_seconds_full", full.Prefill, "s", Note: $"{full.Prompt} tokens in the prompt");
        yield return new("prefill_seconds_outer", outer.Prefill, "s", Note: $"{outer.Prompt} tokens in the prompt");
        yield return new("prefill_seconds", both.Prefill, "s", Note: "both stages");
        yield return new("prefill_rate_full", full.Prompt / full.Prefill, "tokens/s");
        yield return new("prefill_rate", both.Prompt / both.Prefill, "tokens/s");
        yield return new("prefill_speedup", full.Prefill / both.Prefill, "ratio", Goal.AtLeast(8));
        yield return new("decode_rate_full", full.DecodeRate, "tokens/s");
        yield return new("decode_rate_outer", outer.DecodeRate, "tokens/s");
        yield return new("decode_rate", both.DecodeRate, "tokens/s");
        yield return new("decode_speedup", both.DecodeRate / full.DecodeRate, "ratio");
        yield return new("reducer_seconds", reducer, "s", Note: "outer stage");
        yield return new("reducer_share_of_saving", reducer / (full.Prefill - outer.Prefill), "share", Goal.AtMost(0.03));
    }

    private static IEnumerable<BenchResult> FirstToken(Reading full, Reading both, double reducer, double encoder)
    {
        double beside = full.Prefill * (PublishedVision + PublishedOther) / PublishedPrefill;
        yield return new(
            "time_to_first_token_speedup", (beside + full.Prefill) / (beside + reducer + both.Prefill), "ratio", Goal.AtLeast(2.28),
            "vision 500/1142 and other 45/1142 of the full prefill, as published");
        yield return new("encoder_seconds", encoder, "s", Note: $"SigLIP-B/16 at 224 px, {Frames} frames");
        yield return new("first_token_seconds_full", encoder + full.Prefill, "s", Note: "with that encoder");
        yield return new("first_token_seconds", encoder + reducer + both.Prefill, "s", Note: "with that encoder");
    }

    /// <summary>The reducer bench's film, a frame a second.</summary>
    private static VisualTokens Film(ulong seed)
    {
        var (features, saliency) = ReducerBench.Film(seed);
        int side = (int)Math.Sqrt(Encoder.Patches);
        TokenOrigin[] origins = [.. Enumerable.Range(0, saliency.Length).Select(i => new TokenOrigin(
            TimeSpan.FromSeconds(i / Encoder.Patches), (short)(i % Encoder.Patches / side), (short)(i % side)))];
        float[] ones = [.. Enumerable.Repeat(1f, saliency.Length)];
        return new VisualTokens(Decoder.Hidden, features, origins, ones, saliency);
    }

    /// <summary>What the outer stage leaves of a film, and its seconds once all code has been compiled for good.</summary>
    private static (VisualTokens Few, double Seconds) Reduced(VisualTokens film)
    {
        const int warmUp = 40, repetitions = 25;
        var reducer = Reducers.FromShelf("holitom");
        int budget = (int)Math.Round(film.Count * RetainRatio);
        var seconds = new double[warmUp + repetitions];
        var few = film;
        for (int i = 0; i < seconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            few = reducer.Reduce(film, budget);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return (few, Statistics.Median(seconds[warmUp..]));
    }

    /// <summary>One prompt and its answer.</summary>
    /// <param name="Prompt">Its tokens.</param>
    /// <param name="Prefill">Seconds.</param>
    /// <param name="DecodeRate">Tokens a second after the first.</param>
    private sealed record Reading(int Prompt, double Prefill, double DecodeRate);

    /// <summary>The model, whole or cut.</summary>
    private sealed class Reader(string folder, InnerReducer? inner) : IDisposable
    {
        private const string Question = "what happens?";
        private readonly OnnxVideoLanguageModel _model = OnnxVideoLanguageModel.Load(ModelFolder.Open(folder), new OnnxOptions { InnerReducer = inner });
        private int _asked;

        /// <summary>The median of some readings after one of a single frame.</summary>
        public async Task<Reading> ReadAsync(VisualTokens film, int repetitions, CancellationToken cancellation)
        {
            await ReadAsync(film.Slice(0, Math.Min(film.Count, Encoder.Patches)), cancellation);
            var readings = new List<Reading>();
            while (readings.Count < repetitions)
            {
                readings.Add(await ReadAsync(film, cancellation));
                BenchRun.Progress($"prefill: {readings[^1].Prompt} tokens{(inner is null ? "" : ", cut")}: {readings[^1].Prefill:0.00} s");
            }
            return new Reading(
                readings[0].Prompt, Statistics.Median(readings.Select(reading => reading.Prefill)), Statistics.Median(readings.Select(reading => reading.DecodeRate)));
        }

        /// <summary>Seconds to encode some frames one by one, as a stream's come.</summary>
        public double EncodeSeconds(int frames)
        {
            var pixels = new float[_model.Folder.Preprocessor.ValuesPerFrame];
            var features = new float[Encoder.Patches * Encoder.Output];
            _model.VisionEncoder.Encode(pixels, 1, features);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < frames; i++)
                _model.VisionEncoder.Encode(pixels, 1, features);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        public void Dispose() => _model.Dispose();

        private async Task<Reading> ReadAsync(VisualTokens film, CancellationToken cancellation)
        {
            // Another number in the first token: what was read for an earlier prompt is not of use to this one.
            float[] features = film.Features.ToArray();
            features[0] += ++_asked;
            var seen = new VisualTokens(film.Hidden, features, film.Origins, film.Weights, film.Saliency);
            var prompt = new PromptBuilder(_model.Manifest).Build(seen, Question);
            var completion = await _model.LanguageModel.CompleteAsync(prompt, new GenerationLimits(AnswerTokens, TimeSpan.FromHours(1)), cancellation: cancellation);
            return new Reading(
                completion.PromptTokens, completion.Prefill.TotalSeconds, (completion.CompletionTokens - 1) / completion.DecodeSteps.TotalSeconds);
        }
    }
}
