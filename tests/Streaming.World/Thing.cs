namespace Streaming.World;

public enum Shape { Circle, Square, Triangle, Star, Cross, Ring, Diamond }

public enum Colour { Red, Green, Blue, Yellow, Orange, Purple, White, Cyan }

public enum Size { Small, Big }

public enum Motion { Still, Left, Right, Up, Down }

/// <summary>A thing in a film: what it is, how it looks when, and where it is when.</summary>
/// <param name="Radius">In pixels of a 128 x 128 picture.</param>
/// <param name="Depth">The thing of greater depth passes behind the other.</param>
public sealed record Thing(int Id, Shape Shape, Colour FirstColour, Size Size, int Radius, int Depth, Route Route, ColourChange? Change = null)
{
    public Colour ColourAt(double seconds) => Change is { } change && seconds >= change.Seconds ? change.To : FirstColour;
}

public sealed record ColourChange(double Seconds, Colour To);

/// <summary>Legs of constant velocity, each from its start until the next one's.</summary>
public sealed record Route(IReadOnlyList<Leg> Legs)
{
    public (double X, double Y) At(double seconds)
    {
        Leg leg = LegAt(seconds);
        double t = seconds - leg.Seconds;
        return (leg.X + leg.VelocityX * t, leg.Y + leg.VelocityY * t);
    }

    public Motion MotionAt(double seconds) => LegAt(seconds).Motion;

    private Leg LegAt(double seconds)
    {
        Leg current = Legs[0];
        foreach (Leg leg in Legs)
        {
            if (leg.Seconds <= seconds)
                current = leg;
        }
        return current;
    }
}

/// <summary>A stretch of a route: where it begins and how it goes on, in pixels and pixels a second.</summary>
public sealed record Leg(double Seconds, double X, double Y, double VelocityX = 0, double VelocityY = 0)
{
    public Motion Motion => (VelocityX, VelocityY) switch
    {
        ( < 0, _) => Motion.Left,
        ( > 0, _) => Motion.Right,
        (_, < 0) => Motion.Up,
        (_, > 0) => Motion.Down,
        _ => Motion.Still,
    };
}
