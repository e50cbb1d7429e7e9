namespace Streaming.World;

/// <summary>Chooses the things of a film and sends each on its way. No two things ever share shape and colour.</summary>
public sealed class Cast(Dice dice, double filmSeconds, Panel? panel)
{
    private const int Side = Film.Side;
    private readonly HashSet<(Shape, Colour)> _looks = [];
    private readonly List<(double X, double Y, int Radius)> _restingPlaces = [];

    public IReadOnlyList<Thing> Things()
    {
        int count = dice.Between(1, 6);
        // Few shapes and colours per film, so that look-alikes (a red circle beside a red star) are the rule.
        Shape[] shapes = dice.Shuffle(Enum.GetValues<Shape>())[..dice.Between(2, 5)];
        Colour[] colours = dice.Shuffle(Enum.GetValues<Colour>())[..dice.Between(3, 6)];
        var things = new List<Thing>();
        int[] depths = dice.Shuffle(Enumerable.Range(0, count));
        for (int id = 0; id < count; id++)
        {
            if (Look(shapes, colours) is not var (shape, colour))
                continue;
            Size size = dice.Chance(0.5) ? Size.Big : Size.Small;
            int radius = size == Size.Big ? dice.Between(16, 19) : dice.Between(9, 12);
            if (Travel(radius) is not { } route)
                continue;
            things.Add(new Thing(things.Count, shape, colour, size, radius, depths[id], route, Change(shape, colours)));
        }
        return things;
    }

    private (Shape, Colour)? Look(Shape[] shapes, Colour[] colours)
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            (Shape, Colour) look = (dice.Pick(shapes), dice.Pick(colours));
            if (_looks.Add(look))
                return look;
        }
        return null;
    }

    private ColourChange? Change(Shape shape, Colour[] colours)
    {
        if (!dice.Chance(0.12))
            return null;
        Colour to = dice.Pick(colours);
        return _looks.Add((shape, to)) ? new ColourChange(HalfSecond(1.5, filmSeconds - 1.5) - 0.25, to) : null;
    }

    /// <summary>A moment in steps of half a second, so that what happens falls between two samples or on one, never near one.</summary>
    private double HalfSecond(double first, double last) =>
        dice.Between((int)Math.Round(first * 2), Math.Max((int)Math.Round(first * 2), (int)Math.Round(last * 2))) / 2.0;

    private Route? Travel(int radius) => dice.Below(10) switch
    {
        < 3 => Rest(radius) is var (x, y) ? new Route([new Leg(0, x, y)]) : null,
        < 6 => Cross(radius),
        < 8 => Arrive(radius),
        _ => Depart(radius),
    };

    /// <summary>A place to stand that is wholly in the picture and hides neither the panel nor another resting thing.</summary>
    private (double X, double Y)? Rest(int radius)
    {
        for (int attempt = 0; attempt < 30; attempt++)
        {
            double x = dice.Between(radius + 2.0, Side - radius - 2.0), y = dice.Between(radius + 2.0, Side - radius - 2.0);
            bool onPanel = panel is not null
                && x + radius > panel.X && x - radius < panel.X + Panel.Width
                && y + radius > panel.Y && y - radius < panel.Y + Panel.Height;
            bool crowded = _restingPlaces.Any(p => double.Hypot(p.X - x, p.Y - y) < radius + p.Radius + 2);
            if (onPanel || crowded)
                continue;
            _restingPlaces.Add((x, y, radius));
            return (x, y);
        }
        return null;
    }

    private static readonly (int X, int Y)[] Headings = [(-1, 0), (1, 0), (0, -1), (0, 1)];

    /// <summary>Pixels a second: slow enough to be seen three times on the way, fast enough to move 4 pixels between samples.</summary>
    private double Speed() => dice.Between(9.0, 24.0);

    /// <summary>In at one side and out at the other.</summary>
    private Route Cross(int radius)
    {
        (int dx, int dy) = dice.Pick(Headings);
        double across = dice.Between(radius + 2.0, Side - radius - 2.0), speed = Speed();
        double start = dice.Chance(0.2) ? -HalfSecond(1, 4) : HalfSecond(0.5, Math.Max(0.5, filmSeconds - 2.5));
        return new Route([EdgeLeg(start, dx, dy, across, radius, speed)]);
    }

    /// <summary>In at a side, then stands.</summary>
    private Route? Arrive(int radius)
    {
        if (Rest(radius) is not var (x, y))
            return null;
        (int dx, int dy) = dice.Pick(Headings);
        double speed = Speed(), across = dx != 0 ? y : x;
        Leg leg = EdgeLeg(HalfSecond(0.5, Math.Max(0.5, filmSeconds - 3)), dx, dy, across, radius, speed);
        double distance = Math.Abs(dx != 0 ? x - leg.X : y - leg.Y);
        return new Route([leg, new Leg(leg.Seconds + distance / speed, x, y)]);
    }

    /// <summary>Stands first, then goes out or only to another place.</summary>
    private Route? Depart(int radius)
    {
        if (Rest(radius) is not var (x, y))
            return null;
        (int dx, int dy) = dice.Pick(Headings);
        double speed = Speed(), start = HalfSecond(1, filmSeconds - 1.5);
        var legs = new List<Leg> { new(0, x, y), new(start, x, y, dx * speed, dy * speed) };
        double room = (dx, dy) switch
        {
            (-1, _) => x - radius - 2,
            (1, _) => Side - radius - 2 - x,
            (_, -1) => y - radius - 2,
            _ => Side - radius - 2 - y,
        };
        if (room > 24 && dice.Chance(0.4))
        {
            double distance = dice.Between(20.0, room);
            legs.Add(new Leg(start + distance / speed, x + dx * distance, y + dy * distance));
        }
        return new Route(legs);
    }

    private static Leg EdgeLeg(double start, int dx, int dy, double across, int radius, double speed)
    {
        double edge = dx + dy > 0 ? -radius : Side + radius;
        return dx != 0
            ? new Leg(start, edge, across, dx * speed, 0)
            : new Leg(start, across, edge, 0, dy * speed);
    }
}
