namespace Streaming.Perception.Tests;

public sealed class CountHistoryTests
{
    [Fact]
    public void History_of_years_stays_bounded_in_order_and_exact()
    {
        CountHistory history = CountHistory.Empty;
        var random = new Random(3);
        int entered = 0, left = 0;
        TimeSpan time = default;
        for (int i = 0; i < 30_000; i++)
        {
            time += TimeSpan.FromSeconds(random.Next(1, 3600));
            int now = random.Next(3);
            history = history.Add(time, entered: now, left: 1, most: now);
            (entered, left) = (entered + now, left + 1);
        }
        Assert.True(history.Buckets.Count <= CountHistory.MostBuckets);
        Assert.Equal(entered, history.Entered);
        Assert.Equal(left, history.Buckets.Sum(bucket => bucket.Left));
        Assert.All(history.Buckets.Zip(history.Buckets.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        Assert.Equal(TimeSpan.FromMinutes(1), history.Buckets[^1].Length);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(300)]
    [InlineData(3600)]
    public void Rows_of_any_length_have_the_same_sum(int seconds)
    {
        CountHistory history = CountHistory.Empty;
        for (int i = 0; i < 500; i++)
            history = history.Add(TimeSpan.FromSeconds(i * 37), entered: i % 3, most: i % 5);
        CountBucket[] rows = [.. history.Rows(default, TimeSpan.FromDays(1), TimeSpan.FromSeconds(seconds))];
        Assert.Equal(history.Entered, rows.Sum(row => row.Entered));
        Assert.All(rows, row => Assert.Equal(0, row.Start.Ticks % TimeSpan.FromSeconds(seconds).Ticks));
        Assert.Equal(4, rows.Max(row => row.Most));
    }

    [Fact]
    public void Rows_of_a_stretch_leave_out_what_lies_outside()
    {
        CountHistory history = CountHistory.Empty.Add(Notes.At(30), entered: 1).Add(Notes.At(90), entered: 2).Add(Notes.At(150), entered: 4);
        Assert.Equal([2], history.Rows(Notes.At(60), Notes.At(120), TimeSpan.FromMinutes(1)).Select(row => row.Entered));
    }
}
