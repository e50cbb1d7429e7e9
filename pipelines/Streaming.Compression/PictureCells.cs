namespace Streaming.Compression;

/// <summary>A picture as 16x16 cells of mean luma and chroma: small enough to compare always, fine enough to see a small thing move.</summary>
internal sealed class PictureCells
{
    public const int Side = 16;

    public const int Count = Side * Side;

    private readonly float[] _luma = new float[Count];
    private readonly float[] _blue = new float[Count];
    private readonly float[] _red = new float[Count];

    /// <summary>[Count] means of Y in 0..255, row-major.</summary>
    public ReadOnlySpan<float> Luma => _luma;

    /// <summary>[Count] means of Cb, 0 for grey.</summary>
    public ReadOnlySpan<float> Blue => _blue;

    /// <summary>[Count] means of Cr, 0 for grey.</summary>
    public ReadOnlySpan<float> Red => _red;

    /// <param name="rgb">RGB24, row-major [height, width, 3]. A picture smaller than 16x16 leaves some cells black.</param>
    public void Read(ReadOnlySpan<byte> rgb, int width, int height)
    {
        for (int row = 0; row < Side; row++)
        {
            int top = row * height / Side, bottom = (row + 1) * height / Side;
            for (int column = 0; column < Side; column++)
            {
                int left = column * width / Side, right = (column + 1) * width / Side;
                Average(row * Side + column, rgb, width, left, right, top, bottom);
            }
        }
    }

    public void CopyFrom(PictureCells other)
    {
        other.Luma.CopyTo(_luma);
        other.Blue.CopyTo(_blue);
        other.Red.CopyTo(_red);
    }

    /// <summary>The cells of the 3x3 window around a cell, as far as it lies in the picture.</summary>
    public struct Window(int centre)
    {
        private readonly int _left = Math.Max(centre % Side - 1, 0), _right = Math.Min(centre % Side + 1, Side - 1);
        private readonly int _bottom = Math.Min(centre / Side + 1, Side - 1);
        private int _row = Math.Max(centre / Side - 1, 0), _column = Math.Max(centre % Side - 1, 0) - 1;

        public readonly int Current => _row * Side + _column;

        public readonly Window GetEnumerator() => this;

        public bool MoveNext()
        {
            if (++_column > _right)
                (_row, _column) = (_row + 1, _left);
            return _row <= _bottom;
        }
    }

    private void Average(int cell, ReadOnlySpan<byte> rgb, int width, int left, int right, int top, int bottom)
    {
        long red = 0, green = 0, blue = 0;
        for (int y = top; y < bottom; y++)
        {
            var line = rgb.Slice((y * width + left) * 3, (right - left) * 3);
            for (int x = 0; x + 2 < line.Length; x += 3)
            {
                red += line[x];
                green += line[x + 1];
                blue += line[x + 2];
            }
        }

        // ITU-R BT.601, full range: linear, so the mean of a cell may be converted in place of its pixels.
        float pixels = Math.Max(1, (right - left) * (bottom - top));
        float r = red / pixels, g = green / pixels, b = blue / pixels;
        float luma = 0.299f * r + 0.587f * g + 0.114f * b;
        _luma[cell] = luma;
        _blue[cell] = 0.564f * (b - luma);
        _red[cell] = 0.713f * (r - luma);
    }
}
