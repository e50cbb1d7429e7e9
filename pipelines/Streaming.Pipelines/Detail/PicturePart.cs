using Streaming.Compression;

namespace Streaming.Pipelines.Detail;

/// <summary>A part of a picture, in shares of its width and height.</summary>
public readonly record struct PicturePart(double Left, double Top, double Width, double Height)
{
    public static PicturePart Whole => new(0, 0, 1, 1);

    /// <summary>Its parts of one <paramref name="cut"/>th of its sides, each half over its neighbours: whatever is smaller than half of one lies whole in some.</summary>
    public IEnumerable<PicturePart> Overlapping(int cut)
    {
        int steps = (2 * cut) - 1;
        double width = Width / cut, height = Height / cut;
        for (int row = 0; row < steps; row++)
            for (int column = 0; column < steps; column++)
                yield return new PicturePart(Left + (column * width / 2), Top + (row * height / 2), width, height);
    }

    /// <summary>Its four quarters.</summary>
    public IEnumerable<PicturePart> Quarters()
    {
        for (int quarter = 0; quarter < 4; quarter++)
            yield return new PicturePart(Left + (quarter % 2 * Width / 2), Top + (quarter / 2 * Height / 2), Width / 2, Height / 2);
    }

    /// <summary>A part as large around a point of it, in shares of its own width and height, as far as the picture goes.</summary>
    public PicturePart Around(double x, double y) =>
        this with { Left = Math.Clamp(Left + ((x - 0.5) * Width), 0, 1 - Width), Top = Math.Clamp(Top + ((y - 0.5) * Height), 0, 1 - Height) };

    /// <summary>Its pixels as a picture of its own.</summary>
    internal Frame CutOut(Frame frame)
    {
        int left = (int)(Left * frame.Width), top = (int)(Top * frame.Height);
        int width = Math.Clamp((int)Math.Round(Width * frame.Width), 1, frame.Width - left), height = Math.Clamp((int)Math.Round(Height * frame.Height), 1, frame.Height - top);
        var pixels = new byte[width * height * 3];
        for (int row = 0; row < height; row++)
            frame.Rgb.Slice((((top + row) * frame.Width) + left) * 3, width * 3).CopyTo(pixels.AsSpan(row * width * 3));
        return new Frame(pixels, width, height, frame.Time, frame.Index, frame.Codec);
    }
}
