namespace Streaming.Pipelines;

/// <summary>How long to wait before each attempt: twice as long each time up to a cap, less a random part so that cameras that were lost together do not come back together.</summary>
/// <param name="First">Before the second attempt: a switch that restarts a port needs no more.</param>
/// <param name="Most">The cap: with up to four seconds to start a decoder on a busy machine, to connect and until an intra frame, a camera that is back shows pictures within ten.</param>
/// <param name="Rare">Where only a change can help, such as another password: cameras lock accounts that are tried often.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Most, TimeSpan Rare)
{
    public static Backoff Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), TimeSpan.FromMinutes(5));

    /// <param name="failures">Attempts that failed one after the other, at least 1.</param>
    /// <param name="chance">[0, 1), drawn anew for each wait.</param>
    /// <returns>From half the full time to the full time.</returns>
    public TimeSpan Wait(int failures, double chance) => Jitter(Doubled(First, failures, Most), chance);

    /// <summary>The wait where only a change can help.</summary>
    /// <param name="hasWorked">It did before: a camera that starts refuses everybody for a while, so the first waits are shorter, and still none that lock an account.</param>
    /// <inheritdoc cref="Wait"/>
    public TimeSpan RareWait(int failures, bool hasWorked, double chance) => Jitter(hasWorked ? Doubled(Rare / 20, failures, Rare) : Rare, chance);

    private static TimeSpan Doubled(TimeSpan first, int failures, TimeSpan most)
    {
        const int beyondAnyCap = 30;
        TimeSpan full = first * Math.Pow(2, Math.Min(failures - 1, beyondAnyCap));
        return full < most ? full : most;
    }

    private static TimeSpan Jitter(TimeSpan full, double chance) => full * (1 - chance / 2);
}
