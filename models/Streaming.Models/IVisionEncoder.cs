namespace Streaming.Models;

/// <summary>A vision tower with its projector: pixel_values -> image_features.</summary>
public interface IVisionEncoder : IDisposable
{
    VisionShape Shape { get; }

    /// <summary>Whether it says how much each token matters.</summary>
    bool TellsSaliency { get; }

    /// <param name="pixelValues">[frames, 3, height, width], normalised as the model's preprocessor says.</param>
    /// <param name="frames">How many frames; at least 1.</param>
    /// <param name="imageFeatures">Receives [frames, rows * columns, hidden].</param>
    /// <param name="saliency">Receives [frames, rows * columns] if the encoder tells saliency; may be empty, and is not written otherwise.</param>
    /// <param name="cancellation">Ends the run as soon as the network can; from any thread.</param>
    /// <exception cref="OperationCanceledException">It was ended; the features are not written.</exception>
    void Encode(
        ReadOnlySpan<float> pixelValues, int frames, Span<float> imageFeatures, Span<float> saliency = default, CancellationToken cancellation = default);
}

/// <summary>Sizes of a vision encoder: its input picture, its token grid, and the width of a token.</summary>
public sealed record VisionShape(int ImageWidth, int ImageHeight, int GridRows, int GridColumns, int Hidden)
{
    /// <summary>Rows of what the network writes, which are pooled to the grid where they are more.</summary>
    public int EncodedRows { get; init; } = GridRows;

    /// <summary>Columns of what the network writes, which are pooled to the grid where they are more.</summary>
    public int EncodedColumns { get; init; } = GridColumns;

    public int TokensPerFrame => GridRows * GridColumns;

    /// <summary>The shape of what the network writes.</summary>
    public VisionShape Encoded => this with { GridRows = EncodedRows, GridColumns = EncodedColumns };
}
