namespace Streaming.Models.Tests;

public sealed class LetterboxTests
{
    private readonly Letterbox _letterbox = new(64);

    [Theory]
    [InlineData(64, 64)]
    [InlineData(128, 64)]
    [InlineData(40, 160)]
    [InlineData(30, 20)]
    public void Fill_of_any_shape_puts_the_whole_picture_in_the_middle(int width, int height)
    {
        var rgb = new byte[width * height * 3];
        Array.Fill(rgb, (byte)200);
        var pixels = new float[_letterbox.Values];
        _letterbox.Fill(rgb, width, height, pixels);
        int across = Math.Max(1, (int)Math.Round(64.0 * width / Math.Max(width, height))), down = Math.Max(1, (int)Math.Round(64.0 * height / Math.Max(width, height)));
        Assert.Equal(3 * across * down, pixels.Count(value => value == 200));
        Assert.Equal(pixels.Length - 3 * across * down, pixels.Count(value => value == 0));
        Assert.Equal(200, pixels[32 * 64 + 32]);
    }

    [Fact]
    public void Fill_of_a_coloured_picture_separates_its_channels()
    {
        var pixels = new float[_letterbox.Values];
        _letterbox.Fill([.. Enumerable.Range(0, 64 * 64).SelectMany(_ => (byte[])[10, 20, 30])], 64, 64, pixels);
        Assert.Equal([10, 20, 30], [pixels[5], pixels[64 * 64 + 5], pixels[2 * 64 * 64 + 5]]);
    }

    [Fact]
    public void Restore_of_the_square_is_the_whole_picture()
    {
        Assert.Equal(new Box(0, 0, 1, 1), _letterbox.Restore(new Box(0, 0, 1, 1), 128, 64));
        Box inside = _letterbox.Restore(new Box(0.25f, 0.375f, 0.5f, 0.625f), 128, 64);
        Assert.Equal((0.25f, 0.25f, 0.5f, 0.75f), (inside.Left, inside.Top, inside.Right, inside.Bottom));
    }
}
