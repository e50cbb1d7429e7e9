namespace Streaming.Benchmarks.Watches;

/// <summary>What there was to be told of one watch in one film, in seconds of the film.</summary>
/// <param name="Truth">When what it waits for began to be the case, in order of time.</param>
/// <param name="Unclear">Moments at which nobody could say whether it is: an event then is neither right nor wrong.</param>
public sealed record AlertTruth(IReadOnlyList<double> Truth, IReadOnlyList<double> Unclear);

/// <summary>Events of watches next to what happened.</summary>
/// <param name="Delays">Seconds from each beginning that was told to its event.</param>
public sealed record AlertScore(int Right, int False, int Missed, IReadOnlyList<double> Delays)
{
    /// <summary>An event counts if it comes so much before or after what it tells of.</summary>
    private const double Early = 1, Late = 2;

    public static AlertScore None { get; } = new(0, 0, 0, []);

    /// <summary>Harmonic mean of the shares of events that are right and of beginnings that were told.</summary>
    public double F1 => Right == 0 ? 0 : 2.0 * Right / ((2 * Right) + False + Missed);

    public double Precision => Right + False == 0 ? 0 : (double)Right / (Right + False);

    public double Recall => Right + Missed == 0 ? 0 : (double)Right / (Right + Missed);

    /// <param name="fired">In order of time.</param>
    public static AlertScore Of(AlertTruth told, IReadOnlyList<double> fired)
    {
        var open = told.Truth.ToList();
        var delays = new List<double>();
        int wrong = 0;
        foreach (double at in fired)
        {
            int match = open.FindIndex(truth => IsNear(at, truth));
            if (match >= 0)
            {
                delays.Add(at - open[match]);
                open.RemoveAt(match);
            }
            else if (!told.Unclear.Any(moment => IsNear(at, moment)))
            {
                wrong++;
            }
        }
        return new AlertScore(delays.Count, wrong, open.Count, delays);
    }

    public static AlertScore operator +(AlertScore one, AlertScore other) =>
        new(one.Right + other.Right, one.False + other.False, one.Missed + other.Missed, [.. one.Delays, .. other.Delays]);

    private static bool IsNear(double at, double moment) => at >= moment - Early && at <= moment + Late;
}
