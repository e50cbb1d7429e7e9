namespace Streaming.Models.Tests;

public sealed class HiddenRowsTests
{
    // Tokens 1 to 4 are visual and point along x, x, y and y; 0 and 5 are text.
    private static readonly float[] Rows = [9, 9, 1, 0, 3, 0.3f, 0, 2, 0.1f, 4, 7, 7];

    [Fact]
    public void Reduce_of_everything_kept_changes_nothing()
    {
        var rows = Some();
        Assert.Same(rows, rows.Reduce(new float[6], 4, DroppedToken.Averaged));
    }

    [Fact]
    public void Reduce_keeps_text_and_the_visual_tokens_with_most_attention_over_all_heads()
    {
        // The second head overrules the first; text has most and counts for nothing.
        float[] attention = [9, 0.1f, 0.2f, 0.3f, 0.1f, 9, 9, 0.9f, 0, 0, 0.5f, 9];
        var kept = Some().Reduce(attention, 2, DroppedToken.Forgotten);
        Assert.Equal([10, 11, 14, 15], kept.Positions);
        Assert.Equal([1, 2], kept.Visual);
        Assert.Equal([9, 9, 1, 0, 0.1f, 4, 7, 7], kept.Terms[0]);
    }

    [Fact]
    public void Reduce_of_equal_attention_keeps_the_earlier_token()
    {
        var kept = Some().Reduce([0, 1, 1, 1, 1, 0], 3, DroppedToken.Forgotten);
        Assert.Equal([10, 11, 12, 13, 15], kept.Positions);
    }

    [Fact]
    public void Reduce_that_averages_gives_each_kept_token_the_mean_of_those_most_like_it()
    {
        var kept = Some().Reduce([0, 2, 1, 2, 1, 0], 2, DroppedToken.Averaged);
        Assert.Equal([10, 11, 13, 15], kept.Positions);
        Assert.Equal([9, 9, 2, 0.15f, 0.05f, 3, 7, 7], kept.Terms[0]);
    }

    [Fact]
    public void Reduce_that_halves_lets_the_last_one_weigh_a_half()
    {
        var rows = new HiddenRows([[1, 1, 5, 0, 9, 0]], [0, 1, 2], [0, 1, 2]);
        var kept = rows.Reduce([1, 0, 0], 1, DroppedToken.Halved);
        Assert.Equal([(((1 + 5) / 2f) + 9) / 2, 0.25f], kept.Terms[0]);
    }

    [Theory]
    [InlineData(DroppedToken.Averaged)]
    [InlineData(DroppedToken.Halved)]
    public void Reduce_of_two_terms_equals_reducing_their_sum(DroppedToken dropped)
    {
        var random = new Random(5);
        const int tokens = 40, width = 8;
        float[] one = Numbers(tokens * width), other = Numbers(tokens * width), attention = Numbers(3 * tokens);
        long[] positions = [.. Enumerable.Range(0, tokens)];
        int[] visual = [.. Enumerable.Range(3, 30)];
        var apart = new HiddenRows([one, other], positions, visual).Reduce(attention, 11, dropped);
        var together = new HiddenRows([[.. one.Zip(other, (a, b) => a + b)]], positions, visual).Reduce(attention, 11, dropped);
        Assert.Equal(together.Positions, apart.Positions);
        Assert.Equal(tokens - 30 + 11, apart.Count);
        Assert.All(together.Terms[0].Zip(apart.Terms[0].Zip(apart.Terms[1], (a, b) => a + b)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    [Fact]
    public void Reduce_with_attention_for_other_tokens_throws() =>
        Assert.Throws<ArgumentException>(() => Some().Reduce(new float[7], 1, DroppedToken.Forgotten));

    private static HiddenRows Some() => new([Rows], [10, 11, 12, 13, 14, 15], [1, 2, 3, 4]);
}
