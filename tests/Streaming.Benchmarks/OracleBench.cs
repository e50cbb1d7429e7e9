using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Oracle;
using Streaming.Server;

namespace Streaming.Benchmarks;

/// <summary>Whether the service and transformers.js write the same tokens on the same files, pixel values and questions.</summary>
internal static class OracleBench
{
    private const int Questions = 200;

    public static Bench Bench { get; } = new("oracle", "identical token ids with transformers.js on 200 questions", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        using var oracle = new TransformersJs();
        using var model = OnnxVideoLanguageModel.Load(ModelLibrary.Default().Find(Settings.FromEnvironment().Model));
        using var cases = run.CasesFolder is { } folder ? new OracleCases(folder) : null;
        int asked = 0, identical = 0;
        await foreach (var comparison in IdsComparison.Run(model, oracle, run.Seed, Questions).WithCancellation(cancellation))
        {
            cases?.Add(comparison);
            asked++;
            identical += comparison.IsIdentical ? 1 : 0;
            BenchRun.Progress($"oracle: {identical} of {asked} identical");
        }
        return
        [
            new("questions", asked, "questions", Goal.AtLeast(Questions)),
            new("identical_ids", (double)identical / asked, "share", Goal.AtLeast(1)),
        ];
    }
}
