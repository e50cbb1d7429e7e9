namespace Streaming.Perception.Tests;

/// <summary>RGB24 pictures for tests.</summary>
internal static class Pictures
{
    public static byte[] Plain(int width, int height, byte red, byte green, byte blue)
    {
        var rgb = new byte[width * height * 3];
        Paint(rgb, width, 0, 0, width, height, red, green, blue);
        return rgb;
    }

    /// <summary>A rectangle, as far as it lies in the picture.</summary>
    public static void Paint(byte[] rgb, int width, int left, int top, int right, int bottom, byte red, byte green, byte blue)
    {
        int height = rgb.Length / 3 / width;
        for (int y = Math.Max(0, top); y < Math.Min(bottom, height); y++)
            for (int x = Math.Max(0, left); x < Math.Min(right, width); x++)
                (rgb[(y * width + x) * 3], rgb[(y * width + x) * 3 + 1], rgb[(y * width + x) * 3 + 2]) = (red, green, blue);
    }

    /// <summary>Adds noise of at most that many levels to every pixel, by the seed.</summary>
    public static byte[] Noisy(byte[] rgb, int levels, int seed)
    {
        var random = new Random(seed);
        return [.. rgb.Select(value => (byte)Math.Clamp(value + random.Next(-levels, levels + 1), 0, 255))];
    }
}
