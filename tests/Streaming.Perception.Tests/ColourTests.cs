using Streaming.Models;

namespace Streaming.Perception.Tests;

public sealed class ColourTests
{
    [Theory]
    [InlineData(200, 20, 30, ColourName.Red)]
    [InlineData(230, 120, 20, ColourName.Orange)]
    [InlineData(230, 220, 40, ColourName.Yellow)]
    [InlineData(40, 160, 60, ColourName.Green)]
    [InlineData(30, 60, 200, ColourName.Blue)]
    [InlineData(130, 40, 200, ColourName.Purple)]
    [InlineData(240, 100, 180, ColourName.Pink)]
    [InlineData(110, 70, 35, ColourName.Brown)]
    [InlineData(10, 12, 14, ColourName.Black)]
    [InlineData(245, 246, 250, ColourName.White)]
    [InlineData(120, 125, 130, ColourName.Grey)]
    [InlineData(110, 125, 145, ColourName.Grey)] // asphalt under the sky
    public void Colour_of_a_pixel_has_its_name(byte red, byte green, byte blue, ColourName name) => Assert.Equal(name, Colours.NameOf(red, green, blue));

    [Fact]
    public void Vehicle_with_a_fifth_of_paint_is_called_by_its_paint()
    {
        Span<int> pixels = stackalloc int[ColourShares.Count];
        pixels.Clear();
        (pixels[(int)ColourName.Black], pixels[(int)ColourName.Grey], pixels[(int)ColourName.Red]) = (50, 25, 25);
        ColourShares shares = ColourShares.Of(pixels);
        Assert.Equal((ColourName.Red, 0.25f), shares.Dominant(hasDarkParts: true));
        Assert.Equal((ColourName.Black, 0.5f), shares.Dominant(hasDarkParts: false));
        Assert.Null(ColourShares.Empty.Dominant(false));
    }

    [Fact]
    public void Colours_of_a_box_are_those_of_its_middle()
    {
        byte[] rgb = Pictures.Plain(64, 48, 0, 160, 0);
        Pictures.Paint(rgb, 64, 20, 10, 40, 40, 200, 0, 0);
        ColourShares shares = ColourReader.Read(rgb, 64, 48, new Box(20 / 64f, 10 / 48f, 40 / 64f, 40 / 48f));
        Assert.Equal(1, shares[ColourName.Red]);
        Assert.Equal(1, shares.Likeness(shares));
    }
}
