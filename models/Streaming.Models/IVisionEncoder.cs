namespace Streaming.Models;

/// <summary>A vision tower with its projector: pixel_values -> image_features.</summary>
public interface IVisionEncoder : IDisposable
{
    VisionShape Shape { get; }

    /// <param name="pixelValues">[frames, 3, height, width], normalised as the model's preprocessor says.</param>
    /// <param name="frames">How many frames; at least 1.</param>
    /// <param name="imageFeatures">Receives [frames, rows * columns, hidden].</param>
    void Encode(ReadOnlySpan<float> pixelValues, int frames, Span<float> imageFeatures);
}

/// <summary>Sizes of a vision encoder: its input picture, its token grid, and the width of a token.</summary>
public sealed record VisionShape(int ImageWidth, int ImageHeight, int GridRows, int GridColumns, int Hidden)
{
    public int TokensPerFrame => GridRows * GridColumns;
}
