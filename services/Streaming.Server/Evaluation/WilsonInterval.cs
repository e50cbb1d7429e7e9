namespace Streaming.Server.Evaluation;

/// <summary>How far a share may lie from the true one: Wilson's score interval at 95 % confidence (Wilson 1927).</summary>
public readonly record struct WilsonInterval(double Low, double High)
{
    /// <summary>The normal distribution's two-sided 95 % point.</summary>
    private const double Z = 1.959964;

    public static WilsonInterval Of(int successes, int trials)
    {
        if (trials == 0)
            return new(0, 1);
        double n = trials, share = successes / n, scale = 1 + Z * Z / n;
        double centre = (share + Z * Z / (2 * n)) / scale;
        double half = Z / scale * Math.Sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
        return new(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
