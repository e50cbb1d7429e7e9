using Streaming.Compression;

namespace Streaming.Video.Tests;

/// <summary>That a delivered picture is upright, of the right shape and colour, and carries what the codec says.</summary>
public sealed class PictureTests
{
    // Red, green / blue, white quarters.
    private const string Quarters =
        "-f lavfi -i color=red:s=96x64:r=5 -f lavfi -i color=lime:s=96x64:r=5 -f lavfi -i color=blue:s=96x64:r=5 -f lavfi -i color=white:s=96x64:r=5 "
        + "-filter_complex [0][1]hstack[a];[2][3]hstack[b];[a][b]vstack -t 1 -pix_fmt yuv420p -c:v libx264 -preset ultrafast";

    [Theory]
    [InlineData(0, "RGBW")]
    [InlineData(90, "GWRB")] // The ffmpeg program's rotate tag counts anticlockwise, and its own player agrees.
    [InlineData(180, "WBGR")]
    [InlineData(270, "BRWG")]
    public async Task Decoder_rotated_film_delivers_upright_pictures(int degrees, string corners)
    {
        var upright = Clips.Make("quarters.mp4", Quarters);
        var film = Clips.Make($"rotated-{degrees}.mp4", $"-i {upright} -c copy -metadata:s:v:0 rotate={degrees}");

        var decoded = await Decoding.Decode(film);

        var picture = decoded.Pictures[0];
        Assert.Equal(degrees % 180 == 0 ? (192, 128) : (128, 192), (picture.Width, picture.Height));
        Assert.Equal(corners, Corners(picture));
        Assert.Equal((360 - degrees) % 360, decoded.Report.Facts!.Rotation);
    }

    [Fact]
    public async Task Decoder_wide_pixels_become_square()
    {
        var film = Clips.Make("anamorphic.mp4", $"-i {Clips.Make("quarters.mp4", Quarters)} -c copy -aspect 3:1");

        var decoded = await Decoding.Decode(film);

        Assert.Equal((384, 128), (decoded.Pictures[0].Width, decoded.Pictures[0].Height));
    }

    [Theory]
    [InlineData("h264-709.mp4", "-vf scale=out_color_matrix=bt709 -colorspace bt709 -c:v libx264 -pix_fmt yuv420p")]
    [InlineData("h264-601.mp4", "-vf scale=out_color_matrix=bt601 -c:v libx264 -pix_fmt yuv420p")]
    [InlineData("h264-full.mp4", "-vf scale=out_range=full -c:v libx264 -pix_fmt yuvj420p")]
    [InlineData("h264-10bit.mp4", "-c:v libx264 -pix_fmt yuv420p10le")]
    [InlineData("colour.gif", "-filter_complex split[a][b];[a]palettegen[p];[b][p]paletteuse -c:v gif")]
    [InlineData("colour-mjpeg.avi", "-q:v 2 -c:v mjpeg -pix_fmt yuvj420p")]
    [InlineData("colour.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p")]
    public async Task Decoder_plain_colour_keeps_its_value(string name, string encoding)
    {
        var film = Clips.Make(name, $"-f lavfi -i color=0xc04020:s=64x64:r=5:d=1 {encoding}");

        var decoded = await Decoding.Decode(film);

        var (r, g, b) = decoded.Pictures[0].At(0.5, 0.5);
        Assert.InRange(r, 0xc0 - 6, 0xc0 + 6);
        Assert.InRange(g, 0x40 - 6, 0x40 + 6);
        Assert.InRange(b, 0x20 - 6, 0x20 + 6);
    }

    [Theory]
    [InlineData("-c:v libx264 -preset veryfast -g 250 -bf 2", "mp4")]
    [InlineData("-c:v mpeg4 -g 250", "avi")]
    [InlineData("-c:v mpeg2video -g 250 -r 25", "ts")]
    public async Task CodecSignals_panning_film_moves_more_than_a_still_one(string encoding, string container)
    {
        var noise = "-f lavfi -i cellauto=s=640x480:rule=110:random_seed=1:r=25";
        var still = Clips.Make($"still.{container}", $"{noise} -vf trim=start_frame=40:end_frame=41,loop=50:1,crop=320:240:0:0 -r 25 {encoding} -pix_fmt yuv420p");
        var pan = Clips.Make($"pan.{container}", $"{noise} -vf trim=start_frame=40:end_frame=41,loop=50:1,crop=320:240:n*4:0 -r 25 {encoding} -pix_fmt yuv420p");
        var request = new DecodeRequest { MotionVectors = true };

        var stillFilm = await Decoding.Decode(still, request);
        var panFilm = await Decoding.Decode(pan, request);

        var still1 = Assert.NotNull(stillFilm.Pictures[1].Codec.Motion);
        var pan1 = Assert.NotNull(panFilm.Pictures[1].Codec.Motion);
        Assert.InRange(still1, 0, 0.001);
        Assert.InRange(pan1, 0.002, 0.05); // 4 pixels a picture are 0.01 of the diagonal; not every block finds its way.
        Assert.InRange(Assert.NotNull(panFilm.Pictures[1].Codec.IntraFraction), 0, 0.5);
    }

    [Fact]
    public async Task CodecSignals_without_request_hold_type_and_size_but_no_motion()
    {
        var decoded = await Decoding.Decode(Clips.H264());

        Assert.Equal((true, PictureType.I), (decoded.Pictures[0].Codec.IsIntra, decoded.Pictures[0].Codec.PictureType));
        Assert.Contains(decoded.Pictures, picture => picture.Codec.PictureType == PictureType.B);
        Assert.All(decoded.Pictures, picture => Assert.True(picture.Codec.PacketBytes > 0));
        Assert.All(decoded.Pictures, picture => Assert.Null(picture.Codec.Motion));
    }

    private static string Corners(Picture picture) => string.Concat(
        new[] { (0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75) }.Select(at => picture.At(at.Item1, at.Item2) switch
        {
            ( > 200, < 60, < 60) => 'R',
            ( < 60, > 200, < 60) => 'G',
            ( < 60, < 60, > 200) => 'B',
            ( > 200, > 200, > 200) => 'W',
            _ => '?',
        }));
}
