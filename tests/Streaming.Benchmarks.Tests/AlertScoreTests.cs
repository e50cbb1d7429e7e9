using Streaming.Benchmarks.Watches;
using Streaming.World;

namespace Streaming.Benchmarks.Tests;

public sealed class AlertScoreTests
{
    [Theory]
    [InlineData(new[] { 9.0, 20.0, 32.0 }, 3, 0, 0)]
    [InlineData(new[] { 8.9, 20.0, 32.1 }, 1, 2, 2)]
    [InlineData(new[] { 10.0, 11.0, 20.0, 30.0 }, 3, 1, 0)]
    [InlineData(new[] { 10.0, 20.0, 30.0, 50.0, 51.5 }, 3, 0, 0)]
    [InlineData(new double[0], 0, 0, 3)]
    public void Of_events_count_within_a_second_before_and_two_after_and_once(double[] fired, int right, int wrong, int missed)
    {
        var score = AlertScore.Of(new AlertTruth([10, 20, 30], [49.5, 50]), fired);
        Assert.Equal((right, wrong, missed), (score.Right, score.False, score.Missed));
        Assert.Equal(right, score.Delays.Count);
    }

    [Fact]
    public void F1_is_that_of_all_films_together()
    {
        var score = AlertScore.Of(new AlertTruth([10], []), [11, 15]) + AlertScore.Of(new AlertTruth([10, 20], []), [10]);
        Assert.Equal((2, 1, 1), (score.Right, score.False, score.Missed));
        Assert.Equal(2.0 / 3, score.F1, 12);
        Assert.Equal((2.0 / 3, 2.0 / 3), (score.Precision, score.Recall));
    }

    [Fact]
    public void TruthOf_begins_where_it_is_plain_after_it_was_not_there_at_all()
    {
        double[] visible = [0.6, 0.6, 0, 0.3, 0.7, 0.4, 0.9, 0.08, 0.3, 0.2, 0, 0.6, 0];
        Scene[] scenes = [.. visible.Select((_, i) => new Scene(i / 2.0, false, 0, []))];
        AlertTruth truth = AlertExam.TruthOf(scenes, scene => visible[(int)(scene.Seconds * 2)]);
        Assert.Equal([0, 2], truth.Truth);
        Assert.Equal([4, 4.5, 5.5], truth.Unclear);
    }
}
