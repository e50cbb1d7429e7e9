using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Streaming.Compression.HoliTom;
using Streaming.Models;
using Streaming.Models.Onnx;

namespace Streaming.Benchmarks;

/// <summary>What HoliTom's outer stage costs on one core at LLaVA-OneVision's shape, next to the same in NumPy on OpenBLAS.</summary>
internal static class ReducerBench
{
    private const int Frames = 32, Places = 196, Width = 896, Repetitions = 25;

    /// <summary>Calls after which all code has been compiled for good.</summary>
    private const int WarmUp = 40;

    private static readonly HoliTomOptions Options = new() { RetainRatio = 0.1 };

    public static Bench Bench { get; } = new("reducer", "seconds of HoliTom's outer stage, next to NumPy", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        (float[] features, float[] saliency) = Film(run.Seed);
        var reduction = new HoliTomReduction();
        (double seconds, long allocated) = Measure(() => reduction.Reduce(new TokenVolume(Frames, Places, Width, features, saliency), Options));
        using var product = new OnnxMatrixProduct(threads: 1);
        var withRuntime = new HoliTomReduction(product);
        (double runtimeSeconds, _) = Measure(() => withRuntime.Reduce(new TokenVolume(Frames, Places, Width, features, saliency), Options));
        double numpy = await NumpyAsync(features, saliency, reduction, cancellation);
        (double causalSeconds, long causalAllocated) = MeasureCausal(features, saliency);
        return
        [
            new("reducer_seconds", seconds, "s of one core", Goal.AtMost(0.25)),
            new("reducer_vs_numpy", numpy / seconds, "ratio", Goal.AtLeast(5)),
            new("bytes_per_call", allocated, "bytes", Goal.AtMost(0)),
            new("numpy_seconds", numpy, "s of one core"),
            new("reducer_seconds_onnx_product", runtimeSeconds, "s of one core", Note: "Gram products by ONNX Runtime"),
            new("causal_seconds", causalSeconds, "s of one core", Note: "the same frames one by one, in chunks of 16"),
            new("causal_bytes", causalAllocated, "bytes", Goal.AtMost(0)),
            new("gram_managed", Speed(ManagedMatrixProduct.Instance, features), "GFLOP/s", Note: "196x896 with itself, every product counted"),
            new("gram_onnx", Speed(product, features), "GFLOP/s"),
        ];
    }

    /// <summary>Three scenes; half of the places stand still through each under noise, the others are new in every frame.</summary>
    internal static (float[] Features, float[] Saliency) Film(ulong seed)
    {
        var dice = new Random((int)(seed % int.MaxValue));
        var features = new float[Frames * Places * Width];
        float[] scene = [];
        for (int frame = 0; frame < Frames; frame++)
        {
            if (frame is 0 or 10 or 22)
                scene = Values(dice, Places * Width);
            float[] own = Values(dice, Places * Width);
            for (int i = 0; i < own.Length; i++)
                features[frame * own.Length + i] = i / Width % 2 == 0 ? scene[i] + 0.3f * own[i] : own[i];
        }
        return (features, Values(dice, Frames * Places));
    }

    private static float[] Values(Random dice, int count)
    {
        var values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = dice.NextSingle() - 0.5f;
        return values;
    }

    /// <summary>Processor time, not time on the clock: what else the machine does must not count.</summary>
    /// <returns>The median of the calls after the first ones, and what one of them allocated.</returns>
    private static (double Seconds, long Bytes) Measure(Action call)
    {
        for (int i = 0; i < WarmUp; i++)
            call();
        var seconds = new double[Repetitions];
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Repetitions; i++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            call();
            seconds[i] = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return (Statistics.Median(seconds), bytes / Repetitions);
    }

    private static (double Seconds, long Bytes) MeasureCausal(float[] features, float[] saliency)
    {
        var causal = new CausalHoliTom(Places, Width, new CausalHoliTomOptions { HoliTom = Options with { LongestWindow = 64 } });
        return Measure(() =>
        {
            for (int frame = 0; frame < Frames; frame++)
                causal.Push(features.AsSpan(frame * Places * Width, Places * Width), saliency.AsSpan(frame * Places, Places));
        });
    }

    private static double Speed(IMatrixProduct product, float[] features)
    {
        var gram = new float[Places * Places];
        (double seconds, _) = Measure(() => product.Gram(features.AsSpan(0, Places * Width), Width, gram));
        return 2.0 * Places * Places * Width / seconds / 1e9;
    }

    /// <summary>The median of NumPy's runs, which have to come to the same windows and the same tokens.</summary>
    private static async Task<double> NumpyAsync(float[] features, float[] saliency, HoliTomReduction ours, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("streaming-reducer-").FullName;
        try
        {
            string x = Path.Combine(folder, "x.f32"), a = Path.Combine(folder, "a.f32");
            await File.WriteAllBytesAsync(x, MemoryMarshal.AsBytes<float>(features).ToArray(), cancellation);
            await File.WriteAllBytesAsync(a, MemoryMarshal.AsBytes<float>(saliency).ToArray(), cancellation);
            using JsonDocument theirs = JsonDocument.Parse(await RunAsync(cancellation, x, a));
            double sum = 0;
            foreach (float value in ours.Features)
                sum += value;
            JsonElement answer = theirs.RootElement;
            bool isSame = answer.GetProperty("starts").EnumerateArray().Select(start => start.GetInt32()).SequenceEqual(ours.Starts.ToArray())
                && answer.GetProperty("tokens").GetInt32() == ours.Count && Math.Abs(answer.GetProperty("sum").GetDouble() - sum) < 1;
            return isSame
                ? Statistics.Median(answer.GetProperty("seconds").EnumerateArray().Select(second => second.GetDouble()))
                : throw new InvalidOperationException($"NumPy keeps other tokens: {answer.GetRawText()}; here {ours.Count} tokens of sum {sum}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(CancellationToken cancellation, string features, string saliency)
    {
        // Debian's own Python: another one in front of the path may lack NumPy.
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Path.Combine(BenchRun.RepositoryRoot(), "tests", "Streaming.Benchmarks", "reducer.py"), features, saliency,
            $"{Frames}", $"{Places}", $"{Width}", Options.RetainRatio.ToString(CultureInfo.InvariantCulture), Options.Threshold.ToString(CultureInfo.InvariantCulture), $"{Repetitions}"])
            start.ArgumentList.Add(argument);
        start.Environment["OPENBLAS_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"NumPy: {(await errors).Trim().Split('\n')[^1]}");
    }
}
