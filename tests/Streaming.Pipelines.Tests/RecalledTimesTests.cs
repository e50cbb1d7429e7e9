using Streaming.Models;

namespace Streaming.Pipelines.Tests;

public class RecalledTimesTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(600);

    [Fact]
    public void Of_stretch_within_the_limit_is_told_as_it_is()
    {
        var seen = Seen(590, 595.5, 600.9);
        var times = RecalledTimes.Of(seen, Longest);
        Assert.True(times.AreTold);
        Assert.Same(seen, times.Tell(seen));
        Assert.Equal("at 7 s", times.Restore("at 7 s"));
    }

    [Fact]
    public void Of_late_stretch_is_counted_from_its_first_frame_in_whole_seconds()
    {
        var times = RecalledTimes.Of(Seen(4000.5, 4012, 4012.75, 4100), Longest);
        Assert.Equal([0.5, 12, 12.75, 100], Told(times, 4000.5, 4012, 4012.75, 4100));
        Assert.Equal("it came at 4012 s and left at 4100 s", times.Restore("it came at 12 s and left at 100 s"));
        Assert.Equal("what was there at 12 s?", times.Tell("what was there at 4012 s?"));
    }

    [Fact]
    public void Of_long_stretch_has_its_longest_gaps_told_shorter()
    {
        double[] seconds = [0, 1, 90_000, 90_002, 180_000, 180_001];
        var told = Told(RecalledTimes.Of(Seen(seconds), Longest), seconds);
        Assert.Equal([0, 1, 299, 301, 599, 600], told);
    }

    [Fact]
    public void Restore_moment_of_a_frame_is_the_frame_s_own()
    {
        double[] seconds = [0, 1, 90_000, 90_002, 180_000, 180_001];
        var times = RecalledTimes.Of(Seen(seconds), Longest);
        double[] told = Told(times, seconds);
        Assert.Equal(seconds.Select(s => $"at {s} s"), told.Select(t => times.Restore($"at {t} s")));
        Assert.Equal("at 90001 s", times.Restore("at 300 s"));
    }

    [Fact]
    public void Restore_number_that_is_no_moment_stays() =>
        Assert.Equal("2 red things, 12 s long, that 5 s", RecalledTimes.Of(Seen(4000), Longest).Restore("2 red things, 12 s long, that 5 s"));

    [Theory]
    [InlineData("at 12 s", "at 4012 s")]
    [InlineData("it came at 3 s, at 12 s", "it came at 4003 s, at 4012 s")]
    [InlineData("a cat at a", "a cat at a")]
    [InlineData("at 12 sheep", "at 12 sheep")]
    public void Restoring_pieces_however_cut_give_the_same_text(string written, string restored)
    {
        var times = RecalledTimes.Of(Seen(4000, 4500), Longest);
        Assert.Equal(restored, times.Restore(written));
        for (int length = 1; length <= written.Length; length++)
        {
            var pieces = new List<string>();
            var restoring = times.Restoring(pieces.Add);
            foreach (char[] piece in written.Chunk(length))
                restoring.Append(new string(piece));
            restoring.Finish();
            Assert.Equal(restored, string.Concat(pieces));
        }
    }

    private static double[] Told(RecalledTimes times, params double[] seconds) =>
        [.. times.Tell(Seen(seconds)).Origins.ToArray().Select(origin => origin.Time.TotalSeconds)];

    private static VisualTokens Seen(params double[] seconds) => new(
        1, new float[seconds.Length], seconds.Select(s => new TokenOrigin(TimeSpan.FromSeconds(s), 0, 0)).ToArray(), new float[seconds.Length], new float[seconds.Length]);
}
