using System.Buffers;

namespace Streaming.Models;

/// <summary>Puts a picture into the middle of a black square without changing its shape, and takes boxes back out of the square. Immutable.</summary>
/// <param name="Side">Of the square, in pixels.</param>
public sealed record Letterbox(int Side)
{
    private const int Channels = 3;

    /// <summary>Length of one square's values.</summary>
    public int Values => Channels * Side * Side;

    /// <summary>Scales a picture into the square.</summary>
    /// <param name="rgb">RGB24 [height, width, 3].</param>
    /// <param name="pixels">Receives [3, side, side] levels 0..255, black where no picture is.</param>
    public void Fill(ReadOnlySpan<byte> rgb, int width, int height, Span<float> pixels)
    {
        var (left, top, scaledWidth, scaledHeight) = Place(width, height);
        byte[] scaled = ArrayPool<byte>.Shared.Rent(scaledWidth * scaledHeight * Channels);
        new PilResizer(ResizeFilter.Bilinear, width, height, scaledWidth, scaledHeight).Resize(rgb, scaled);
        pixels[..Values].Clear();
        for (int row = 0; row < scaledHeight; row++)
        {
            int line = row * scaledWidth * Channels, at = (top + row) * Side + left;
            for (int channel = 0; channel < Channels; channel++)
            {
                Span<float> target = pixels.Slice(channel * Side * Side + at, scaledWidth);
                for (int column = 0, source = line + channel; column < target.Length; column++, source += Channels)
                    target[column] = scaled[source];
            }
        }
        ArrayPool<byte>.Shared.Return(scaled);
    }

    /// <summary>A box in shares of the square as shares of the picture that was put into it, cut at the picture's edges.</summary>
    public Box Restore(Box box, int width, int height)
    {
        var (left, top, scaledWidth, scaledHeight) = Place(width, height);
        return new Box(
            (box.Left * Side - left) / scaledWidth, (box.Top * Side - top) / scaledHeight,
            (box.Right * Side - left) / scaledWidth, (box.Bottom * Side - top) / scaledHeight).InPicture();
    }

    private (int Left, int Top, int Width, int Height) Place(int width, int height)
    {
        double scale = Math.Min(Side / (double)width, Side / (double)height);
        int scaledWidth = Math.Clamp((int)Math.Round(width * scale), 1, Side), scaledHeight = Math.Clamp((int)Math.Round(height * scale), 1, Side);
        return ((Side - scaledWidth) / 2, (Side - scaledHeight) / 2, scaledWidth, scaledHeight);
    }
}
