using Streaming.Compression.Codec;

namespace Streaming.Compression.Tests;

public sealed class CodecWatchTests
{
    private readonly CodecWatch _watch = new(new CodecWatchOptions());
    private readonly Random _dice = new(3);
    private double _time;

    public CodecWatchTests() => _watch.Restart();

    [Fact]
    public void NothingChangedSince_of_a_camera_at_rest_is_vouched_for_by_sizes()
    {
        Rest(20);
        TimeSpan then = Now;
        Rest(16);

        Assert.Equal(CodecEvidence.PacketSizes, _watch.Evidence);
        Assert.True(_watch.NothingChangedSince(then));
        Assert.False(_watch.NothingChangedSince(TimeSpan.Zero));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void NothingChangedSince_after_larger_predicted_pictures_is_not_so(double factor)
    {
        Rest(20);
        TimeSpan then = Now;
        Observe(Still with { PredictedBytes = (float)(500 * factor) });
        Rest(16);

        Assert.False(_watch.NothingChangedSince(then));
        Assert.True(_watch.NothingChangedSince(Now));
    }

    [Fact]
    public void NothingChangedSince_after_another_intra_picture_is_not_so_and_after_one_like_the_others_it_is()
    {
        Rest(40);
        TimeSpan then = Now;
        Observe(Still with { IntraBytes = 20_100 });
        Assert.True(_watch.NothingChangedSince(then));
        Observe(Still with { IntraBytes = 60_000 });
        Assert.False(_watch.NothingChangedSince(then));
    }

    [Fact]
    public void Evidence_before_enough_was_seen_is_unknown_and_vouches_for_nothing()
    {
        Rest(5);
        Assert.Equal(CodecEvidence.Unknown, _watch.Evidence);
        Assert.False(_watch.NothingChangedSince(Now));
    }

    [Fact]
    public void Evidence_where_every_picture_is_an_intra_picture_is_features()
    {
        for (int i = 0; i < 20; i++)
            Observe(new CodecSignals(true, PictureType.I, 20_000, IntraBytes: 20_000));
        Assert.Equal(CodecEvidence.Features, _watch.Evidence);
        Assert.False(_watch.NothingChangedSince(Now));
    }

    [Fact]
    public void Evidence_where_sizes_are_kept_even_is_features()
    {
        for (int i = 0; i < 40; i++)
            Observe(new CodecSignals(false, PictureType.P, 9_000, PredictedBytes: 9_000, IntraBytes: i % 4 == 0 ? 12_000 : null));
        Assert.Equal(CodecEvidence.Features, _watch.Evidence);
        Assert.False(_watch.NothingChangedSince(Now));
    }

    [Fact]
    public void NothingChangedSince_with_motion_vectors_is_told_by_them_where_sizes_are_kept_even()
    {
        var even = new CodecSignals(false, PictureType.P, 9_000, 0, 0, 9_000, 12_000);
        for (int i = 0; i < 20; i++)
            Observe(even);
        TimeSpan then = Now;
        Observe(even);
        Assert.Equal(CodecEvidence.MotionVectors, _watch.Evidence);
        Assert.True(_watch.NothingChangedSince(then));
        Observe(even with { Motion = 0.004f, IntraFraction = 0.02f });
        Assert.False(_watch.NothingChangedSince(then));
    }

    [Fact]
    public void Observe_tells_how_large_a_span_is_next_to_its_like()
    {
        Rest(40);
        CodecNews still = Observe(Still), larger = Observe(Still with { PredictedBytes = 2_000 }), intra = Observe(new CodecSignals(true, PictureType.I, 60_000, IntraBytes: 60_000));

        Assert.InRange(still.Size!.Value, -0.1, 0.1);
        Assert.Equal(Math.Log(4), larger.Size!.Value, 0.1);
        Assert.Equal(CodecNews.MostDeviations, larger.Deviations);
        Assert.True(intra.IsIntra);
        Assert.Equal(Math.Log(3), intra.Size!.Value, 0.1);
    }

    [Fact]
    public void Observe_where_sizes_tell_nothing_tells_motion_alone()
    {
        Assert.Equal(new CodecNews(false), Observe(Still));
        for (int i = 0; i < 40; i++)
            Observe(new CodecSignals(false, PictureType.P, 9_000, PredictedBytes: 9_000, IntraBytes: 12_000));
        Assert.Equal(new CodecNews(false, Motion: 0.01f, IntraFraction: 0.2f), Observe(new CodecSignals(false, PictureType.P, 90_000, 0.01f, 0.2f, 90_000)));
    }

    [Fact]
    public void Restart_forgets_the_source_before()
    {
        Rest(20);
        _watch.Restart();
        Assert.Equal(CodecEvidence.Unknown, _watch.Evidence);
        Assert.False(_watch.NothingChangedSince(Now));
    }

    [Fact]
    public void Validate_names_the_setting_that_is_wrong()
    {
        Assert.Null(new CodecWatchOptions().Validate());
        Assert.StartsWith("Baseline", new CodecWatchOptions { Baseline = 3 }.Validate());
        Assert.StartsWith("LongestReuse", new CodecWatchOptions { LongestReuse = TimeSpan.FromSeconds(-1) }.Validate());
    }

    private TimeSpan Now => TimeSpan.FromSeconds(_time);

    /// <summary>Two pictures a second of a camera whose noise moves sizes by a few hundredths, with an intra picture now and then.</summary>
    private CodecSignals Still => new(false, PictureType.P, 500, PredictedBytes: 490 + 20 * _dice.NextSingle());

    private void Rest(int frames)
    {
        for (int i = 0; i < frames; i++)
            Observe(i % 5 == 0 ? Still with { IntraBytes = 19_900 + 200 * _dice.NextSingle() } : Still);
    }

    private CodecNews Observe(CodecSignals codec)
    {
        _time += 0.5;
        return _watch.Observe(codec, Now);
    }
}
