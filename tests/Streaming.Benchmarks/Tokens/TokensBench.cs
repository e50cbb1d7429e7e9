using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Server;
using Streaming.World;

namespace Streaming.Benchmarks.Tokens;

/// <summary>
/// Accuracy against visual tokens kept, for every reducer, on the same questions: 32 frames of 64 tokens, the tokens of each policy put
/// into the prompt as they are. No keyframe selection, no memory, no notes, no time but each frame's own.
/// </summary>
internal static class TokensBench
{
    private const int Questions = 2_000;

    private static readonly GenerationLimits Limits = new(MaxNewTokens: 64, TimeSpan.FromMinutes(1));

    public static Bench Bench { get; } = new("tokens", "accuracy against visual tokens kept, for every reducer", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        CurvePoint[] points = [CurvePoint.Everything, .. CurvePoint.Of(run.Policies ?? [.. Reducers.Names, .. Reducers.ShelfNames, CurvePoint.Frames])];
        var curve = new Curve(await SitAsync(run, points, cancellation), run.Policies is null);
        if (run.Drawing is { } drawing)
            await File.WriteAllTextAsync(drawing, CurveDrawing.Of(curve), cancellation);
        return [.. curve.Results(), BudgetInputs.NeverOver(points.Select(point => point.Policy).Where(IsReducer).Distinct())];
    }

    private static bool IsReducer(string policy) => policy is not (CurvePoint.All or CurvePoint.Frames);

    /// <summary>Every question at every point. Clips are shared out over the processors, each with a model of its own on one thread.</summary>
    private static async Task<CurveExam> SitAsync(BenchRun run, CurvePoint[] points, CancellationToken cancellation)
    {
        var exam = new CurveExam();
        ModelFolder folder = ModelLibrary.Default().Find(Settings.FromEnvironment().Model);
        using var models = new BlockingCollection<OnnxVideoLanguageModel>();
        string films = Directory.CreateTempSubdirectory("streaming-tokens-").FullName;
        try
        {
            for (int i = 0; i < Environment.ProcessorCount; i++)
                models.Add(OnnxVideoLanguageModel.Load(folder, new OnnxOptions { IntraOpThreads = 1 }), cancellation);
            VisualTokens darkness = await Clip.DarknessAsync(models.First(), cancellation);
            await Parallel.ForEachAsync(Numbers(exam), new ParallelOptions { MaxDegreeOfParallelism = models.Count, CancellationToken = cancellation }, async (number, stop) =>
            {
                OnnxVideoLanguageModel model = models.Take(stop);
                exam.Take(await SitAsync(run.Seed * 1_000_000 + (ulong)number, run.Split, films, points, darkness, model, stop));
                models.Add(model, stop);
            });
        }
        finally
        {
            while (models.TryTake(out OnnxVideoLanguageModel? model))
                model.Dispose();
            Directory.Delete(films, recursive: true);
        }
        return exam;
    }

    /// <summary>Clip after clip until there are enough questions.</summary>
    private static IEnumerable<int> Numbers(CurveExam exam)
    {
        for (int number = 0; exam.Questions < Questions; number++)
            yield return number;
    }

    private static async Task<ClipMarks> SitAsync(
        ulong seed, Split split, string films, CurvePoint[] points, VisualTokens darkness, OnnxVideoLanguageModel model, CancellationToken cancellation)
    {
        Clip clip = await Clip.ShootAsync(seed, split, films, model, cancellation);
        var marks = new ClipMarks(clip.Questions);
        foreach (CurvePoint point in points)
        {
            VisualTokens kept = point.Reduce(clip.Tokens);
            await foreach (var (question, answer) in AnswersAsync(model, kept, clip.Questions, cancellation))
                marks.Seen.Add(point, answer, question, kept.Count);
        }
        await foreach (var (question, answer) in AnswersAsync(model, darkness, clip.Questions, cancellation))
            marks.Blind += AnswerKey.IsRight(answer, question.Answer) ? 1 : 0;
        return marks;
    }

    /// <summary>All questions of a clip share one reading of its tokens.</summary>
    private static async IAsyncEnumerable<(FilmQuestion Question, string Answer)> AnswersAsync(
        OnnxVideoLanguageModel model, VisualTokens seen, IReadOnlyList<FilmQuestion> questions, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var prompts = new PromptBuilder(model.Manifest);
        PrefixKey read = PrefixKey.Of(model.LanguageModel.Name, "", seen);
        foreach (FilmQuestion question in questions)
            yield return (question, (await model.LanguageModel.CompleteAsync(prompts.Build(seen, question.Question) with { Prefix = read }, Limits, cancellation: cancellation)).Text);
    }
}
