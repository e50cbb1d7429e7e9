namespace Streaming.Benchmarks.Faults;

/// <summary>A straight line through samples, by least squares.</summary>
/// <param name="Mean">Of the values.</param>
/// <param name="PerHour">The line's slope.</param>
/// <param name="Error">The slope's standard error.</param>
public readonly record struct Trend(double Mean, double PerHour, double Error)
{
    /// <param name="samples">Hours and values; three at least, at two different times.</param>
    public static Trend Of(IReadOnlyList<(double Hours, double Value)> samples)
    {
        double hours = samples.Average(sample => sample.Hours), mean = samples.Average(sample => sample.Value);
        double spread = samples.Sum(sample => (sample.Hours - hours) * (sample.Hours - hours));
        double slope = samples.Sum(sample => (sample.Hours - hours) * (sample.Value - mean)) / spread;
        double rest = samples.Sum(sample => Math.Pow(sample.Value - mean - slope * (sample.Hours - hours), 2));
        return new Trend(mean, slope, Math.Sqrt(rest / (samples.Count - 2) / spread));
    }

    /// <summary>It rises by no more than a share of its mean, or than a whole one, an hour, as far as two standard errors can tell.</summary>
    public bool IsFlat(double share) => PerHour - 2 * Error <= Math.Max(share * Math.Abs(Mean), 1);
}
