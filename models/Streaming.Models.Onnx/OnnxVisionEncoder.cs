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
    private readonly IReadOnlyList<VisionInput> _inputs;
    private readonly string[] _names;
    private readonly SaliencyGrid? _saliency;
    private readonly Lock _turn = new();

    internal OnnxVisionEncoder(InferenceSession session, VisionShape shape, ModelFamily family)
    {
        (_session, _inputs) = (session, family.VisionInputs(shape));
        _names = [.. _inputs.Select(input => input.Name)];
        Shape = shape;
        GraphSignature.Require(
            session, "vision_encoder",
            [.. _inputs.Select(Rule)],
            [new(Features, [TensorElementType.Float], [null, shape.TokensPerFrame, shape.Hidden])]);
        if (session.OutputMetadata.ContainsKey(EncoderSaliency.Output))
            _saliency = SaliencyGrid.Of(shape, PatchesOfAFrame());
    }

    public VisionShape Shape { get; }

    public bool TellsSaliency => _saliency is not null;

    /// <inheritdoc/>
    public unsafe void Encode(
        ReadOnlySpan<float> pixelValues, int frames, Span<float> imageFeatures, Span<float> saliency = default, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        long values = 3L * Shape.ImageHeight * Shape.ImageWidth * frames, features = (long)Shape.TokensPerFrame * Shape.Hidden * frames;
        if (pixelValues.Length < values || imageFeatures.Length < features)
            throw new ArgumentException($"{frames} frames need {values} pixel_values and room for {features} image_features.");
        if (saliency.Length > 0 && saliency.Length < Shape.TokensPerFrame * frames)
            throw new ArgumentException($"{frames} frames need room for {Shape.TokensPerFrame * frames} saliencies.");
        fixed (float* input = pixelValues, output = imageFeatures)
        {
            using var feed = new VisionFeed(_inputs, input, frames);
            using var tokens = View(output, features, [frames, Shape.TokensPerFrame, Shape.Hidden]);
            if (_saliency is null || saliency.Length == 0)
            {
                Run(feed, [Features], [tokens], cancellation);
                return;
            }
            using var patches = new NativeTensor<float>(frames, _saliency.Patches);
            Run(feed, [Features, EncoderSaliency.Output], [tokens, patches.Value], cancellation);
            _saliency.Read(patches.Data, frames, saliency);
        }
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Looks at one frame to learn how many patches it has: graphs need not say.</summary>
    private unsafe long PatchesOfAFrame()
    {
        // Not of zeros: graphs may take those for padding and leave the frame out.
        var frame = new float[3 * Shape.ImageHeight * Shape.ImageWidth];
        frame.AsSpan().Fill(1);
        using var options = new RunOptions();
        fixed (float* pixels = frame)
        {
            using var feed = new VisionFeed(_inputs, pixels, frames: 1);
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
        [input.Content == VisionInputContent.PixelMask ? TensorElementType.Bool : TensorElementType.Float],
        // An axis is free where it depends on the number of frames.
        [.. input.Shape(1).Zip(input.Shape(2), (one, two) => one == two ? (int?)one : null)]);

    private static unsafe OrtValue View(float* data, long count, long[] shape) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)data, count * sizeof(float));
}
