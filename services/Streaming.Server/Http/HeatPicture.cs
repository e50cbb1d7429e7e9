using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>A heat map as a picture: from black over blue, red and yellow to white; the scale is logarithmic, because who stands outweighs all who walk.</summary>
internal static class HeatPicture
{
    /// <summary>Pixels of a cell: 64 x 36 cells become 512 x 288.</summary>
    private const int CellSide = 8;

    private static readonly (byte Red, byte Green, byte Blue)[] Ramp = [(0, 0, 0), (30, 20, 120), (190, 30, 60), (250, 190, 40), (255, 255, 230)];

    internal static byte[] Draw(HeatDocument heat)
    {
        double most = Math.Log(1 + heat.Seconds.DefaultIfEmpty(0).Max());
        int width = heat.Columns * CellSide, height = heat.Rows * CellSide;
        var rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double share = most > 0 ? Math.Log(1 + heat.Seconds[y / CellSide * heat.Columns + x / CellSide]) / most : 0;
                int at = (y * width + x) * 3;
                (rgb[at], rgb[at + 1], rgb[at + 2]) = Colour(share);
            }
        }
        return PngWriter.Write(rgb, width, height);
    }

    private static (byte, byte, byte) Colour(double share)
    {
        double place = Math.Clamp(share, 0, 1) * (Ramp.Length - 1);
        int below = Math.Min((int)place, Ramp.Length - 2);
        double rest = place - below;
        var (a, b) = (Ramp[below], Ramp[below + 1]);
        return (Mix(a.Red, b.Red), Mix(a.Green, b.Green), Mix(a.Blue, b.Blue));

        byte Mix(byte from, byte to) => (byte)Math.Round(from + (to - from) * rest);
    }
}
