using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Faults;

namespace Streaming.Benchmarks.Faults;

/// <summary>
/// Whether a server that watches cameras for a long time needs more and more: it is sampled while questions are asked and cameras are
/// cut and come back, and lines are drawn through the last half of what was measured.
/// </summary>
internal static partial class SoakBench
{
    private const double Minutes = 30;
    private const int Streams = 20;

    /// <summary>The goal: memory grows by a hundredth an hour at most.</summary>
    private const double MostShare = 0.01;

    /// <summary>So few that they are used up within the first half: what grows then is no memory.</summary>
    private const int MemoryTokens = 2048;

    /// <summary>Of the half that counts.</summary>
    private const int Parts = 15;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5), AskEvery = TimeSpan.FromSeconds(3), CutEvery = TimeSpan.FromSeconds(15), CutFor = TimeSpan.FromSeconds(2);

    public static Bench Bench { get; } = new("soak", "what grows while cameras are watched; --minutes N, --streams M", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        int streams = run.Streams ?? Streams;
        TimeSpan length = TimeSpan.FromMinutes(run.Minutes ?? Minutes);
        using var machine = new BenchServer(perceives: false) { MemoryTokens = MemoryTokens };
        using var camera = new Camera("--width", "160", "--height", "120", "--rate", "2");
        Relay[] relays = [.. Enumerable.Range(0, streams).Select(_ => new Relay(camera.Url))];
        await using ServedProgram server = await machine.StartAsync();
        foreach (var (i, relay) in relays.Index())
            await server.PostAsync("/v1/streams", new { name = $"camera-{i}", url = relay.Url, sampling = 2 });
        await server.UntilAsync("/v1/streams", all => all.GetProperty("streams").EnumerateArray().All(stream => stream.GetProperty("state").GetString() == "running"));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] life = [EveryAsync(AskEvery, i => AskAsync(server, i % streams), end.Token), EveryAsync(CutEvery, i => CutAsync(relays[i % streams], end.Token), end.Token)];
        List<Sample> samples = await SampleAsync(server, length, cancellation);
        await end.CancelAsync();
        await Task.WhenAll(life);
        foreach (Relay relay in relays)
            await relay.DisposeAsync();
        return [.. Results(samples, streams)];
    }

    /// <param name="Children">Decoder processes.</param>
    /// <param name="Queued">Inferences, questions and keyframes that wait.</param>
    /// <param name="Remembered">Bytes of visual tokens, which grow until the memory's budget is used.</param>
    private sealed record Sample(double Hours, double Resident, double ChildrenResident, double Handles, double Threads, double Children, double Queued, double Remembered);

    private static async Task<List<Sample>> SampleAsync(ServedProgram server, TimeSpan length, CancellationToken cancellation)
    {
        var samples = new List<Sample>();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            await Task.Delay(SampleEvery, cancellation);
            string metrics = await server.Client.GetStringAsync("/metrics", cancellation);
            IReadOnlyList<int> children = server.Children;
            double hours = Stopwatch.GetElapsedTime(start).TotalHours;
            samples.Add(new Sample(
                hours, ProcessTable.ResidentBytes(server.ProcessId), children.Sum(ProcessTable.ResidentBytes), ProcessTable.Handles(server.ProcessId), ProcessTable.Threads(server.ProcessId), children.Count,
                Sum(metrics, "streaming_queue_depth") + Sum(metrics, "streaming_questions") + Sum(metrics, "streaming_memory_unstored"), Sum(metrics, "streaming_memory_bytes")));
            Sample now = samples[^1];
            BenchRun.Progress(FormattableString.Invariant(
                $"soak: {60 * hours:0.0} min, {now.Resident / 1e6:0} MB, decoders {now.ChildrenResident / 1e6:0} MB, {now.Handles} handles, {now.Threads} threads, {now.Children} children, {now.Queued} waiting, {now.Remembered / 1e6:0.0} MB remembered"));
        }
        return samples;
    }

    private static IEnumerable<BenchResult> Results(List<Sample> samples, int streams)
    {
        Sample[] half = [.. samples.Where(sample => sample.Hours >= samples[^1].Hours / 2)];
        // Samples seconds apart tell the same thing twice, and would make a line look surer than it is: means of a minute each, in half an hour.
        Sample[][] parts = [.. half.Chunk(Math.Max(1, half.Length / Parts))];
        Trend Line(Func<Sample, double> of) => Trend.Of([.. parts.Select(part => (part.Average(sample => sample.Hours), part.Average(of)))]);
        Trend resident = Line(sample => sample.Resident);
        yield return new("minutes", samples[^1].Hours * 60, "min", null, $"{streams} streams, {samples.Count} samples");
        yield return new("rss_percent_per_hour", 100 * resident.PerHour / resident.Mean, "%/h", Goal.AtMost(100 * MostShare), FormattableString.Invariant($"± {200 * resident.Error / resident.Mean:0.0} of {resident.Mean / 1e6:0} MB"));
        yield return Share("decoders_rss_percent_per_hour", Line(sample => sample.ChildrenResident));
        yield return new("remembered_bytes_per_hour", Line(sample => sample.Remembered).PerHour, "bytes/h", null, "visual tokens, until the budget of each stream is used");
        foreach (var (name, of) in (IEnumerable<(string, Func<Sample, double>)>)[("handles", s => s.Handles), ("threads", s => s.Threads), ("children", s => s.Children), ("queued", s => s.Queued)])
        {
            Trend line = Line(of);
            yield return new($"{name}_per_hour", line.IsFlat(MostShare) ? Math.Max(0, line.PerHour - 2 * line.Error) : line.PerHour, "1/h", Goal.AtMost(Math.Max(MostShare * line.Mean, 1)), FormattableString.Invariant($"{line.PerHour:0.0} ± {2 * line.Error:0.0}, mean {line.Mean:0.0}"));
        }

        static BenchResult Share(string name, Trend line) => new(name, 100 * line.PerHour / line.Mean, "%/h", null, FormattableString.Invariant($"± {200 * line.Error / line.Mean:0.0} of {line.Mean / 1e6:0} MB"));
    }

    private static async Task EveryAsync(TimeSpan period, Func<int, Task> act, CancellationToken cancellation)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                await Task.Delay(period, cancellation);
                await act(i);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It has soaked long enough.
        }
    }

    private static Task AskAsync(ServedProgram server, int stream) => server.PostAsync($"/v1/streams/camera-{stream}/ask", new { question = "What is there?", from = -30 });

    private static async Task CutAsync(Relay relay, CancellationToken cancellation)
    {
        relay.Cut();
        await Task.Delay(CutFor, cancellation);
        relay.Mend();
    }

    private static double Sum(string metrics, string name) =>
        Line().Matches(metrics).Where(line => line.Groups[1].Value == name).Sum(line => double.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^([a-z_]+)(?:\{[^\n]*\})? ([0-9.eE+-]+)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
