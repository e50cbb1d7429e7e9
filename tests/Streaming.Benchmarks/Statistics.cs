namespace Streaming.Benchmarks;

public static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Wilson's score interval of a share at 95 % confidence (Wilson 1927; z = 1.96).</summary>
    public static (double Low, double High) Wilson(int successes, int trials)
    {
        const double z = 1.959964;
        if (trials == 0)
            return (0, 1);
        double n = trials, share = successes / n, scale = 1 + z * z / n;
        var centre = (share + z * z / (2 * n)) / scale;
        var half = z / scale * Math.Sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
