namespace Streaming.World;

/// <summary>Writes the script of a film from its seed.</summary>
public static class Director
{
    private const double ShortestSeconds = 4, LongestSeconds = 16;

    public static Film Direct(ulong seed, Split split, double? seconds = null)
    {
        var dice = new Dice(seed * 3 + (ulong)split);
        double length = seconds ?? dice.Between((int)(ShortestSeconds * 2), (int)(LongestSeconds * 2)) / 2.0;
        Panel? panel = dice.Chance(0.35) ? Board(dice.Fork()) : null;
        return new Film(
            seed, split, length,
            new Cast(dice.Fork(), length, panel).Things(),
            new Backdrop(dice.Pick(Backdrops(split)), dice.Next(), Pan(dice, length)),
            Lighting(dice.Fork(), length),
            panel);
    }

    /// <summary>Slower in long films: the background is only so much wider than the picture.</summary>
    private static double Pan(Dice dice, double length)
    {
        double farthest = BackdropPainter.Margin / length;
        return dice.Chance(0.15) ? Math.Clamp(dice.Between(-1.2, 1.2), -farthest, farthest) : 0;
    }

    private static BackdropKind[] Backdrops(Split split) => split switch
    {
        Split.Train => [BackdropKind.Clouds, BackdropKind.Planks, BackdropKind.Tiles, BackdropKind.Speckle, BackdropKind.Slope],
        Split.Validation => [BackdropKind.Weave],
        _ => [BackdropKind.Bricks, BackdropKind.Waves],
    };

    private static Panel Board(Dice dice)
    {
        string text = new([.. Enumerable.Range(0, 3).Select(_ => Panel.Alphabet[dice.Below(Panel.Alphabet.Length)])]);
        return new Panel(text, dice.Between(2, Film.Side - Panel.Width - 2), dice.Between(2, Film.Side - Panel.Height - 2), dice.Chance(0.5));
    }

    private static Light Lighting(Dice dice, double length)
    {
        bool changes = dice.Chance(0.2);
        return new Light(
            DarkFirst: dice.Chance(0.25),
            ChangeSeconds: changes ? dice.Between(3, (int)(length * 2) - 3) / 2.0 - 0.25 : null,
            NightLevel: dice.Between(0.32, 0.45),
            Drift: dice.Between(0.0, 0.08),
            Flicker: dice.Between(0.0, 0.02),
            Noise: dice.Between(1.0, 5.0));
    }
}
