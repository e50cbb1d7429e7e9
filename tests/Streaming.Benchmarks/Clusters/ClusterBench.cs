using System.Diagnostics;
using System.Text.Json;
using Streaming.Faults;
using Streaming.Server.Clustering;

namespace Streaming.Benchmarks.Clusters;

/// <summary>
/// What the loss of a machine costs a cluster of two and of three: how long until all its streams run again, what of what was told to be durable
/// is gone, and whether a stream ever runs on two; and how many questions two machines answer against one. All machines are processes on
/// this one, which they share with thirty cameras' decoders: each model has one thread, so that two have twice as many.
/// </summary>
internal static class ClusterBench
{
    private const int Streams = 30;

    /// <summary>The goal of the issue that the cluster was made for.</summary>
    private const double MostSeconds = 10;

    /// <summary>Cameras share their pictures between readers; ten readers are a tenth of a core.</summary>
    private const int ReadersOfACamera = 10;

    /// <summary>Questions at once, more than two models can answer.</summary>
    private const int Askers = 8;

    private static readonly TimeSpan Asking = TimeSpan.FromSeconds(20);

    public static Bench Bench { get; } = new("cluster", "how soon the streams of a machine that is killed run again, what is lost, and what a second machine adds; --streams N, --kills N", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        if (Membership.Missing is { } missing)
            throw new InvalidOperationException(missing);
        int streams = run.Streams ?? Streams;
        Camera[] cameras = [.. Enumerable.Range(0, (streams + ReadersOfACamera - 1) / ReadersOfACamera).Select(_ => new Camera())];
        try
        {
            var results = new List<BenchResult>();
            foreach (int machines in (int[])[2, 3])
                results.AddRange(await LoseAsync(machines, streams, run.Kills ?? 3, cameras, cancellation));
            results.AddRange(await CompareAsync(cameras[0], cancellation));
            return results;
        }
        finally
        {
            foreach (Camera camera in cameras)
                camera.Dispose();
        }
    }

    /// <summary>Kills the machine with the most streams, again and again, and starts a new one each time.</summary>
    private static async Task<IEnumerable<BenchResult>> LoseAsync(int machines, int streams, int kills, Camera[] cameras, CancellationToken cancellation)
    {
        await using var trial = new ClusterTrial();
        for (int i = 0; i < machines; i++)
            await trial.StartAsync();
        for (int i = 0; i < streams; i++)
            await trial.Servers[0].PostAsync("/v1/streams", new { name = $"cam-{i}", url = cameras[i / ReadersOfACamera].Url, sampling = 1 });
        int[] spread = await Task.WhenAll(trial.Servers.Select(async server => (await ClusterTrial.RunByAsync(server)).Count));
        List<double> seconds = [];
        (int lost, int twice, int moved) = (0, 0, 0);
        for (int kill = 0; kill < kills; kill++)
        {
            cancellation.ThrowIfCancellationRequested();
            var told = new Acknowledged();
            ServedProgram victim = await FullestAsync(trial.Servers), asked = trial.Servers.First(server => server != victim);
            await Wait.UntilAsync(async () => await told.TakeAsync(asked) == streams, () => "not all streams became durable");
            moved += (await ClusterTrial.RunByAsync(victim)).Count;
            await trial.KillAsync(victim);
            long start = Stopwatch.GetTimestamp();
            await Wait.UntilAsync(async () => (await ClusterTrial.StreamsAsync(asked)).Count(stream => stream.GetProperty("state").GetString() == "running") == streams, () => "not all streams run again");
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            lost += await told.LostAsync(asked);
            twice += await TwiceAsync(trial.Servers);
            BenchRun.Progress(FormattableString.Invariant($"cluster of {machines}: all {streams} streams run again after {seconds[^1]:0.0} s"));
            await trial.StartAsync();
        }
        double after = await LoseAllAsync(trial, streams);
        string note = $"{streams} streams, {kills} kills, {moved} streams moved; at first {string.Join(" and ", spread)} on each";
        return
        [
            new($"seconds_to_run_again_of_{machines}", seconds.Max(), "s", Goal.AtMost(MostSeconds), $"the longest of {string.Join(", ", seconds.Select(s => FormattableString.Invariant($"{s:0.0}")))}; {note}"),
            new($"lost_of_{machines}", lost, "keyframes", Goal.AtMost(0), "of those that were told to be durable, with their pictures"),
            new($"run_twice_of_{machines}", twice, "streams", Goal.AtMost(0), "on two machines, or with two decoders"),
            new($"seconds_to_run_again_of_{machines}_at_once", after, "s", null, "all machines killed, and one started: those that are gone have to be silent for 15 s first"),
        ];
    }

