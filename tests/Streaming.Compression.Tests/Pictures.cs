
namespace Streaming.Compression.Tests;

/// <summary>Synthetic 128x128 frames: a textured background, discs, noise and light, all from a seed.</summary>
internal sealed class Pictures(int seed)
{
    public const int Size = 128;

    private readonly Random _noise = new(seed);
    private readonly byte[] _background = Background(seed);

    /// <param name="x">Centre of a disc of 10 pixels radius; null: no disc.</param>
    /// <param name="noise">Standard deviation of the sensor noise in levels.</param>
    /// <param name="light">Levels added everywhere.</param>
    /// <param name="isBlue">The discs are blue instead of red.</param>
    /// <param name="below">Centre of a second disc in the lower part of the picture; null: none.</param>
    public Frame Draw(double seconds, double? x = null, double noise = 0, double light = 0, double? below = null, bool isBlue = false)
    {
        var pixels = new byte[Size * Size * 3];
        for (int row = 0; row < Size; row++)
            for (int column = 0; column < Size; column++)
            {
                bool disc = Covers(x, 64, row, column) || Covers(below, 110, row, column);
                for (int channel = 0; channel < 3; channel++)
                {
                    int at = (row * Size + column) * 3 + channel;
                    double level = (disc ? channel == (isBlue ? 2 : 0) ? 200 : 40 : _background[at]) + light + noise * Normal();
                    pixels[at] = (byte)Math.Clamp(level, 0, 255);
                }
            }
        return new Frame(pixels, Size, Size, TimeSpan.FromSeconds(seconds), (long)(seconds * 2), default);
    }

    private static bool Covers(double? x, int y, int row, int column) =>
        x is { } centre && Math.Pow(column - centre, 2) + Math.Pow(row - y, 2) <= 100;

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _noise.NextDouble())) * Math.Cos(2 * Math.PI * _noise.NextDouble());

    private static byte[] Background(int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[Size * Size * 3];
        for (int pixel = 0; pixel < Size * Size; pixel++)
            pixels.AsSpan(pixel * 3, 3).Fill((byte)(100 + 20 * Math.Sin(pixel % Size / 9.0) + random.Next(-15, 16)));
        return pixels;
    }
}
