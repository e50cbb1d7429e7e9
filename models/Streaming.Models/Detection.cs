namespace Streaming.Models;

/// <summary>A thing that a network found in a picture.</summary>
/// <param name="Label">The name of its class, such as <c>traffic light</c>.</param>
/// <param name="Score">How sure the network is, 0..1.</param>
public sealed record Detection(Box Box, string Label, float Score);

/// <summary>An upright rectangle in shares of the picture's width and height; (0, 0) is the upper left corner.</summary>
public readonly record struct Box(float Left, float Top, float Right, float Bottom)
{
    public float Width => Right - Left;

    public float Height => Bottom - Top;

    public float Area => Math.Max(0, Width) * Math.Max(0, Height);

    public float CentreX => (Left + Right) / 2;

    public float CentreY => (Top + Bottom) / 2;

    public static Box Around(float x, float y, float width, float height) => new(x - width / 2, y - height / 2, x + width / 2, y + height / 2);

    public Box Moved(float x, float y) => new(Left + x, Top + y, Right + x, Bottom + y);

    /// <summary>What both cover; of no area where they do not touch.</summary>
    public Box Intersect(Box other) => new(
        Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

    /// <summary>Intersection over union, 0..1.</summary>
    public float Overlap(Box other)
    {
        float both = SharedArea(other);
        float either = Area + other.Area - both;
        return either > 0 ? both / either : 0;
    }

    /// <summary>Which share of this box lies in the other, 0..1.</summary>
    public float ShareIn(Box other) => Area > 0 ? SharedArea(other) / Area : 0;

    /// <summary>The part of it that lies in the picture.</summary>
    public Box InPicture() => new(Math.Clamp(Left, 0, 1), Math.Clamp(Top, 0, 1), Math.Clamp(Right, 0, 1), Math.Clamp(Bottom, 0, 1));

    private float SharedArea(Box other) => Intersect(other) is { Width: > 0, Height: > 0 } shared ? shared.Area : 0;
}
