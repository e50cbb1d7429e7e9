using System.Diagnostics;
using System.Text.Json;
using Streaming.Faults;

namespace Streaming.Benchmarks.Faults;

/// <summary>What became of the drops of one kind.</summary>
/// <param name="Seconds">From a camera's return until a newer frame was seen, of those that came within the limit; upper bounds, by looks a quarter of a second apart.</param>
/// <param name="Crashes">How often the RTSP server itself ended, and was started again.</param>
internal sealed record DropToll(string Kind, int Made, IReadOnlyList<double> Seconds, int Crashes);

/// <summary>Loses the cameras of one kind again and again, and looks how soon each stream shows what the camera saw afterwards.</summary>
internal sealed class DropTrial(ServedProgram server, DropKind kind, Random random)
{
    /// <summary>The goal: seconds after the camera's return.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Outages are between half a second, which a session may survive, and this: a camera that restarts.</summary>
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(8);

    /// <summary>A camera that is dropped has worked before: until three pictures have come nobody knows how often it sends them.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly List<double> _seconds = [];
    private int _made, _crashes;

    public async Task<DropToll> RunAsync(int drops, CancellationToken cancellation)
    {
        while (_made < drops)
        {
            await RunningAsync();
            await Task.Delay(Settled * (1 + random.NextDouble()), cancellation);
            Dictionary<string, long> before = (await StreamsAsync()).ToDictionary(stream => stream.Key, stream => stream.Value.Reconnects);
            kind.Lose();
            if (kind.StaysAway)
                await Task.Delay(TimeSpan.FromSeconds(0.5) + (LongestOutage - TimeSpan.FromSeconds(0.5)) * random.NextDouble(), cancellation);
            kind.Return();
            _made += kind.Streams.Count;
            await RecoverAsync(Stopwatch.GetTimestamp(), before, cancellation);
            BenchRun.Progress($"faults: {kind.Name}: {_seconds.Count} of {_made} recovered");
        }
        return new DropToll(kind.Name, _made, _seconds, _crashes);
    }

    private async Task RecoverAsync(long returned, Dictionary<string, long> before, CancellationToken cancellation)
    {
        var missing = kind.Streams.ToHashSet();
        while (missing.Count > 0 && Stopwatch.GetElapsedTime(returned) <= Limit)
        {
            await Task.Delay(Look, cancellation);
            if (Revive())
                returned = Stopwatch.GetTimestamp();
            Dictionary<string, (long Reconnects, double Age)> now = await StreamsAsync();
            double since = Stopwatch.GetElapsedTime(returned).TotalSeconds;
            foreach (string name in missing.Where(name => now[name].Age < since && (!kind.Reconnects || now[name].Reconnects > before[name])).ToArray())
            {
                missing.Remove(name);
                _seconds.Add(since);
            }
        }
    }

    private Task RunningAsync() => Wait.UntilAsync(
        async () => !Revive() && (await StreamsAsync()).Values.All(stream => stream.Age < 2), () => $"the {kind.Name} cameras do not come back");

    /// <summary>A server that has ended by itself is a camera that is not back yet.</summary>
    private bool Revive()
    {
        bool had = kind.Camera.TakeCrashes() > 0;
        _crashes += had ? 1 : 0;
        return had;
    }

    /// <summary>The streams of this kind: how often each came back, and the seconds since its newest frame, infinite while it is away.</summary>
    private async Task<Dictionary<string, (long Reconnects, double Age)>> StreamsAsync() =>
        (await server.GetAsync("/v1/streams")).GetProperty("streams").EnumerateArray()
            .Where(stream => kind.Streams.Contains(stream.GetProperty("name").GetString()))
            .ToDictionary(stream => stream.GetProperty("name").GetString()!, stream => (stream.GetProperty("reconnects").GetInt64(), AgeOf(stream)));

    private static double AgeOf(JsonElement stream) =>
        stream.GetProperty("state").GetString() == "running" && stream.GetProperty("last_frame_age_seconds") is { ValueKind: JsonValueKind.Number } age ? age.GetDouble() : double.PositiveInfinity;
}
