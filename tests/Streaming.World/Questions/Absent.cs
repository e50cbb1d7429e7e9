namespace Streaming.World.Questions;

/// <summary>Things that a window does not hold, to ask about: mostly look-alikes of what it does hold.</summary>
public static class Absent
{
    /// <summary>Share of the questions of a kind that ask for what cannot be known.</summary>
    public const double Share = 0.12;

    public static string? Thing(Window window, Dice dice)
    {
        for (int attempt = 0; attempt < 30; attempt++)
        {
            Shape shape = dice.Pick(Enum.GetValues<Shape>());
            Colour colour = dice.Pick(Enum.GetValues<Colour>());
            bool lookAlike = window.WasGlimpsed(shape) || window.WasGlimpsed(colour);
            if (!window.WasGlimpsed(shape, colour) && (lookAlike || attempt > 15))
                return $"{Words.Of(colour)} {Words.Of(shape)}";
        }
        return null;
    }

    public static string? OneShape(Window window, Dice dice) =>
        Draw(Enum.GetValues<Shape>(), s => !window.WasGlimpsed(s), dice) is { } shape ? Words.Of(shape) : null;

    public static string? OneColour(Window window, Dice dice) =>
        Draw(Enum.GetValues<Colour>(), c => !window.WasGlimpsed(c), dice) is { } colour ? Words.Of(colour) : null;

    private static T? Draw<T>(T[] all, Func<T, bool> isAbsent, Dice dice) where T : struct
    {
        T[] absent = [.. all.Where(isAbsent)];
        return absent.Length == 0 ? null : dice.Pick(absent);
    }
}
