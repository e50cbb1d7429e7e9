using Streaming.Compression;
using Streaming.Video.FFmpeg;

namespace Streaming.Video.Tests;

public sealed class JpegEncoderTests
{
    [Fact]
    public void FFmpegLibraries_of_this_machine_have_no_problem() => Assert.Null(FFmpegLibraries.Problem);

    [Theory]
    [InlineData(64, 48)]
    [InlineData(33, 17)]
    [InlineData(384, 216)]
    public void JpegEncoder_any_size_reads_back_as_the_same_picture(int width, int height)
    {
        using var encoder = new JpegEncoder(quality: 2);
        using var frame = Gradient(width, height);

        var jpeg = encoder.Encode(frame);

        var back = Read(Clips.Bytes($"gradient-{width}.jpg", jpeg));
        Assert.Equal(frame.Rgb.Length, back.Length);
        Assert.InRange(frame.Rgb.ToArray().Zip(back, (a, b) => Math.Abs(a - b)).Average(), 0, 6); // The smallest has steep colours, which JPEG halves.
        Assert.Equal([0xff, 0xd8, 0xff], jpeg[..3]);
        Assert.Equal([0xff, 0xd9], jpeg[^2..]);
    }

    [Theory]
    [InlineData(64, 48)]
    [InlineData(33, 17)]
    [InlineData(640, 360)]
    public void JpegDecoder_reads_what_the_encoder_wrote(int width, int height)
    {
        using var encoder = new JpegEncoder(quality: 2);
        using var frame = Gradient(width, height);
        byte[] jpeg = encoder.Encode(frame);

        using Frame? back = JpegDecoder.Decode(jpeg, TimeSpan.FromSeconds(3));

        Assert.Equal((width, height, TimeSpan.FromSeconds(3)), (back!.Width, back.Height, back.Time));
        Assert.InRange(frame.Rgb.ToArray().Zip(back.Rgb.ToArray(), (a, b) => Math.Abs(a - b)).Average(), 0, 8); // Of the smallest, as above.
        Assert.Null(JpegDecoder.Decode(jpeg.AsSpan(..^(jpeg.Length / 2)), TimeSpan.Zero));
        Assert.Null(JpegDecoder.Decode([], TimeSpan.Zero));
        Assert.Null(JpegDecoder.Decode(new byte[500], TimeSpan.Zero));
    }

    [Fact]
    public void JpegEncoder_same_picture_twice_gives_the_same_bytes()
    {
        using var encoder = new JpegEncoder();
        using var frame = Gradient(80, 60);
        using var other = Gradient(48, 48);

        var first = encoder.Encode(frame);
        encoder.Encode(other);

        Assert.Equal(first, encoder.Encode(frame));
    }

    [Fact]
    public void JpegEncoder_used_from_several_threads_mixes_nothing_up()
    {
        using var encoder = new JpegEncoder();
        int[] sizes = [32, 48, 64, 80];
        var expected = sizes.ToDictionary(size => size, size =>
        {
            using var frame = Gradient(size, size);
            return encoder.Encode(frame);
        });

        Parallel.For(0, 200, i =>
        {
            var size = sizes[i % sizes.Length];
            using var frame = Gradient(size, size);
            Assert.Equal(expected[size], encoder.Encode(frame));
        });
    }

    [Fact]
    public void JpegEncoder_disposed_refuses()
    {
        var encoder = new JpegEncoder();
        encoder.Dispose();
        encoder.Dispose();
        using var frame = Gradient(32, 32);

        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(frame));
    }

    private static Frame Gradient(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)(255 * (i % width) / width), (byte)(255 * (i / width) / height), 100);
        return new Frame(pixels, width, height, TimeSpan.Zero, 0, default);
    }

    private static byte[] Read(string path) =>
        File.ReadAllBytes(Clips.Make(Path.GetFileName(path) + ".rgb", $"-i {path} -f rawvideo -pix_fmt rgb24"));
}
