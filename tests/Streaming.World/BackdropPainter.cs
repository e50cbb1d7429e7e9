namespace Streaming.World;

/// <summary>Paints the background of a film once: a muted pattern of its kind with blotches over it.</summary>
public static class BackdropPainter
{
    /// <summary>Pixels to each side of the picture, for the pan.</summary>
    public const int Margin = 24;

    public const int Width = Film.Side + 2 * Margin;

    /// <returns>RGB in grey levels, [Side, Width, 3].</returns>
    public static float[] Paint(Backdrop backdrop)
    {
        var dice = new Dice(backdrop.Seed);
        double level = dice.Between(65.0, 130.0), contrast = dice.Between(6.0, 18.0), scale = dice.Between(9.0, 22.0), angle = dice.Between(0, Math.PI);
        double[] tint = [dice.Between(0.9, 1.1), dice.Between(0.9, 1.1), dice.Between(0.9, 1.1)];
        float[] blotches = Blotches(dice, 16), grain = Blotches(dice, 3);
        var picture = new float[Film.Side * Width * 3];
        for (int y = 0; y < Film.Side; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                int at = y * Width + x;
                double pattern = Pattern(backdrop.Kind, x, y, scale, angle, blotches[at], grain[at]);
                double value = level + contrast * (pattern + 0.6 * blotches[at] + 0.3 * grain[at]);
                for (int c = 0; c < 3; c++)
                    picture[at * 3 + c] = (float)Math.Clamp(value * tint[c], 12, 200);
            }
        }
        return picture;
    }

    /// <summary>About -1..1.</summary>
    private static double Pattern(BackdropKind kind, double x, double y, double scale, double angle, double blotch, double grain)
    {
        double u = x * Math.Cos(angle) + y * Math.Sin(angle), v = y * Math.Cos(angle) - x * Math.Sin(angle);
        return kind switch
        {
            BackdropKind.Clouds => 1.4 * blotch,
            BackdropKind.Planks => Seam(u, scale) + 0.3 * Math.Sin(v / 3 + 4 * blotch),
            BackdropKind.Tiles => Math.Min(Seam(x, scale), Seam(y, scale)),
            BackdropKind.Speckle => 1.6 * grain,
            BackdropKind.Slope => (u - 64) / 50,
            BackdropKind.Weave => Math.Sin(u * 3 / scale) * Math.Sin(v * 3 / scale),
            BackdropKind.Bricks => Math.Min(Seam(y, scale), Seam(x + (Math.Floor(y / scale) % 2) * scale, 2 * scale)),
            _ => Math.Sin(u * 4 / scale + 2 * blotch),
        };
    }

    /// <summary>A dark line of 1.5 pixels every <paramref name="period"/> pixels.</summary>
    private static double Seam(double position, double period)
    {
        double offset = position - Math.Floor(position / period) * period;
        return offset < 1.5 ? -1.5 : 0.2;
    }

    /// <summary>Smooth noise: random values on a lattice of <paramref name="cell"/> pixels, interpolated with a smooth step.</summary>
    private static float[] Blotches(Dice dice, int cell)
    {
        int columns = Width / cell + 2, rows = Film.Side / cell + 2;
        double[] lattice = [.. Enumerable.Range(0, columns * rows).Select(_ => dice.Between(-1.0, 1.0))];
        var noise = new float[Film.Side * Width];
        for (int y = 0; y < Film.Side; y++)
        {
            int row = y / cell;
            double fy = Smooth((double)(y % cell) / cell);
            for (int x = 0; x < Width; x++)
            {
                int at = row * columns + x / cell;
                double fx = Smooth((double)(x % cell) / cell);
                double top = lattice[at] + fx * (lattice[at + 1] - lattice[at]);
                double bottom = lattice[at + columns] + fx * (lattice[at + columns + 1] - lattice[at + columns]);
                noise[y * Width + x] = (float)(top + fy * (bottom - top));
            }
        }
        return noise;
    }

    private static double Smooth(double t) => t * t * (3 - 2 * t);
}
