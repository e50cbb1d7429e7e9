using Streaming.Models;

namespace Streaming.Perception;

/// <summary>Words for where things are, come from and go to.</summary>
internal static class Places
{
    // What lies this near to an edge, in shares of the picture, is cut by it: detectors stop a little short of it.
    private const float Margin = 0.02f;

    // What is fast is first seen this long after it passed the edge: two looks at 2.5 a second.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(0.8);

    /// <summary>left, right, top or bottom where a box came over that edge; else inside.</summary>
    /// <param name="velocityX">Shares of the width per second, towards the picture's inside if it came in; negated for one that goes out.</param>
    public static string Edge(Box box, float velocityX, float velocityY)
    {
        (string Name, float Distance, float Speed)[] edges =
            [("left", box.Left, velocityX), ("right", 1 - box.Right, -velocityX), ("top", box.Top, velocityY), ("bottom", 1 - box.Bottom, -velocityY)];
        var touched = edges.Where(edge => edge.Distance < Margin).OrderByDescending(edge => edge.Speed).ToArray();
        if (touched.Length > 0)
            return touched[0].Name;
        float reach = (float)Between.TotalSeconds;
        var passed = edges.Where(edge => edge.Speed > 0 && edge.Distance < edge.Speed * reach).OrderBy(edge => edge.Distance / edge.Speed).ToArray();
        return passed.Length > 0 ? passed[0].Name : "inside";
    }

    public static bool TouchesEdge(Box box) => box.Left < Margin || box.Top < Margin || box.Right > 1 - Margin || box.Bottom > 1 - Margin;

    /// <summary>The way that a thing goes, in one or two words; empty where it hardly moves.</summary>
    /// <param name="x">Picture heights per second, to the right.</param>
    /// <param name="y">Picture heights per second, downwards.</param>
    /// <param name="least">Slower is standing still, in picture heights per second.</param>
    public static string Way(float x, float y, float least)
    {
        float speed = MathF.Sqrt(x * x + y * y);
        if (speed < least)
            return "";
        // tan 22.5 degrees: eight ways of 45 degrees each.
        const float narrow = 0.41421356f;
        string across = Math.Abs(x) > narrow * Math.Abs(y) ? x > 0 ? "right" : "left" : "";
        string along = Math.Abs(y) > narrow * Math.Abs(x) ? y > 0 ? "down" : "up" : "";
        return $"{along} {across}".Trim();
    }

    /// <summary>One of nine parts of the picture: top left, top, ..., middle, ..., bottom right.</summary>
    public static string Place(float x, float y)
    {
        string across = x < 1f / 3 ? "left" : x > 2f / 3 ? "right" : "";
        string along = y < 1f / 3 ? "top" : y > 2f / 3 ? "bottom" : "";
        string place = $"{along} {across}".Trim();
        return place.Length > 0 ? place : "middle";
    }
}
