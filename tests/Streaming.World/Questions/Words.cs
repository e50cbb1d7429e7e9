namespace Streaming.World.Questions;

/// <summary>How the world's nouns are written.</summary>
public static class Words
{
    public static string Of<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static string Plural(Shape shape) => shape == Shape.Cross ? "crosses" : Of(shape) + "s";

    public static string Name(Thing thing, Colour colour) => $"{Of(colour)} {Of(thing.Shape)}";

    public static string Name(Sighting s) => Name(s.Thing, s.Colour);

    public static string Seconds(Window window, int sampleInWindow) => $"at {(window.From + sampleInWindow) / Film.SamplesPerSecond} s";

    /// <summary>One of nine places; null within 4 pixels of a border between two.</summary>
    public static string? Place(double x, double y)
    {
        const double third = Film.Side / 3.0, margin = 4;
        if (NearBorder(x) || NearBorder(y))
            return null;
        string column = x < third ? "left" : x < 2 * third ? "" : "right";
        string row = y < third ? "top" : y < 2 * third ? "" : "bottom";
        string place = $"{row} {column}".Trim();
        return place.Length == 0 ? "middle" : place;

        static bool NearBorder(double v) => Math.Abs(v - third) < margin || Math.Abs(v - 2 * third) < margin;
    }
}
