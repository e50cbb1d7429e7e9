using System.Runtime.InteropServices;

namespace Streaming.Video.FFmpeg;

/// <summary>Scales decoded pictures, straight from their YUV, to RGB24 that fits a box: never up, upright, with square pixels. Reuses its memory.</summary>
internal sealed unsafe class PictureScaler : IDisposable
{
    private const int Rgb24 = 2; // AV_PIX_FMT_RGB24
    private const int Bilinear = 2; // SWS_BILINEAR: a triangle as wide as the reduction, at half the cost of bicubic.
    private const int NeutralGain = 1 << 16; // contrast and saturation of swscale, 16.16
    private const int FullRange = 2; // AVCOL_RANGE_JPEG
    private const int Bt709 = 1; // AVCOL_SPC_BT709 = SWS_CS_ITU709
    private const int Bt601 = 5; // AVCOL_SPC_BT470BG = SWS_CS_ITU601
    private const int Unspecified = 2; // AVCOL_SPC_UNSPECIFIED
    private const int HdLines = 720; // From here on players take an untagged picture for BT.709.
    private const int Alignment = 64; // swscale's SIMD writes whole vectors at the end of a row.

    private readonly int _maxWidth;
    private readonly int _maxHeight;
    private readonly bool _exactSize;
    private readonly Orientation _orientation;
    private readonly int _bufferBytes;
    private readonly byte* _scaled;
    private readonly byte* _upright;
    private nint _context;
    private (int, int, int, int, int, int, int) _contextFor;

    internal PictureScaler(int maxWidth, int maxHeight, bool exactSize, Orientation orientation)
    {
        (_maxWidth, _maxHeight) = orientation.Swap ? (maxHeight, maxWidth) : (maxWidth, maxHeight);
        _exactSize = exactSize;
        _orientation = orientation;
        _bufferBytes = Stride(_maxWidth) * _maxHeight + Alignment;
        _scaled = (byte*)NativeMemory.AlignedAlloc((nuint)_bufferBytes, Alignment);
        _upright = (byte*)NativeMemory.AlignedAlloc((nuint)_bufferBytes, Alignment);
    }

    /// <summary>How pictures are turned.</summary>
    internal Orientation Orientation => _orientation;

    /// <summary>RGB24 without padding of the picture scaled last; memory of the scaler.</summary>
    internal ReadOnlySpan<byte> Pixels => new(_upright, _bufferBytes);

    /// <summary>Scales a picture into <see cref="Pixels"/>.</summary>
    /// <param name="sampleAspect">The container's shape of a pixel, which wins over the picture's own.</param>
    /// <returns>Its size upright, or (0, 0) if it cannot be converted.</returns>
    internal (int Width, int Height) Scale(AvFrame picture, AvRational sampleAspect)
    {
        var aspect = sampleAspect.Value ?? picture.SampleAspectRatio.Value ?? 1;
        var (width, height) = _exactSize ? (_maxWidth, _maxHeight) : Fit(picture.Width, picture.Height, aspect, _maxWidth, _maxHeight);
        if (!Prepare(picture, width, height))
            return default;
        var target = _scaled;
        var stride = Stride(width);
        if (LibAv.sws_scale(_context, picture.Planes, picture.Strides, 0, picture.Height, &target, &stride) < 0)
            return default;
        _orientation.Copy(_scaled, stride, width, height, _upright);
        return _orientation.Swap ? (height, width) : (width, height);
    }

    /// <summary>The largest size of the picture's shape, with square pixels, within the box and not above its own.</summary>
    internal static (int Width, int Height) Fit(int width, int height, double aspect, int maxWidth, int maxHeight)
    {
        var shown = width * aspect;
        var scale = Math.Min(1, Math.Min(maxWidth / shown, (double)maxHeight / height));
        return (Math.Clamp((int)Math.Round(shown * scale), 1, maxWidth), Math.Clamp((int)Math.Round(height * scale), 1, maxHeight));
    }

    public void Dispose()
    {
        LibAv.sws_freeContext(_context);
        NativeMemory.AlignedFree(_scaled);
        NativeMemory.AlignedFree(_upright);
    }

    private static int Stride(int width) => (width * 3 + Alignment - 1) / Alignment * Alignment;

    private bool Prepare(AvFrame picture, int width, int height)
    {
        var key = (picture.Width, picture.Height, picture.Format, picture.ColorRange, picture.ColorSpace, width, height);
        if (_context != 0 && key == _contextFor)
            return true;
        _contextFor = key;
        _context = LibAv.sws_getCachedContext(
            _context, picture.Width, picture.Height, picture.Format, width, height, Rgb24, Bilinear, 0, 0, null);
        if (_context == 0)
            return false;
        var matrix = picture.ColorSpace == Unspecified ? (picture.Height >= HdLines ? Bt709 : Bt601) : picture.ColorSpace;
        var isFull = picture.ColorRange == FullRange || picture.Format is 12 or 13 or 14 or 32; // AV_PIX_FMT_YUVJ420P, 422P, 444P, 440P
        var table = LibAv.sws_getCoefficients(matrix);
        LibAv.sws_setColorspaceDetails(_context, table, isFull ? 1 : 0, table, 1, 0, NeutralGain, NeutralGain);
        return true;
    }
}
