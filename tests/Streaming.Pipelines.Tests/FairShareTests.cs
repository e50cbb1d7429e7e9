namespace Streaming.Pipelines.Tests;

public class FairShareTests
{
    private static readonly Pressure Quiet = default, Dropping = new(3, default), Late = new(0, TimeSpan.FromSeconds(5));

    private readonly FairShare _share = new(new FairShareOptions());

    [Fact]
    public void Look_one_burst_lowers_nothing()
    {
        Assert.Equal([1, 1, 1, 1], new[] { Dropping, Dropping, Quiet, Dropping }.Select(_share.Look));
    }

    [Fact]
    public void Look_lasting_pressure_lowers_step_by_step_to_the_least_and_no_further()
    {
        double[] shares = [.. Enumerable.Range(0, 100).Select(i => _share.Look(i % 2 == 0 ? Dropping : Late))];
        Assert.Equal(0.7, shares[2], 6);
        Assert.Equal(0.49, shares[5], 6);
        Assert.Equal(1.0 / 16, shares[^1]);
    }

    [Fact]
    public void Look_room_restores_slowly_and_wholly()
    {
        for (int i = 0; i < 3; i++)
            _share.Look(Late);
        double[] shares = [.. Enumerable.Range(0, 30).Select(_ => _share.Look(Quiet))];
        Assert.Equal(0.7, shares[8], 6);
        Assert.InRange(shares[9], 0.71, 0.99);
        Assert.Equal(1, shares[29], 6);
        Assert.Equal(shares.Order(), shares);
    }

    [Fact]
    public void Look_decoders_that_stay_late_decode_intra_frames_only_until_it_is_calm_and_then_longer()
    {
        var late = new Pressure(0, default, TimeSpan.FromSeconds(3));
        Assert.Equal([false, false, true], new[] { late, late, late }.Select(IntraOnly));
        Assert.Equal(1, _share.Share);
        Assert.Equal(59, Enumerable.Range(0, 60).Count(_ => IntraOnly(Quiet)));
        Assert.Equal([false, false, true], new[] { late, late, late }.Select(IntraOnly));
        Assert.Equal(119, Enumerable.Range(0, 120).Count(_ => IntraOnly(Quiet)));

        bool IntraOnly(Pressure pressure)
        {
            _share.Look(pressure);
            return _share.IntraOnly;
        }
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(0.5, 50)]
    [InlineData(0.7, 70)]
    [InlineData(0.0625, 7)]
    public void Admits_lets_an_even_share_through(double share, int admitted)
    {
        var frames = new FrameShare { Share = share };
        bool[] all = [.. Enumerable.Range(0, 100).Select(_ => frames.Admits())];
        Assert.True(all[0]);
        Assert.Equal(admitted, all.Count(a => a));
    }
}
