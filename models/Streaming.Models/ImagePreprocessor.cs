using System.Buffers;
using System.Text.Json;
using Streaming.Models.Families;

namespace Streaming.Models;

/// <summary>Picture -> pixel_values, as preprocessor_config.json says: PIL's resize, rescale, normalise. Safe to use from several threads.</summary>
public sealed class ImagePreprocessor
{
    private const int Channels = 3;
    private readonly ResizeFilter _filter;
    private readonly float[] _normalised;
    private volatile PilResizer[]? _resizers;

    /// <param name="rescale">Factor on a byte, such as 1/255.</param>
    /// <param name="mean">One per channel, R G B.</param>
    /// <param name="std">One per channel, R G B.</param>
    public ImagePreprocessor(PictureSize size, ResizeFilter filter, double rescale, ReadOnlySpan<double> mean, ReadOnlySpan<double> std)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size.Width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size.Height);
        Size = size;
        _filter = filter;
        _normalised = new float[Channels * 256];
        for (int i = 0; i < _normalised.Length; i++)
            _normalised[i] = (float)((((i & 255) * rescale) - mean[i >> 8]) / std[i >> 8]);
    }

    public PictureSize Size { get; }

    public int Width => Size.Width;

    public int Height => Size.Height;

    /// <summary>Length of one frame's pixel_values: 3 * height * width.</summary>
    public int ValuesPerFrame => Channels * Height * Width;

    /// <param name="rgb">RGB24, row-major [sourceHeight, sourceWidth, 3], without padding.</param>
    /// <param name="pixelValues">Receives [3, height, width].</param>
    public void Process(ReadOnlySpan<byte> rgb, int sourceWidth, int sourceHeight, Span<float> pixelValues)
    {
        if (rgb.Length < (long)sourceWidth * sourceHeight * Channels || pixelValues.Length < ValuesPerFrame)
            throw new ArgumentException($"A {sourceWidth}x{sourceHeight} picture for {Width}x{Height} does not fit the buffers.");
        PilResizer[] resizers = Resizers(sourceWidth, sourceHeight);
        byte[] resized = Resized(rgb, resizers[0]);
        for (int i = 1; i < resizers.Length; i++)
        {
            byte[] before = resized;
            resized = Resized(before, resizers[i]);
            ArrayPool<byte>.Shared.Return(before);
        }
        Normalise(resized, pixelValues);
        ArrayPool<byte>.Shared.Return(resized);
    }

    /// <returns>Rented.</returns>
    private static byte[] Resized(ReadOnlySpan<byte> rgb, PilResizer resizer)
    {
        byte[] resized = ArrayPool<byte>.Shared.Rent(resizer.Width * resizer.Height * Channels);
        resizer.Resize(rgb, resized);
        return resized;
    }

    private void Normalise(ReadOnlySpan<byte> interleaved, Span<float> planar)
    {
        int pixels = Width * Height;
        for (int channel = 0; channel < Channels; channel++)
        {
            var table = _normalised.AsSpan(channel << 8, 256);
            var plane = planar.Slice(channel * pixels, pixels);
            for (int i = 0, source = channel; i < plane.Length; i++, source += Channels)
                plane[i] = table[interleaved[source]];
        }
    }

    /// <summary>The coefficients of the last source size are kept: a stream's pictures all have one size.</summary>
    private PilResizer[] Resizers(int sourceWidth, int sourceHeight)
    {
        var resizers = _resizers;
        if (resizers is null || resizers[0].SourceWidth != sourceWidth || resizers[0].SourceHeight != sourceHeight)
            _resizers = resizers = [.. Steps(sourceWidth, sourceHeight)];
        return resizers;
    }

    private IEnumerable<PilResizer> Steps(int width, int height)
    {
        foreach (var step in Size.Steps(width, height))
        {
            yield return new PilResizer(_filter, width, height, step.Width, step.Height);
            (width, height) = step;
        }
    }

    /// <param name="json">Text of preprocessor_config.json.</param>
    /// <param name="family">Says how the file is to be read.</param>
    /// <exception cref="InvalidModelException">The file asks for something this class does not do.</exception>
    public static ImagePreprocessor Parse(string json, ModelFamily family) => ModelJson.Read("preprocessor_config.json", json, root => Parse(root, family));

    private static ImagePreprocessor Parse(JsonElement root, ModelFamily family)
    {
        bool rescale = root.Flag("do_rescale", absent: true), normalise = root.Flag("do_normalize", absent: true);
        return new ImagePreprocessor(
            family.Picture(root),
            Filter(root.Child("resample")?.GetInt32() ?? (int)ResizeFilter.Bicubic),
            rescale ? root.Child("rescale_factor")?.GetDouble() ?? 1.0 / 255 : 1,
            normalise ? PerChannel(root, "image_mean") : [0, 0, 0],
            normalise ? PerChannel(root, "image_std") : [1, 1, 1]);
    }

    private static ResizeFilter Filter(int resample) =>
        Enum.IsDefined((ResizeFilter)resample) ? (ResizeFilter)resample : throw Unusable("resample");

    private static double[] PerChannel(JsonElement root, string field)
    {
        double[] values = [.. root.Child(field)?.EnumerateArray().Select(value => value.GetDouble()) ?? throw Unusable(field)];
        return values.Length == Channels ? values : throw Unusable(field);
    }

    internal static InvalidModelException Unusable(string field) => new($"preprocessor_config.json has no usable \"{field}\".");
}
