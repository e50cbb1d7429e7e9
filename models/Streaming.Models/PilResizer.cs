using System.Buffers;

namespace Streaming.Models;

/// <summary>Interpolation filters by PIL's numbers, which preprocessor_config.json uses.</summary>
public enum ResizeFilter
{
    Lanczos = 1,
    Bilinear = 2,
    Bicubic = 3,
    Box = 4,
    Hamming = 5,
}

/// <summary>
/// Resizes RGB24 pictures from one size to another bit for bit as Pillow's <c>Image.resize</c> does: two passes, antialiased, in fixed
/// point with 22 fractional bits (src/libImaging/Resample.c). Immutable after construction.
/// </summary>
public sealed class PilResizer
{
    private const int Channels = 3;
    private readonly ResizeWindow[]? _horizontal;
    private readonly ResizeWindow[]? _vertical;

    public PilResizer(ResizeFilter filter, int sourceWidth, int sourceHeight, int width, int height)
    {
        (SourceWidth, SourceHeight, Width, Height) = (sourceWidth, sourceHeight, width, height);
        _horizontal = sourceWidth == width ? null : ResizeWindow.Table(filter, sourceWidth, width);
        _vertical = sourceHeight == height ? null : ResizeWindow.Table(filter, sourceHeight, height);
    }

    public int SourceWidth { get; }

    public int SourceHeight { get; }

    public int Width { get; }

    public int Height { get; }

    /// <param name="source">[sourceHeight, sourceWidth, 3].</param>
    /// <param name="target">Receives [height, width, 3].</param>
    public void Resize(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (_vertical is null)
        {
            Horizontal(source, target);
            return;
        }
        if (_horizontal is null)
        {
            Vertical(source, target);
            return;
        }
        byte[] between = ArrayPool<byte>.Shared.Rent(SourceHeight * Width * Channels);
        Horizontal(source, between);
        Vertical(between, target);
        ArrayPool<byte>.Shared.Return(between);
    }

    private void Horizontal(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (_horizontal is null)
        {
            source[..(SourceWidth * SourceHeight * Channels)].CopyTo(target);
            return;
        }
        for (int y = 0; y < SourceHeight; y++)
        {
            var row = source.Slice(y * SourceWidth * Channels, SourceWidth * Channels);
            for (int x = 0; x < Width; x++)
                WeighPixels(row, _horizontal[x], target.Slice(((y * Width) + x) * Channels, Channels));
        }
    }

    private static void WeighPixels(ReadOnlySpan<byte> row, ResizeWindow window, Span<byte> pixel)
    {
        int red = ResizeWindow.Half, green = ResizeWindow.Half, blue = ResizeWindow.Half;
        int at = window.First * Channels;
        foreach (int weight in window.Weights)
        {
            red += row[at] * weight;
            green += row[at + 1] * weight;
            blue += row[at + 2] * weight;
            at += Channels;
        }
        (pixel[0], pixel[1], pixel[2]) = (ResizeWindow.Clip(red), ResizeWindow.Clip(green), ResizeWindow.Clip(blue));
    }

    private void Vertical(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int stride = Width * Channels;
        int[] sums = ArrayPool<int>.Shared.Rent(stride);
        for (int y = 0; y < Height; y++)
        {
            WeighRows(source, stride, _vertical![y], sums.AsSpan(0, stride));
            var row = target.Slice(y * stride, stride);
            for (int i = 0; i < row.Length; i++)
                row[i] = ResizeWindow.Clip(sums[i]);
        }
        ArrayPool<int>.Shared.Return(sums);
    }

    private static void WeighRows(ReadOnlySpan<byte> source, int stride, ResizeWindow window, Span<int> sums)
    {
        sums.Fill(ResizeWindow.Half);
        for (int i = 0; i < window.Weights.Length; i++)
        {
            int weight = window.Weights[i];
            var row = source.Slice((window.First + i) * stride, stride);
            for (int x = 0; x < row.Length; x++)
                sums[x] += row[x] * weight;
        }
    }
}
