using Streaming.Benchmarks.Faults;

namespace Streaming.Benchmarks.Tests;

public sealed class TrendTests
{
    [Fact]
    public void Trend_of_a_line_is_its_slope_without_error()
    {
        Trend trend = Trend.Of([(0, 100), (0.5, 150), (1, 200)]);
        Assert.Equal((150, 100), (trend.Mean, trend.PerHour));
        Assert.Equal(0, trend.Error, 9);
        Assert.False(trend.IsFlat(0.01));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(60, false)]
    [InlineData(-60, true)]
    public void Trend_of_noise_is_flat_unless_it_rises_more_than_the_noise_can(double perHour, bool isFlat)
    {
        var random = new Random(1);
        Trend trend = Trend.Of([.. Enumerable.Range(0, 180).Select(i => (i / 720.0, 1000 + perHour * i / 720.0 + random.NextDouble() - 0.5))]);
        Assert.Equal(perHour, trend.PerHour, 3 * trend.Error + 0.5);
        Assert.Equal(isFlat, trend.IsFlat(0.01));
    }
}
