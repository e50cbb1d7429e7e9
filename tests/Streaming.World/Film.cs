namespace Streaming.World;

/// <summary>Which split a film belongs to. The splits differ in seeds, in backgrounds and in the phrasings of their questions.</summary>
public enum Split { Train, Validation, Test }

/// <summary>The script of a film: everything that can be known about it. A fixed camera of 128 x 128 pixels.</summary>
public sealed record Film(
    ulong Seed,
    Split Split,
    double Seconds,
    IReadOnlyList<Thing> Things,
    Backdrop Backdrop,
    Light Light,
    Panel? Panel)
{
    /// <summary>Width and height of the picture.</summary>
    public const int Side = 128;

    /// <summary>Pictures a second in the film file.</summary>
    public const int FramesPerSecond = 10;

    /// <summary>Samples a second: what the service looks at by default, and what the ground truth is stated for.</summary>
    public const int SamplesPerSecond = 2;

    /// <summary>Samples in the film, at 0 s, 0.5 s, 1 s ...</summary>
    public int Samples => (int)(Seconds * SamplesPerSecond);

    public static double SecondsOf(int sample) => (double)sample / SamplesPerSecond;
}

/// <param name="PanVelocity">Pixels a second by which the camera turns; things move along with the background.</param>
public sealed record Backdrop(BackdropKind Kind, ulong Seed, double PanVelocity);

public enum BackdropKind { Clouds, Planks, Tiles, Speckle, Slope, Weave, Bricks, Waves }

/// <param name="ChangeSeconds">When day turns into night or night into day; null if it never does.</param>
/// <param name="NightLevel">Brightness at night as a share of the day's.</param>
/// <param name="Drift">Amplitude of the slow drift of brightness.</param>
/// <param name="Flicker">Standard deviation of brightness from picture to picture.</param>
/// <param name="Noise">Standard deviation of the sensor's noise, in grey levels.</param>
public sealed record Light(bool DarkFirst, double? ChangeSeconds, double NightLevel, double Drift, double Flicker, double Noise)
{
    public bool IsDark(double seconds) => ChangeSeconds is { } change && seconds >= change ? !DarkFirst : DarkFirst;
}

/// <summary>A board with three characters on it, its top left corner in pixels.</summary>
public sealed record Panel(string Text, int X, int Y, bool DarkOnLight)
{
    /// <summary>Characters that cannot be taken for each other at 10 x 14 pixels: no I, O, Q, 0 or 1.</summary>
    public const string Alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ23456789";

    /// <summary>Distance between characters: one more than the 16 pixels of a token, so that no token holds two.</summary>
    public const int Pitch = 17;

    public const int Width = 3 * Pitch + 5;

    public const int Height = 22;
}
