using Streaming.Pipelines;

namespace Streaming.Server.Streams;

/// <summary>Looks at all streams now and then, gives each the same share of its sampling, decodes less where decoders are late, and makes last how far films were played.</summary>
internal sealed class FairRates(StreamRegistry streams, FairShareOptions options, TimeProvider clock) : IAsyncDisposable
{
    private readonly FairShare _share = new(options);
    private readonly Dictionary<string, StreamAccount> _before = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    internal void Start() => _work = Task.Run(Work);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task Work()
    {
        while (true)
        {
            await Task.Delay(options.Interval, clock, _stop.Token).ConfigureAwait(false);
            IReadOnlyList<LocalStream> all = streams.All;
            double share = _share.Look(Measure(all));
            foreach (LocalStream stream in all)
            {
                stream.Stream.Share.Share = share;
                stream.Stream.IntraOnly = _share.IntraOnly;
                stream.Checkpoint();
            }
        }
    }

    /// <summary>What was dropped since the last look, and how late what was remembered since then was.</summary>
    private Pressure Measure(IReadOnlyList<LocalStream> all)
    {
        long dropped = 0;
        TimeSpan lag = TimeSpan.Zero, lateness = TimeSpan.Zero;
        foreach (LocalStream stream in all)
        {
            StreamAccount now = stream.Stream.Account;
            _before.TryGetValue(stream.Name, out StreamAccount before);
            dropped += Math.Max(0, now.Dropped - before.Dropped);
            if (now.Kept > before.Kept && stream.Stream.Lag is { } late && late > lag)
                lag = late;
            if (now.Sampled > before.Sampled && stream.Lateness > lateness)
                lateness = stream.Lateness;
            _before[stream.Name] = now;
        }
        return new Pressure(dropped, lag, lateness);
    }
}
