namespace Streaming.Perception;

/// <summary>A small grey copy of a picture, for what needs no detail: whether something moves, and where.</summary>
public sealed class Thumbnail
{
    /// <summary>Of 160 columns a person at the far end of a street still covers two.</summary>
    public const int Width = 160, Height = 90, Count = Width * Height;

    private readonly byte[] _grey = new byte[Count];

    /// <summary>[<see cref="Height"/>, <see cref="Width"/>] luma.</summary>
    public ReadOnlySpan<byte> Grey => _grey;

    /// <summary>Takes each cell's mean over at most 2 x 2 of its pixels, whatever the shape of the picture.</summary>
    /// <param name="rgb">RGB24 [height, width, 3].</param>
    public void Read(ReadOnlySpan<byte> rgb, int width, int height)
    {
        for (int row = 0; row < Height; row++)
        {
            int top = (4 * row + 1) * height / (4 * Height), bottom = (4 * row + 3) * height / (4 * Height);
            for (int column = 0; column < Width; column++)
            {
                int left = (4 * column + 1) * width / (4 * Width), right = (4 * column + 3) * width / (4 * Width);
                int sum = Luma(rgb, top * width + left) + Luma(rgb, top * width + right) + Luma(rgb, bottom * width + left) + Luma(rgb, bottom * width + right);
                _grey[row * Width + column] = (byte)(sum >> 2);
            }
        }
    }

    public void CopyFrom(Thumbnail other) => other._grey.CopyTo(_grey, 0);

    /// <summary>How many differences of two levels there are.</summary>
    internal const int Shifts = 511;

    /// <summary>How much brighter one is than the other as a whole: the median difference.</summary>
    /// <param name="scratch">[<see cref="Shifts"/>].</param>
    internal static int Shift(ReadOnlySpan<byte> now, ReadOnlySpan<byte> before, Span<int> scratch)
    {
        scratch.Clear();
        for (int i = 0; i < now.Length; i++)
            scratch[now[i] - before[i] + 255]++;
        int below = 0, shift = 0;
        while (below + scratch[shift] <= now.Length / 2)
            below += scratch[shift++];
        return shift - 255;
    }

    /// <summary>ITU-R BT.601 in 1/256.</summary>
    private static int Luma(ReadOnlySpan<byte> rgb, int pixel) => (77 * rgb[pixel * 3] + 150 * rgb[pixel * 3 + 1] + 29 * rgb[pixel * 3 + 2]) >> 8;
}

/// <summary>Which cells of a picture differ from its background.</summary>
public sealed class Foreground
{
    internal bool[] Cells { get; } = new bool[Thumbnail.Count];

    /// <summary>Whether the cell at a place, in shares of width and height, is foreground.</summary>
    public bool Covers(float x, float y) =>
        x is >= 0 and < 1 && y is >= 0 and < 1 && Cells[(int)(y * Thumbnail.Height) * Thumbnail.Width + (int)(x * Thumbnail.Width)];
}
