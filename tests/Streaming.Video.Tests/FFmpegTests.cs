using Streaming.Video.FFmpeg;

namespace Streaming.Video.Tests;

/// <summary>The pure parts around the binding.</summary>
public sealed class FFmpegTests
{
    private const int One = 1 << 16;

    [Theory]
    [InlineData(One, 0, 0, One, 0)]
    [InlineData(0, One, -One, 0, 90)]
    [InlineData(-One, 0, 0, -One, 180)]
    [InlineData(0, -One, One, 0, 270)]
    public void Orientation_display_matrix_gives_clockwise_degrees(int a, int b, int c, int d, int degrees) =>
        Assert.Equal(degrees, Orientation.FromMatrix([a, b, 0, c, d, 0, 0, 0, 1 << 30]).Degrees);

    [Theory]
    [InlineData(One, 0, 0, One, "123456")]
    [InlineData(0, One, -One, 0, "415263")] // a quarter turn clockwise
    [InlineData(-One, 0, 0, -One, "654321")]
    [InlineData(0, -One, One, 0, "362514")]
    [InlineData(-One, 0, 0, One, "321654")] // mirrored
    [InlineData(0, One, One, 0, "142536")] // transposed
    public unsafe void Orientation_copy_turns_rows_123_456(int a, int b, int c, int d, string expected)
    {
        const int stride = 16;
        var source = new byte[2 * stride];
        for (var i = 0; i < 6; i++)
            source.AsSpan(i / 3 * stride + i % 3 * 3, 3).Fill((byte)('1' + i));
        var target = new byte[18];

        fixed (byte* from = source, to = target)
            Orientation.FromMatrix([a, b, 0, c, d, 0, 0, 0, 1 << 30]).Copy(from, stride, 3, 2, to);

        Assert.Equal(expected, string.Concat(target.Where((_, i) => i % 3 == 0).Select(value => (char)value)));
    }

    [Theory]
    [InlineData(1920, 1080, 1, 384, 216)]
    [InlineData(1080, 1920, 1, 216, 384)]
    [InlineData(720, 576, 16d / 15, 384, 288)]
    [InlineData(200, 100, 1, 200, 100)]
    [InlineData(100000, 10, 1, 384, 1)]
    public void PictureScaler_fit_keeps_the_shape_within_the_box(int width, int height, double aspect, int expectedWidth, int expectedHeight) =>
        Assert.Equal((expectedWidth, expectedHeight), PictureScaler.Fit(width, height, aspect, 384, 384));

    [Fact]
    public void SelfTest_of_the_built_in_clip_passes()
    {
        FFmpegLibraries.Require();
        Assert.Null(SelfTest.Run());
    }

    [Fact]
    public void Sniffer_words_for_each_kind_are_one_line() => Assert.All(
        ["", "#EXTM3U\n", "\u00ef\u00bb\u00bf#extm3u", "ffconcat version 1.0", "<?xml?>", "v=0\r\n", "hello\nworld", "\0\0\0\u0018ftypisom", "\u0001\u0002\u0003"],
        text =>
        {
            var words = Sniffer.Explain(System.Text.Encoding.Latin1.GetBytes(text));
            Assert.NotEmpty(words);
            Assert.DoesNotContain('\n', words);
        });
}
