using Streaming.Server;
using Streaming.Server.Films;

namespace Streaming.Benchmarks.Memory;

/// <summary>
/// How much of a stream its bounded memory still knows after seconds, minutes, hours and a day, next to the same model with nothing but
/// the evidence at full tokens (oracle), with whole frames at even distances in as many tokens (uniform), with the last seconds alone
/// (recent) and in the dark (blind); then conversations about it, and whether recall finds the right clips. Films go through decoder and encoder once; the day is put together of what came out.
/// </summary>
internal static class MemoryBench
{
    private const int Films = 75, QuestionsPerFilm = 6;

    public static Bench Bench { get; } = new("memory", "accuracy by age of the evidence over a day of video in bounded memory; --films N for a shorter run", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("streaming-memory-").FullName;
        try
        {
            using var service = new FilmService(Settings.FromEnvironment() with { DataFolder = Path.Combine(folder, "data") }, DecoderProcessOfThis.Options);
            var exam = new MemoryExam(service.Answering);
            var reel = new List<Shot>();
            foreach (ExamPaper paper in Exam.Papers(folder, run.Seed, run.Films ?? Films, QuestionsPerFilm, run.Split))
                reel.Add(await Shot.OfAsync(service, paper, cancellation));
            BenchRun.Progress($"memory: {reel.Count} films went through decoder and encoder");
            Sitting sitting = new(exam, reel, await Darkness.SeeAsync(service, folder, cancellation), await ModelNotes.WriteAsync(service.Answering, reel), service.Streams.Memory, service.Embedder);
            return await sitting.HoldAsync(cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
