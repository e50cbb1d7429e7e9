using System.Diagnostics;
using System.Text.Json;
using Streaming.Faults;

namespace Streaming.Benchmarks.Load;

/// <summary>So many live streams that nobody asks, and what they cost.</summary>
/// <param name="ServerCores">Processor time of the server a second, without its decoders.</param>
/// <param name="DecoderCores">Of the decoders.</param>
/// <param name="Share">Of the sampling that was asked for, how much there is.</param>
internal sealed record RestStep(int Streams, double ServerCores, double DecoderCores, double Share)
{
    /// <summary>Streams that have come up encode their first pictures; after that they are at rest.</summary>
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(15), Measuring = TimeSpan.FromSeconds(30);

    public double CoresOfOne => (ServerCores + DecoderCores) / Streams;

    /// <summary>Declares streams of one camera until there are <paramref name="streams"/>, and measures all.</summary>
    /// <param name="sampling">Frames a second that are to be looked at.</param>
    public static async Task<RestStep> MeasureAsync(ServedProgram server, Camera camera, int streams, double sampling, CancellationToken cancellation)
    {
        int there = (await server.GetAsync("/v1/streams")).GetProperty("streams").GetArrayLength();
        for (int i = there; i < streams; i++)
            await server.PostAsync("/v1/streams", new { name = $"camera-{i}", url = camera.Url, sampling });
        await server.UntilAsync("/v1/streams", all => all.GetProperty("streams").EnumerateArray().All(stream => stream.GetProperty("state").GetString() == "running"));
        await Task.Delay(Warming, cancellation);
        long start = Stopwatch.GetTimestamp();
        var (servedBefore, decodedBefore) = Used(server);
        await Task.Delay(Measuring, cancellation);
        var (served, decoded) = Used(server);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        JsonElement[] all = [.. (await server.GetAsync("/v1/streams")).GetProperty("streams").EnumerateArray()];
        double share = all.Average(stream => stream.GetProperty("effective_sampling").GetDouble() / stream.GetProperty("sampling").GetDouble());
        return new RestStep(streams, (served - servedBefore).TotalSeconds / seconds, (decoded - decodedBefore).TotalSeconds / seconds, share);
    }

    private static (TimeSpan Server, TimeSpan Decoders) Used(ServedProgram server) =>
        (ProcessTable.ProcessorTimeOf(server.ProcessId), server.Children.Aggregate(TimeSpan.Zero, (sum, child) => sum + ProcessTable.ProcessorTimeOf(child)));
}
