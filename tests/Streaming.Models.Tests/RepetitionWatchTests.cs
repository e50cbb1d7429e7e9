namespace Streaming.Models.Tests;

public sealed class RepetitionWatchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    public void Add_circle_is_seen_after_a_few_rounds(int length)
    {
        var watch = new RepetitionWatch();
        foreach (int token in Enumerable.Range(1000, 10))
            Assert.False(watch.Add(token));
        int seen = Enumerable.Range(0, 1000).First(i => watch.Add(i % length));
        Assert.InRange(seen + 1, 24, Math.Max(24 + length, 6 * length));
    }

    [Fact]
    public void Add_circle_that_begins_late_is_seen_too()
    {
        var watch = new RepetitionWatch();
        Assert.DoesNotContain(true, Enumerable.Range(0, 500).Select(watch.Add));
        Assert.Contains(true, Enumerable.Repeat((int[])[1, 2, 3], 20).SelectMany(circle => circle).Select(watch.Add));
    }

    [Theory]
    [InlineData("5 5 5 5 5 5 5 5 9")]
    [InlineData("1 2 3 1 2 3 1 2 3 1 2 3 4")]
    [InlineData("1 2 1 3 1 4 1 5 1 6 1 7 1 8 1 9 1 10 1 11 1 12 1 13 1 14 1 15 1 16 1 17 1 18 1 19")]
    public void Add_list_that_says_some_things_again_goes_on(string tokens)
    {
        var watch = new RepetitionWatch();
        Assert.All(tokens.Split(' ').Select(int.Parse), token => Assert.False(watch.Add(token)));
    }
}
