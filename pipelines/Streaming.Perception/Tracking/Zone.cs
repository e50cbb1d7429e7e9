using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>A place in the picture, in shares of its width and height.</summary>
public readonly record struct Spot(float X, float Y);

/// <summary>
/// A part of the picture that somebody named: a polygon that things are in or not, or, of two points only, a line that they cross.
/// Where a thing is, is where it stands: the middle of its box's lower edge.
/// </summary>
public sealed partial record Zone(string Name, ImmutableArray<Spot> Points)
{
    public const int MostPoints = 64;

    public bool IsLine => Points.Length == 2;

    /// <summary>What is wrong with it, in words; null if nothing is.</summary>
    public string? Validate() => this switch
    {
        _ when !NamePattern().IsMatch(Name) => "a zone's name has to be 1 to 32 letters, digits, dots, dashes and underscores",
        { Points.IsDefault: true } or { Points.Length: < 2 or > MostPoints } => $"zone {Name} needs 2 points for a line, or 3 to {MostPoints} for an area",
        _ when Points.Any(p => !(p.X is >= 0 and <= 1 && p.Y is >= 0 and <= 1)) => $"the points of zone {Name} have to lie between 0 and 1, in shares of width and height",
        _ when Points.Distinct().Count() != Points.Length => $"zone {Name} has the same point twice",
        _ => null,
    };

    /// <summary>Whether a spot lies in the area, by the even-odd rule.</summary>
    public bool Holds(Spot spot)
    {
        bool inside = false;
        for (int i = 0, j = Points.Length - 1; i < Points.Length; j = i++)
        {
            Spot a = Points[i], b = Points[j];
            if (a.Y > spot.Y != b.Y > spot.Y && spot.X < (b.X - a.X) * (spot.Y - a.Y) / (b.Y - a.Y) + a.X)
                inside = !inside;
        }
        return inside;
    }

    /// <summary>How far a spot lies to the right of the line, seen from its first to its second point; negative: to the left.</summary>
    public float SideOf(Spot spot)
    {
        float x = Points[1].X - Points[0].X, y = Points[1].Y - Points[0].Y;
        return (x * (spot.Y - Points[0].Y) - y * (spot.X - Points[0].X)) / MathF.Sqrt(x * x + y * y);
    }

    /// <summary>Whether the way between two spots on different sides of the line leads through between its points.</summary>
    public bool IsBetween(Spot from, Spot to)
    {
        float before = SideOf(from), after = SideOf(to), share = before / (before - after);
        var at = new Spot(from.X + share * (to.X - from.X), from.Y + share * (to.Y - from.Y));
        float x = Points[1].X - Points[0].X, y = Points[1].Y - Points[0].Y;
        float along = ((at.X - Points[0].X) * x + (at.Y - Points[0].Y) * y) / (x * x + y * y);
        return along is >= 0 and <= 1;
    }

    public bool Equals(Zone? other) => other is not null && Name == other.Name && Points.AsSpan().SequenceEqual(other.Points.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, Points.Length);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,31}\z")]
    private static partial Regex NamePattern();
}
