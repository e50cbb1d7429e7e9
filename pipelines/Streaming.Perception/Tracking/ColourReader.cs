using Streaming.Models;

namespace Streaming.Perception;

/// <summary>Reads the colours of a thing out of a picture: of what moves in its box or, where little does, of the middle of the box.</summary>
public static class ColourReader
{
    // A grid of at most 24 x 24 pixels in a box is plenty for shares to a per cent or two.
    private const int GridSide = 24;

    // Of the box: less is noise at the rim of a thing that stands still.
    private const float EnoughForeground = 0.15f;

    /// <param name="rgb">RGB24 [height, width, 3].</param>
    /// <param name="foreground">Null: nothing is known about what moves.</param>
    public static ColourShares Read(ReadOnlySpan<byte> rgb, int width, int height, Box box, Foreground? foreground = null)
    {
        box = box.InPicture();
        Span<int> moving = stackalloc int[ColourShares.Count], middle = stackalloc int[ColourShares.Count];
        moving.Clear();
        middle.Clear();
        int foregroundPixels = 0, pixels = 0;
        for (int row = 0; row < GridSide; row++)
        {
            for (int column = 0; column < GridSide; column++)
            {
                float u = (column + 0.5f) / GridSide, v = (row + 0.5f) / GridSide;
                float x = box.Left + u * box.Width, y = box.Top + v * box.Height;
                int at = (Math.Min((int)(y * height), height - 1) * width + Math.Min((int)(x * width), width - 1)) * 3;
                int name = (int)Colours.NameOf(rgb[at], rgb[at + 1], rgb[at + 2]);
                pixels++;
                if (foreground?.Covers(x, y) == true)
                {
                    foregroundPixels++;
                    moving[name]++;
                }
                if (IsMiddle(u, v))
                    middle[name]++;
            }
        }
        return ColourShares.Of(foregroundPixels >= EnoughForeground * pixels ? moving : middle);
    }

    /// <summary>An ellipse of 0.7 of the box: of an upright thing little else lies in it.</summary>
    private static bool IsMiddle(float u, float v) => (u - 0.5f) * (u - 0.5f) + (v - 0.5f) * (v - 0.5f) < 0.35f * 0.35f;
}
