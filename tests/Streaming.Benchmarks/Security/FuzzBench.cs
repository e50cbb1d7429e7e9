using System.Diagnostics;
using Streaming.Attacks.Access;
using Streaming.Attacks.Fuzz;

namespace Streaming.Benchmarks.Security;

/// <summary>Inputs that are almost right, for as long as somebody wants; those that are read wrongly are written to .build/bench/fuzz.</summary>
internal static class FuzzBench
{
    private const double UsualMinutes = 10;

    private const int Targets = 8;

    public static Bench Bench { get; } = new("fuzz", "what is found in readers of media, bodies, model files, memory and Redis by inputs that are almost right; --minutes M, --seed N", MeasureAsync);

    /// <summary>Each execution of these starts a process or a connection.</summary>
    public static bool IsSlow(FuzzTarget target) => target.Name is "media" or "RESP replies";

    /// <param name="goesOn">Whether a target goes on, by how often it was run; made anew for each target.</param>
    public static async Task<IReadOnlyList<BenchResult>> MeasureAsync(int seed, Func<FuzzTarget, Func<int, bool>> goesOn, CancellationToken cancellation)
    {
        await using var premises = await GuardedPremises.OpenAsync(hasKeys: false);
        Premises there = await premises.RestoreAsync();
        string model = Path.Combine(BenchRun.RepositoryRoot(), "models", "scenes");
        int crashes = 0;
        FuzzTarget[] targets =
        [
            MediaTargets.Films(HostileFilms.All, DecoderProcessOfThis.Options, _ => crashes++), BodyTarget.Of(premises.Client, there.File),
            ModelTargets.Tokenizer(model), ModelTargets.Template(model), ModelTargets.Manifest(model), StoreTargets.Snapshot, StoreTargets.Lines, StoreTargets.Replies,
        ];
        var reports = new List<(FuzzTarget Target, FuzzReport Report)>();
        foreach (FuzzTarget target in targets)
        {
            Func<int, bool> goes = goesOn(target);
            FuzzReport report = await Fuzzer.RunAsync(target, seed, run => !cancellation.IsCancellationRequested && goes(run));
            reports.Add((target, report));
            foreach (Finding finding in report.Findings)
                BenchRun.Progress($"fuzz: {finding}, kept as {Keep(finding)}");
        }
        Finding[] findings = [.. reports.SelectMany(report => report.Report.Findings)];
        return
        [
            new("fuzz_executions", reports.Sum(report => (long)report.Report.Executions), "executions", null, string.Join(", ", reports.Select(report => $"{report.Report.Executions} {report.Target.Name}"))),
            new("fuzz_refused", reports.Sum(report => (long)report.Report.Refused), "executions", null, "told by their readers what is wrong with them"),
            new("fuzz_decoders_lost", crashes, "processes", null, "died of a film, and nothing else did"),
            new("fuzz_findings", findings.Length, "findings", Goal.AtMost(0), findings.Length == 0 ? null : findings[0].ToString()),
        ];
    }

    private static Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        TimeSpan each = TimeSpan.FromMinutes(run.Minutes ?? UsualMinutes) / Targets;
        return MeasureAsync((int)run.Seed, _ =>
        {
            long begun = Stopwatch.GetTimestamp();
            return _ => Stopwatch.GetElapsedTime(begun) < each;
        }, cancellation);
    }

    private static string Keep(Finding finding)
    {
        string folder = Directory.CreateDirectory(Path.Combine(BenchRun.CacheFolder, "fuzz")).FullName;
        string path = Path.Combine(folder, $"{finding.Target.Replace(' ', '-')}-{finding.Run}");
        File.WriteAllBytes(path, finding.Input);
        return path;
    }
}
