namespace Streaming.Compression.Tests;

public class KeyframeSelectorTests
{
    private readonly KeyframeSelector _selector = new(new KeyframeSelectorOptions());

    [Fact]
    public void Select_first_frame_is_kept_as_first()
    {
        var keyframe = Offer(new Pictures(1).Draw(0));
        Assert.Equal(new Keyframe(0, TimeSpan.Zero, KeyframeReason.First, 1), keyframe);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(12)]
    public void Select_noise_alone_keeps_only_the_longest_gap(double noise)
    {
        var pictures = new Pictures(2);
        var kept = Run(40, t => pictures.Draw(t, x: 60, noise: noise));
        Assert.Equal([0, 8, 16], kept.Select(k => k.Time.TotalSeconds));
        Assert.All(kept.Skip(1), k => Assert.Equal(KeyframeReason.MaximumGap, k.Reason));
    }

    [Fact]
    public void Select_flicker_and_drift_of_the_light_are_no_change()
    {
        var pictures = new Pictures(3);
        var kept = Run(40, t => pictures.Draw(t, x: 60, noise: 3, light: 5 * Math.Sin(9 * t) + 0.3 * t));
        Assert.All(kept.Skip(1), k => Assert.Equal(KeyframeReason.MaximumGap, k.Reason));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(12)]
    public void Select_small_thing_that_moves_is_change(double noise)
    {
        var pictures = new Pictures(4);
        var kept = Run(16, t => pictures.Draw(t, x: 20 + 10 * t, noise: noise));
        Assert.True(kept.Count >= 12, $"{kept.Count} of 16 kept");
        Assert.All(kept.Skip(1), k => Assert.Equal(KeyframeReason.Change, k.Reason));
    }

    [Fact]
    public void Select_slow_motion_adds_up()
    {
        var pictures = new Pictures(5);
        var kept = Run(14, t => pictures.Draw(t, x: 40 + 1.5 * t));
        Assert.Contains(kept, k => k.Reason == KeyframeReason.Change);
        Assert.True(kept.Count < 14);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Select_thing_that_appears_or_disappears_is_change(bool appears)
    {
        var pictures = new Pictures(6);
        var kept = Run(10, t => pictures.Draw(t, x: t >= 3 == appears ? 64 : null, noise: 6));
        Assert.Equal([0, 3], kept.Select(k => k.Time.TotalSeconds));
        Assert.Equal(KeyframeReason.Change, kept[1].Reason);
    }

    [Fact]
    public void Select_motion_that_goes_on_counts_ever_more_rarely()
    {
        var pictures = new Pictures(10);
        var kept = Run(80, t => pictures.Draw(t, x: Pacing(t), noise: 3)).Select(k => k.Time.TotalSeconds).ToList();
        Assert.Equal([0, 0.5, 1, 1.5, 2, 2.5, 3], kept.Take(7));
        Assert.InRange(kept.Count(t => t is >= 30 and < 40), 2, 5);
    }

    [Fact]
    public void Select_newcomer_beside_long_motion_is_kept_at_once_and_with_every_step()
    {
        var pictures = new Pictures(11);
        var kept = Run(80, t => pictures.Draw(t, x: Pacing(t), noise: 3, below: t >= 30 ? 10 * (t - 30) : null));
        Assert.Equal([30, 30.5, 31, 31.5, 32], kept.Select(k => k.Time.TotalSeconds).Where(t => t is >= 30 and <= 32));
    }

    [Fact]
    public void Select_long_motion_that_turns_another_colour_is_kept_at_once()
    {
        var pictures = new Pictures(12);
        var kept = Run(80, t => pictures.Draw(t, x: Pacing(t), noise: 3, isBlue: t >= 30.5)).Select(k => k.Time.TotalSeconds).ToList();
        Assert.Contains(30.5, kept);
        Assert.InRange(kept.Count(t => t is > 30.5 and < 40), 1, 5);
    }

    [Fact]
    public void Select_without_habituation_keeps_every_change()
    {
        var pictures = new Pictures(10);
        Assert.InRange(Run(new KeyframeSelector(new KeyframeSelectorOptions { Habituation = 0 }), 40, t => pictures.Draw(t, x: Pacing(t))).Count, 30, 40);
    }

    [Fact]
    public void Select_lights_out_is_change()
    {
        var pictures = new Pictures(7);
        var kept = Run(10, t => pictures.Draw(t, light: t >= 2 ? -70 : 0));
        Assert.Equal([0, 2], kept.Select(k => k.Time.TotalSeconds));
    }

    [Fact]
    public void Select_same_film_twice_keeps_the_same_frames()
    {
        List<Keyframe> Once() => Run(new KeyframeSelector(new KeyframeSelectorOptions()), 30, Film(8));
        Assert.Equal(Once(), Once());

        static Func<double, Frame> Film(int seed)
        {
            var pictures = new Pictures(seed);
            return t => pictures.Draw(t, x: t > 4 ? 8 * t : null, noise: 8);
        }
    }

    [Fact]
    public void Select_dropped_frame_allocates_nothing()
    {
        var pictures = new Pictures(9);
        using var frame = pictures.Draw(0);
        _selector.Select(frame);
        _selector.Select(frame);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            Assert.Null(_selector.Select(frame));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Select_picture_smaller_than_the_grid_is_accepted()
    {
        using var frame = new Frame(new byte[3 * 5 * 3], 5, 3, TimeSpan.Zero, 0, default);
        Assert.NotNull(_selector.Select(frame));
    }

    /// <summary>Somebody who walks up and down without end.</summary>
    private static double Pacing(double seconds) => 64 + 40 * Math.Sin(seconds / 3);

    [Fact]
    public void Validate_names_the_setting_that_is_wrong()
    {
        Assert.Null(new KeyframeSelectorOptions().Validate());
        Assert.StartsWith("MaximumGap", new KeyframeSelectorOptions { MaximumGap = TimeSpan.Zero }.Validate());
        Assert.StartsWith("CellChange", new KeyframeSelectorOptions { CellChange = float.NaN }.Validate());
        Assert.StartsWith("ChangedCells", new KeyframeSelectorOptions { ChangedCells = 10 }.Validate());
    }

    private Keyframe? Offer(Frame frame)
    {
        using (frame)
            return _selector.Select(frame);
    }

    private List<Keyframe> Run(int frames, Func<double, Frame> draw) => Run(_selector, frames, draw);

    private static List<Keyframe> Run(KeyframeSelector selector, int frames, Func<double, Frame> draw)
    {
        var kept = new List<Keyframe>();
        for (int i = 0; i < frames; i++)
        {
            using var frame = draw(i / 2.0);
            if (selector.Select(frame) is { } keyframe)
                kept.Add(keyframe);
        }

        return kept;
    }
}
