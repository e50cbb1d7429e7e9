using System.Text.Json;
using Streaming.Server.Evaluation;

namespace Streaming.Benchmarks.Tests;

public sealed class BenchReportTests
{
    private static readonly BenchReport Report = new("speed", "a machine",
    [
        new("ratio", 1.01, "ratio", Goal.AtMost(1.05)), new("share", 0.9, "share", Goal.AtLeast(0.95), "a note"), new("seconds", 3, "s"),
    ]);

    [Fact]
    public void BenchReport_as_json_is_one_object_of_the_documented_shape()
    {
        using var json = JsonDocument.Parse(Report.ToJson());
        Assert.Equal(["bench", "machine", "results"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.All(json.RootElement.GetProperty("results").EnumerateArray(), result =>
            Assert.Equal(["name", "value", "unit", "goal", "met"], result.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(["True", "False", "null"], json.RootElement.GetProperty("results").EnumerateArray()
            .Select(result => result.GetProperty("met") is { ValueKind: JsonValueKind.Null } ? "null" : $"{result.GetProperty("met").GetBoolean()}"));
    }

    [Fact]
    public void BenchReport_with_a_missed_goal_says_so_in_table_and_verdict()
    {
        Assert.False(Report.GoalsMet);
        Assert.Contains("≥ 0.95", Report.ToTable(), StringComparison.Ordinal);
        Assert.Contains("missed", Report.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void BenchReport_as_markdown_is_a_table_with_goals_and_verdicts() => Assert.Equal(
        """
        | result | value | unit | goal | |
        | --- | --- | --- | --- | --- |
        | ratio | 1.01 | ratio | ≤ 1.05, met |  |
        | share | 0.9 | share | ≥ 0.95, missed | a note |
        | seconds | 3 | s |  |  |

        """.ReplaceLineEndings("\n"), Report.ToMarkdown());

    [Theory]
    [InlineData(8, 10, 0.4902, 0.9433)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(950, 1000, 0.9347, 0.9619)]
    public void Statistics_of_a_share_gives_wilsons_interval(int successes, int trials, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, trials);
        Assert.Equal(low, interval.Low, 0.0001);
        Assert.Equal(high, interval.High, 0.0001);
    }

    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 2, 3 }, 2.5)]
    public void Statistics_of_unsorted_values_gives_the_median(double[] values, double median) => Assert.Equal(median, Statistics.Median(values));
}
