using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Families;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Models.Onnx;

/// <summary>vision_encoder.onnx: what its family reads -> image_features [N, rows * columns, hidden], and saliency where the graph has been
/// given that output and its patches fit the token grid.</summary>
public sealed class OnnxVisionEncoder : IVisionEncoder
{
    private const string Features = "image_features";
    private readonly InferenceSession _session;
    private readonly ModelFamily _family;
    private readonly IReadOnlyList<VisionInput> _inputs;
    private readonly string[] _names;
    private readonly SaliencyGrid? _saliency;
    private readonly BilinearPool? _pool;
    private readonly Lock _turn = new();

    internal OnnxVisionEncoder(InferenceSession session, VisionShape shape, ModelFamily family)
    {
        (_session, _family, _inputs) = (session, family, family.VisionInputs(shape));
        _names = [.. _inputs.Select(input => input.Name)];
        Shape = shape;
        GraphSignature.Require(
            session, "vision_encoder",
            [.. _inputs.Select(Rule)],
            [new(Features, [TensorElementType.Float], Sizes(frames => family.FeatureShape(shape, frames)))]);
        if (shape.Encoded.TokensPerFrame != shape.TokensPerFrame)
            _pool = new BilinearPool(shape.EncodedRows, shape.EncodedColumns, shape.GridRows, shape.GridColumns);
        if (session.OutputMetadata.ContainsKey(EncoderSaliency.Output))
            _saliency = SaliencyGrid.Of(shape.Encoded, PatchesOfAFrame());
    }

    public VisionShape Shape { get; }

    public bool TellsSaliency => _saliency is not null;

    /// <summary>The memory of the device that it runs on; null on the CPU, and where the device does not tell.</summary>
    public DeviceMemory? DeviceMemory { get; init; }

    /// <inheritdoc/>
    public void Encode(
        ReadOnlySpan<float> pixelValues, int frames, Span<float> imageFeatures, Span<float> saliency = default, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        long values = 3L * Shape.ImageHeight * Shape.ImageWidth * frames, features = (long)Shape.TokensPerFrame * Shape.Hidden * frames;
        if (pixelValues.Length < values || imageFeatures.Length < features)
            throw new ArgumentException($"{frames} frames need {values} pixel_values and room for {features} image_features.");
        if (saliency.Length > 0 && saliency.Length < Shape.TokensPerFrame * frames)
            throw new ArgumentException($"{frames} frames need room for {Shape.TokensPerFrame * frames} saliencies.");
        using var patches = _saliency is not null && saliency.Length > 0 ? new NativeTensor<float>(frames, _saliency.Patches) : null;
        if (_pool is null)
            RunInTurn(pixelValues, frames, imageFeatures, patches, cancellation);
        else
        {
            using var grids = new NativeTensor<float>(frames, Shape.Encoded.TokensPerFrame, Shape.Hidden);
            RunInTurn(pixelValues, frames, grids.Data, patches, cancellation);
            _pool.Pool(grids.Data, frames, Shape.Hidden, imageFeatures);
        }
        if (patches is not null)
            Tell(patches.Data, frames, saliency);
    }

    /// <summary>As many frames in a run as the network reads at once; one that tells saliency reads them all.</summary>
    private void RunInTurn(ReadOnlySpan<float> pixelValues, int frames, Span<float> features, NativeTensor<float>? patches, CancellationToken cancellation)
    {
        int pixels = 3 * Shape.ImageHeight * Shape.ImageWidth, rows = Shape.Encoded.TokensPerFrame * Shape.Hidden;
        for (int first = 0, count; first < frames; first += count)
        {
            count = Math.Min(frames - first, _family.MostFrames);
            Run(pixelValues.Slice(first * pixels, count * pixels), count, features.Slice(first * rows, count * rows), patches, cancellation);
        }
    }

    /// <param name="features">Receives what the network writes.</param>
    /// <param name="patches">Receives the saliency of the patches, [frames, patches]; null if it is not wanted.</param>
    private unsafe void Run(ReadOnlySpan<float> pixelValues, int frames, Span<float> features, NativeTensor<float>? patches, CancellationToken cancellation)
    {
        fixed (float* input = pixelValues, output = features)
        {
            using var feed = new VisionFeed(_inputs, Shape, input, frames);
            using var tokens = View(output, features.Length, _family.FeatureShape(Shape, frames));
            if (patches is null)
                Run(feed, [Features], [tokens], cancellation);
            else
                Run(feed, [Features, EncoderSaliency.Output], [tokens, patches.Value], cancellation);
        }
    }

    private void Tell(ReadOnlySpan<float> patches, int frames, Span<float> saliency)
    {
        if (_pool is null)
        {
            _saliency!.Read(patches, frames, saliency);
            return;
        }
        var grids = new float[frames * Shape.Encoded.TokensPerFrame];
        _saliency!.Read(patches, frames, grids);
        _pool.Pool(grids, frames, width: 1, saliency);
    }

    public void Dispose()
    {
        _session.Dispose();
        DeviceMemory?.Dispose();
    }

    /// <summary>Looks at one frame to learn how many patches it has: graphs need not say.</summary>
    private unsafe long PatchesOfAFrame()
    {
        // Not of zeros: graphs may take those for padding and leave the frame out.
        var frame = new float[3 * Shape.ImageHeight * Shape.ImageWidth];
        frame.AsSpan().Fill(1);
        using var options = new RunOptions();
        fixed (float* pixels = frame)
        {
            using var feed = new VisionFeed(_inputs, Shape, pixels, frames: 1);
            using var saliency = _session.Run(options, _names, feed.Values, [EncoderSaliency.Output]);
            return saliency[0].GetTensorTypeAndShape().Shape is [1, var patches] ? patches : 0;
        }
    }

    private void Run(VisionFeed feed, string[] names, OrtValue[] outputs, CancellationToken cancellation)
    {
        lock (_turn)
        {
            cancellation.ThrowIfCancellationRequested();
            using var options = new RunOptions();
            using CancellationTokenRegistration stop = cancellation.Register(() => options.Terminate = true);
            try
            {
                _session.Run(options, _names, feed.Values, names, outputs);
            }
            catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
        }
    }

    private static TensorRule Rule(VisionInput input) => new(
        input.Name,
        [input.Content switch
        {
            VisionInputContent.PixelMask => TensorElementType.Bool,
            VisionInputContent.PatchGrids => TensorElementType.Int64,
            _ => TensorElementType.Float,
        }],
        Sizes(input.Shape));

    /// <summary>An axis is free where it depends on the number of frames.</summary>
    private static int?[] Sizes(Func<int, long[]> shape) => [.. shape(1).Zip(shape(2), (one, two) => one == two ? (int?)one : null)];

    private static unsafe OrtValue View(float* data, long count, long[] shape) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)data, count * sizeof(float));
}