    private static async Task<double> LoseAllAsync(ClusterTrial trial, int streams)
    {
        foreach (ServedProgram server in trial.Servers.ToArray())
            await trial.KillAsync(server);
        long start = Stopwatch.GetTimestamp();
        ServedProgram alone = await trial.StartAsync();
        await Wait.UntilAsync(async () => (await ClusterTrial.StreamsAsync(alone)).Count(stream => stream.GetProperty("state").GetString() == "running") == streams, () => "not all streams run again");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<ServedProgram> FullestAsync(IEnumerable<ServedProgram> servers)
    {
        var counted = new List<(ServedProgram Server, int Streams)>();
        foreach (ServedProgram server in servers)
            counted.Add((server, (await ClusterTrial.RunByAsync(server)).Count));
        return counted.MaxBy(server => server.Streams).Server;
    }

    private static async Task<int> TwiceAsync(IReadOnlyList<ServedProgram> servers)
    {
        var seen = new List<string>();
        foreach (ServedProgram server in servers)
            seen.AddRange(await ClusterTrial.RunByAsync(server));
        int names = seen.Count - seen.Distinct().Count(), decoders = servers.Sum(server => server.Children.Count) - seen.Distinct().Count();
        return Math.Max(names, decoders);
    }

    private static async Task<IEnumerable<BenchResult>> CompareAsync(Camera camera, CancellationToken cancellation)
    {
        double one = await AnswersAsync(1, camera, cancellation), two = await AnswersAsync(2, camera, cancellation);
        return
        [
            new("answers_per_second_of_1", one, "answers/s"),
            new("answers_per_second_of_2", two, "answers/s", null, "asked of both in turn, as behind a load balancer, and answered where the stream is"),
            new("answers_of_2_to_1", two / one, "x"),
        ];
    }

    /// <summary>Answers a second while more questions wait than are answered, about four streams at rest.</summary>
    private static async Task<double> AnswersAsync(int machines, Camera camera, CancellationToken cancellation)
    {
        const int streams = 4;
        await using var trial = new ClusterTrial();
        for (int i = 0; i < machines; i++)
            await trial.StartAsync();
        ServedProgram asked = trial.Servers[0];
        for (int i = 0; i < streams; i++)
            await asked.PostAsync("/v1/streams", new { name = $"cam-{i}", url = camera.Url, sampling = 0.2 });
        await Wait.UntilAsync(async () => (await ClusterTrial.StreamsAsync(asked)).Count(stream => stream.GetProperty("visual_tokens").GetProperty("remembered").GetInt64() > 0) == streams, () => "not all streams remember something");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int answers = 0;
        long start = Stopwatch.GetTimestamp();
        stop.CancelAfter(Asking);
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(asker => AskAsync(asker)));
        return answers / Stopwatch.GetElapsedTime(start).TotalSeconds;

        async Task AskAsync(int asker)
        {
            while (!stop.IsCancellationRequested)
            {
                await trial.Servers[asker % machines].PostAsync($"/v1/streams/cam-{asker % streams}/ask", new { question = "What is there?", from = -20 });
                Interlocked.Increment(ref answers);
            }
        }
    }
}
