using System.Globalization;
using Streaming.Attacks.Access;
using Streaming.Attacks.Fuzz;
using Streaming.Attacks.Http;
using Streaming.Attacks.Media;
using Streaming.Benchmarks.Faults;
using Streaming.Faults;
using Streaming.Video;
using Streaming.Video.Sandboxing;

namespace Streaming.Benchmarks.Security;

/// <summary>Whether what means harm gets in: hostile files, callers where they may not call, bodies that no route takes, decoders that crash, and inputs that nobody thought of.</summary>
internal static class SecurityBench
{
    private const int LeastFiles = 150, LeastBodies = 500, Crashes = 1000;

    /// <summary>Of each target; those of media and Redis start a process or a connection each.</summary>
    private const int Executions = 2000, SlowExecutions = 60;

    public static Bench Bench { get; } = new("security", "whether hostile files, callers and bodies are kept out, and what crashes leave; --kills N: so many crashes of decoders", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation) =>
    [
        .. await FilesAsync((int)run.Seed, cancellation), .. await CallersAsync((int)run.Seed),
        .. await CrashesAsync(run.Kills ?? Crashes, cancellation), .. await FuzzBench.MeasureAsync((int)run.Seed, target => count => count < (FuzzBench.IsSlow(target) ? SlowExecutions : Executions), cancellation),
    ];

    private static async Task<IReadOnlyList<BenchResult>> FilesAsync(int seed, CancellationToken cancellation)
    {
        using var machine = new BenchServer(perceives: false);
        await using ServedProgram server = await machine.StartAsync();
        using var trial = new HostileTrial(server);
        HostileFile[] files = [.. new HostileFiles(seed, HostileFilms.All, trial.Bait).All()];
        var wrong = new List<string>();
        foreach (HostileFile file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await trial.RunAsync(file) is not { } what)
                continue;
            wrong.Add($"{file}: {what}");
            BenchRun.Progress($"security: {wrong[^1]}");
        }
        await Wait.UntilAsync(() => Task.FromResult(server.Children.Count == 0), () => $"{server.Children.Count} decoders live on");
        return
        [
            new("hostile_files", files.Length, "files", Goal.AtLeast(LeastFiles), string.Join(", ", files.GroupBy(file => file.Kind).OrderByDescending(kind => kind.Count()).Take(6).Select(kind => $"{kind.Count()} {kind.Key}"))),
            new("hostile_inputs_handled", 1 - ((double)wrong.Count / files.Length), "share", Goal.AtLeast(1), wrong.Count == 0 ? "none crashed, hung, read another file or called anybody" : wrong[0]),
            new("slowest_seconds", trial.Slowest.TotalSeconds, "s", Goal.AtMost(10)),
            new("sandbox_layers", Sandbox.Layers.Count(layer => layer.IsThere), "layers", null, string.Join(", ", Sandbox.Layers.Where(layer => layer.IsThere).Select(layer => layer.Layer))),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> CallersAsync(int seed)
    {
        await using var premises = await GuardedPremises.OpenAsync();
        var (tried, wrong) = await new AccessTrial(premises.Client, premises.RestoreAsync).RunAsync(premises.Routes, premises.Visitors);
        await using var open = await GuardedPremises.OpenAsync(hasKeys: false);
        Premises there = await open.RestoreAsync();
        var (sent, taken) = await new BadBodies(seed, there.File).SendAsync(open.Client);
        return
        [
            new("routes_times_roles", 1 - ((double)wrong.Count / tried), "share", Goal.AtLeast(1), wrong.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"{tried} combinations of {premises.Routes.Count} routes and {premises.Visitors.Count} callers") : wrong[0]),
            new("bad_api_bodies", sent, "bodies", Goal.AtLeast(LeastBodies)),
            new("bad_api_bodies_refused", 1 - ((double)taken.Count / sent), "share", Goal.AtLeast(1), taken.Count == 0 ? "all 4xx" : taken[0]),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> CrashesAsync(int crashes, CancellationToken cancellation)
    {
        string film = HostileFilms.PathOf("mp4");
        var decoder = new Decoder(DecoderProcessOfThis.Options);
        await CrashAsync(decoder, film);
        int handles = OpenHandles();
        var few = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation };
        await Parallel.ForAsync(0, crashes, few, async (_, _) => await CrashAsync(decoder, film));
        return
        [
            new("decoder_crashes", crashes, "crashes"),
            new("zombies_left", ProcessTable.ChildrenOf(Environment.ProcessId).Count, "processes", Goal.AtMost(0)),
            new("descriptors_leaked", Math.Max(0, OpenHandles() - handles), "handles", Goal.AtMost(4)),
        ];
    }

    private static async Task CrashAsync(Decoder decoder, string film)
    {
        await using DecodeSession session = decoder.Open(new FileSource(film), new DecodeRequest { FramesPerSecond = 5 });
        Signals.Crash(session.ProcessId);
        await foreach (Compression.Frame frame in session.Frames())
            frame.Dispose();
        await session.Completion;
    }

    /// <summary>What is collected has no handle any more.</summary>
    private static int OpenHandles()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return ProcessTable.Handles(Environment.ProcessId);
    }
}
