namespace Streaming.Video.Tests;

/// <summary>Every codec in every container that the README promises.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData("h264", "mp4", "-c:v libx264 -preset veryfast -bf 2")]
    [InlineData("h264", "mov", "-c:v libx264 -preset veryfast")]
    [InlineData("h264", "mkv", "-c:v libx264 -preset veryfast -bf 3")]
    [InlineData("h264", "ts", "-c:v libx264 -preset veryfast -bf 2")]
    [InlineData("h264", "avi", "-c:v libx264 -preset veryfast -bf 0")]
    [InlineData("hevc", "mp4", "-c:v libx265 -preset ultrafast -x265-params log-level=none")]
    [InlineData("hevc", "mkv", "-c:v libx265 -preset ultrafast -x265-params log-level=none")]
    [InlineData("hevc", "ts", "-c:v libx265 -preset ultrafast -x265-params log-level=none")]
    [InlineData("vp8", "webm", "-c:v libvpx -deadline realtime -cpu-used 8")]
    [InlineData("vp9", "webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8")]
    [InlineData("vp9", "mp4", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8")]
    [InlineData("av1", "webm", "-c:v libaom-av1 -usage realtime -cpu-used 8")]
    [InlineData("av1", "mp4", "-c:v libaom-av1 -usage realtime -cpu-used 8")]
    [InlineData("mpeg2video", "ts", "-c:v mpeg2video -r 25 -bf 2")]
    [InlineData("mpeg2video", "mkv", "-c:v mpeg2video -r 25")]
    [InlineData("mpeg4", "avi", "-c:v mpeg4")]
    [InlineData("mpeg4", "mp4", "-c:v mpeg4 -bf 2")]
    [InlineData("msmpeg4v3", "avi", "-c:v msmpeg4")]
    [InlineData("mjpeg", "avi", "-c:v mjpeg")]
    [InlineData("mjpeg", "mov", "-c:v mjpeg")]
    [InlineData("gif", "gif", "-pix_fmt pal8 -c:v gif")]
    public async Task Decoder_codec_in_container_decodes_what_ffprobe_counts(string codec, string container, string encoding)
    {
        var film = Clips.Moving($"{codec}.{container}", encoding, seconds: 3);

        var decoded = await Decoding.Decode(film);

        Assert.Null(decoded.Report.Failure);
        Assert.Null(decoded.Report.Remark);
        Assert.Equal(codec, decoded.Report.Facts!.Codec);
        Assert.Equal((160, 120), (decoded.Report.Facts.Width, decoded.Report.Facts.Height));
        Assert.Equal(Clips.CountFrames(film), decoded.Report.Progress.Decoded);
        Assert.Equal(0, decoded.Report.Progress.Unreadable);
        Assert.Equal(6, decoded.Pictures.Count);
        Assert.Equal(6, decoded.Report.Progress.Sampled);
        Assert.All(decoded.Pictures, picture => Assert.Equal((160, 120), (picture.Width, picture.Height)));
    }

    [Fact]
    public async Task Decoder_real_film_of_1998_decodes_every_picture()
    {
        const string film = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";

        var decoded = await Decoding.Decode(film);

        Assert.Null(decoded.Report.Failure);
        Assert.Equal(Clips.CountFrames(film), decoded.Report.Progress.Decoded);
        Assert.Equal(159, decoded.Pictures.Count);
        Assert.All(decoded.Pictures, picture => Assert.Equal((384, 288), (picture.Width, picture.Height)));
    }

    [Fact]
    public async Task Decoder_loop_over_unwanted_pictures_allocates_nothing()
    {
        var decoded = await Decoding.Decode(Clips.H264(), new DecodeRequest { MotionVectors = true });

        Assert.Equal(0, decoded.Report.AllocatedBytes);
        Assert.True(decoded.Report.CpuTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task Decoder_frames_after_encoding_look_like_the_ffmpeg_program_shows_them()
    {
        var film = Clips.H264();
        var raw = File.ReadAllBytes(Clips.Make("reference.rgb", $"-i {film} -vf fps=2:round=up,scale=160:120 -pix_fmt rgb24 -f rawvideo"));

        var decoded = await Decoding.Decode(film);

        var picture = decoded.Pictures[0].Rgb;
        var difference = picture.Zip(raw, (a, b) => Math.Abs(a - b)).Average();
        Assert.InRange(difference, 0, 4);
    }
}
