namespace Streaming.World;

/// <summary>The outline of a shape: coverage of each pixel around its centre, antialiased.</summary>
public sealed class Silhouette
{
    private static readonly Dictionary<(Shape, int), Silhouette> Known = [];

    private Silhouette(Shape shape, int radius)
    {
        Radius = radius;
        Span = 2 * radius + 3;
        Coverage = new float[Span * Span];
        (double X, double Y)[] corners = Corners(shape, radius);
        for (int y = 0; y < Span; y++)
        {
            for (int x = 0; x < Span; x++)
                Coverage[y * Span + x] = CoverageAt(shape, corners, radius, x - radius - 1, y - radius - 1);
        }
        Area = Coverage.Count(c => c >= 0.5f);
    }

    public int Radius { get; }

    /// <summary>Width and height of <see cref="Coverage"/>; the centre is in the middle.</summary>
    public int Span { get; }

    public float[] Coverage { get; }

    /// <summary>Pixels that are at least half covered.</summary>
    public int Area { get; }

    public static Silhouette Of(Shape shape, int radius)
    {
        lock (Known)
        {
            if (!Known.TryGetValue((shape, radius), out Silhouette? silhouette))
                Known[(shape, radius)] = silhouette = new Silhouette(shape, radius);
            return silhouette;
        }
    }

    /// <summary>The mean of 4 x 4 samples inside the pixel.</summary>
    private static float CoverageAt(Shape shape, (double X, double Y)[] corners, int radius, int x, int y)
    {
        int inside = 0;
        for (int s = 0; s < 16; s++)
        {
            double px = x + (s % 4 + 0.5) / 4 - 0.5, py = y + (s / 4 + 0.5) / 4 - 0.5;
            double distance = double.Hypot(px, py);
            bool hit = shape switch
            {
                Shape.Circle => distance <= radius,
                Shape.Ring => distance <= radius && distance >= 0.55 * radius,
                _ => IsInside(corners, px, py),
            };
            if (hit)
                inside++;
        }
        return inside / 16f;
    }

    private static (double, double)[] Corners(Shape shape, int r) => shape switch
    {
        Shape.Square => [(-0.84 * r, -0.84 * r), (0.84 * r, -0.84 * r), (0.84 * r, 0.84 * r), (-0.84 * r, 0.84 * r)],
        Shape.Triangle => [(0, -r), (r, 0.85 * r), (-r, 0.85 * r)],
        Shape.Diamond => [(0, -r), (0.75 * r, 0), (0, r), (-0.75 * r, 0)],
        Shape.Cross => Plus(r, 0.34 * r),
        Shape.Star => [.. Enumerable.Range(0, 10).Select(k => Spoke(k, k % 2 == 0 ? r : 0.42 * r))],
        _ => [],
    };

    private static (double, double)[] Plus(double r, double w) =>
        [(-w, -r), (w, -r), (w, -w), (r, -w), (r, w), (w, w), (w, r), (-w, r), (-w, w), (-r, w), (-r, -w), (-w, -w)];

    private static (double, double) Spoke(int k, double length) =>
        (length * Math.Sin(k * Math.PI / 5), -length * Math.Cos(k * Math.PI / 5));

    private static bool IsInside((double X, double Y)[] corners, double x, double y)
    {
        bool inside = false;
        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            (double ax, double ay) = corners[i];
            (double bx, double by) = corners[j];
            if (ay > y != by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax)
                inside = !inside;
        }
        return inside;
    }
}
