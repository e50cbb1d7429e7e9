namespace Streaming.Video.Tests;

/// <summary>Which pictures are delivered, with which times.</summary>
public sealed class SamplingTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(3)]
    [InlineData(0.5)]
    public async Task Sampler_any_rate_takes_the_first_picture_at_or_after_each_tick(double rate)
    {
        var film = Clips.H264();

        var decoded = await Decoding.Decode(film, new DecodeRequest { FramesPerSecond = rate });

        Assert.Equal(Expected(Clips.Times(film), rate), decoded.Seconds, Close);
    }

    [Fact]
    public async Task Sampler_variable_frame_rate_goes_by_time_and_not_by_count()
    {
        // Every picture of the first two seconds, then one in ten.
        var film = Clips.Make(
            "vfr.mkv", "-f lavfi -i testsrc2=s=160x120:r=20 -t 10 -vf select='lt(t,2)+not(mod(n,17))' -vsync vfr -c:v libx264 -preset veryfast");

        var decoded = await Decoding.Decode(film);

        Assert.Equal(Expected(Clips.Times(film), 2), decoded.Seconds, Close);
        Assert.Equal(Clips.CountFrames(film), decoded.Report.Progress.Decoded);
    }

    [Theory]
    [InlineData("ts")]
    [InlineData("mkv")]
    [InlineData("mp4")]
    public async Task Sampler_start_time_that_is_not_zero_counts_from_the_streams_start(string container)
    {
        var film = Clips.Make($"late.{container}", $"-i {Clips.H264()} -c copy -output_ts_offset 100");

        var decoded = await Decoding.Decode(film);

        Assert.Equal(20, decoded.Pictures.Count);
        Assert.Equal(0, decoded.Seconds[0]);
        Assert.InRange(decoded.Seconds[^1], 9.5, 9.6);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    [InlineData("ts")]
    [InlineData("avi")]
    public async Task Decoder_part_of_a_film_gives_the_same_pictures_as_the_whole(string container)
    {
        var film = container == "avi" ? Clips.Moving("part.avi", "-c:v mpeg4 -g 25", 10) : Clips.H264(container);
        var (from, to) = (TimeSpan.FromSeconds(4.3), TimeSpan.FromSeconds(7.5));

        var whole = await Decoding.Decode(film);
        var part = await Decoding.Decode(film, new DecodeRequest { From = from, To = to });

        var same = whole.Pictures.Where(picture => picture.Time >= from && picture.Time < to).ToList();
        Assert.Equal(same.Select(p => p.Time), part.Pictures.Select(p => p.Time));
        Assert.All(same.Zip(part.Pictures), pair => Assert.True(pair.First.Rgb.AsSpan().SequenceEqual(pair.Second.Rgb)));
        Assert.True(part.Report.Progress.Decoded < whole.Report.Progress.Decoded);
    }

    [Fact]
    public async Task Decoder_until_a_time_sees_what_the_film_cut_there_holds()
    {
        var film = Clips.H264("mkv");
        var cut = Clips.Make("cut.mkv", $"-i {film} -t 5 -c:v libx264 -qp 0 -preset ultrafast");

        var until = await Decoding.Decode(film, new DecodeRequest { To = TimeSpan.FromSeconds(5) });
        var shorter = await Decoding.Decode(cut);

        Assert.Null(until.Report.Failure);
        Assert.Equal(shorter.Seconds, until.Seconds, Close);
        Assert.All(until.Pictures, picture => Assert.True(picture.Time < TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Decoder_from_beyond_the_end_says_where_the_film_ends()
    {
        var failure = await Decoding.Fail(Clips.H264(), new DecodeRequest { From = TimeSpan.FromMinutes(1) });

        Assert.Equal(SourceFailureKind.EndOfStream, failure.Kind);
        Assert.Contains("10.0 s", failure.Message);
    }

    [Fact]
    public async Task Decoder_intra_only_decodes_nothing_else()
    {
        var decoded = await Decoding.Decode(Clips.H264(), new DecodeRequest { IntraOnly = true });

        Assert.Equal(5, decoded.Report.Progress.Decoded);
        Assert.All(decoded.Pictures, picture => Assert.True(picture.Codec.IsIntra));
    }

    [Theory]
    [InlineData(640, 360, 384, 216)]
    [InlineData(360, 640, 216, 384)]
    [InlineData(100, 50, 100, 50)]
    public async Task Decoder_large_picture_fits_the_box_and_is_never_scaled_up(int width, int height, int expectedWidth, int expectedHeight)
    {
        var film = Clips.Make($"{width}x{height}.mp4", $"-f lavfi -i testsrc2=s={width}x{height}:r=5 -t 1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p");

        var decoded = await Decoding.Decode(film);

        Assert.All(decoded.Pictures, picture => Assert.Equal((expectedWidth, expectedHeight), (picture.Width, picture.Height)));
    }

    [Fact]
    public async Task Decoder_exact_size_is_kept_whatever_the_shape()
    {
        var decoded = await Decoding.Decode(Clips.H264(), new DecodeRequest { MaxWidth = 200, MaxHeight = 90, ExactSize = true });

        Assert.All(decoded.Pictures, picture => Assert.Equal((200, 90), (picture.Width, picture.Height)));
    }

    [Theory]
    [InlineData(0, 384)]
    [InlineData(5.1, 384)]
    [InlineData(double.NaN, 384)]
    [InlineData(2, 8)]
    [InlineData(2, 5000)]
    public void DecodeRequest_outside_its_ranges_is_refused(double rate, int width) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new DecodeRequest { FramesPerSecond = rate, MaxWidth = width }.Validate());

    private static bool Close(double a, double b) => Math.Abs(a - b) < 0.002;

    private static List<double> Expected(double[] times, double rate)
    {
        var expected = new List<double>();
        var next = 0L;
        foreach (var time in times.Select(t => t - times[0]))
        {
            if (Math.Floor((time + 0.0005) * rate) < next)
                continue;
            expected.Add(time);
            next = (long)Math.Floor((time + 0.0005) * rate) + 1;
        }
        return expected;
    }
}
