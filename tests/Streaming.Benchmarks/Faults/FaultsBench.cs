using Streaming.Faults;
using Streaming.World;

namespace Streaming.Benchmarks.Faults;

/// <summary>Whether lost cameras come back, and whether a killed server keeps what it acknowledged.</summary>
internal static class FaultsBench
{
    private const int Drops = 1000, Kills = 200, StreamsOfAKind = 6;

    /// <summary>A server that has just started, and one that has worked for a while.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(3);

    public static Bench Bench { get; } = new("faults", "how many dropped cameras are back within 10 s, and what is lost when the server is killed; --drops N, --kills N", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation) =>
        [.. await DropAsync(run.Drops ?? Drops, (int)run.Seed, cancellation), .. await KillAsync(run.Kills ?? Kills, (int)run.Seed, cancellation)];

    private static async Task<IReadOnlyList<BenchResult>> DropAsync(int drops, int seed, CancellationToken cancellation)
    {
        if (drops == 0)
            return [];
        using var machine = new BenchServer(perceives: false);
        await using var cameras = new DropCameras(StreamsOfAKind);
        await using ServedProgram server = await machine.StartAsync();
        foreach (DropKind kind in cameras.Kinds)
        {
            for (int number = 0; number < StreamsOfAKind; number++)
                await server.PostAsync("/v1/streams", new { name = kind.Streams[number], url = cameras.UrlOf(kind, number) });
        }
        DropToll[] tolls = await Task.WhenAll(cameras.Kinds.Select((kind, i) => new DropTrial(server, kind, new Random(seed + i)).RunAsync(drops / cameras.Kinds.Count, cancellation)));
        int streams = StreamsOfAKind * cameras.Kinds.Count;
        await Wait.UntilAsync(() => Task.FromResult(server.Children.Count == streams), () => $"{server.Children.Count} decoders are left of {streams} streams");
        double[] seconds = [.. tolls.SelectMany(toll => toll.Seconds).Order()];
        int made = tolls.Sum(toll => toll.Made);
        return
        [
            new("drops", made, "drops", null, $"{streams} streams at once, {streams} decoders at the end; GStreamer's server ended by itself {tolls.Sum(toll => toll.Crashes)} times"),
            new("drops_recovered", (double)seconds.Length / made, "share", Goal.AtLeast(1)),
            .. tolls.Select(toll => new BenchResult($"drops_recovered.{toll.Kind}", (double)toll.Seconds.Count / toll.Made, "share", null, $"{toll.Seconds.Count} of {toll.Made}")),
            new("recovery_seconds", Statistics.Median(seconds), "s (median)"),
            new("recovery_seconds_p95", seconds[(int)(0.95 * (seconds.Length - 1))], "s"),
            new("recovery_seconds_most", seconds[^1], "s"),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> KillAsync(int kills, int seed, CancellationToken cancellation)
    {
        if (kills == 0)
            return [];
        using var machine = new BenchServer(perceives: true);
        using var camera = new Camera("--file", Footage());
        await using var trial = new KillTrial(machine.StartAsync, camera.Url, await File.ReadAllBytesAsync(Film(), cancellation), new Random(seed));
        int clean = 0, left = 0, acknowledged = 0;
        var missing = new List<string>();
        for (int kill = 0; kill < kills; kill++)
        {
            cancellation.ThrowIfCancellationRequested();
            KillOutcome outcome = await trial.RunAsync(LongestLife);
            clean += outcome is { Missing.Count: 0, Left: 0 } ? 1 : 0;
            (left, acknowledged) = (left + outcome.Left, outcome.Acknowledged);
            missing.AddRange(outcome.Missing);
            BenchRun.Progress($"faults: {clean} of {kill + 1} kills without loss, {acknowledged} acknowledged{string.Concat(outcome.Missing.Select(lost => $"; missing: {lost}"))}");
        }
        return
        [
            new("kills", kills, "kills", null, $"{acknowledged} uploads, films, keyframes, notes and events acknowledged"),
            new("kills_without_loss", (double)clean / kills, "share", Goal.AtLeast(1)),
            new("acknowledged_and_missing", missing.Count, "things", Goal.AtMost(0), string.Join(", ", missing.Take(10))),
            new("processes_left", left, "processes", Goal.AtMost(0)),
        ];
    }

    /// <summary>People on a path, as a camera would send it.</summary>
    private static string Footage() => Made("faults_path.mp4",
        ["-i", "/usr/share/doc/opencv-doc/examples/data/vtest.avi", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", "10"]);

    /// <summary>Four seconds, 200 kB: a handful of pieces.</summary>
    private static string Film() => Made("faults_film.mp4",
        ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=4", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "400k"]);

    private static string Made(string name, string[] arguments)
    {
        string path = Path.Combine(BenchRun.CacheFolder, name), part = Path.Combine(BenchRun.CacheFolder, $"part-{name}");
        if (File.Exists(path))
            return path;
        Ffmpeg.Run(["-y", .. arguments, part]);
        File.Move(part, path);
        return path;
    }
}
