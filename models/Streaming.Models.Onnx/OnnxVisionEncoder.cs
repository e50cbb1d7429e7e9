using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>vision_encoder.onnx: pixel_values [N, 3, height, width] -> image_features [N, rows * columns, hidden].</summary>
public sealed class OnnxVisionEncoder : IVisionEncoder
{
    private static readonly string[] Inputs = ["pixel_values"];
    private static readonly string[] Outputs = ["image_features"];
    private readonly InferenceSession _session;
    private readonly Lock _turn = new();

    internal OnnxVisionEncoder(InferenceSession session, VisionShape shape)
    {
        _session = session;
        Shape = shape;
        GraphSignature.Require(
            session, "vision_encoder",
            [new(Inputs[0], [TensorElementType.Float], [null, 3, shape.ImageHeight, shape.ImageWidth])],
            [new(Outputs[0], [TensorElementType.Float], [null, shape.TokensPerFrame, shape.Hidden])]);
    }

    public VisionShape Shape { get; }

    /// <inheritdoc/>
    public unsafe void Encode(ReadOnlySpan<float> pixelValues, int frames, Span<float> imageFeatures, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        long values = 3L * Shape.ImageHeight * Shape.ImageWidth * frames, features = (long)Shape.TokensPerFrame * Shape.Hidden * frames;
        if (pixelValues.Length < values || imageFeatures.Length < features)
            throw new ArgumentException($"{frames} frames need {values} pixel_values and room for {features} image_features.");
        fixed (float* input = pixelValues, output = imageFeatures)
        {
            using var pixels = View(input, values, [frames, 3, Shape.ImageHeight, Shape.ImageWidth]);
            using var tokens = View(output, features, [frames, Shape.TokensPerFrame, Shape.Hidden]);
            lock (_turn)
                Run(pixels, tokens, cancellation);
        }
    }

    public void Dispose() => _session.Dispose();

    private void Run(OrtValue pixels, OrtValue tokens, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var options = new RunOptions();
        using CancellationTokenRegistration stop = cancellation.Register(() => options.Terminate = true);
        try
        {
            _session.Run(options, Inputs, [pixels], Outputs, [tokens]);
        }
        catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    private static unsafe OrtValue View(float* data, long count, long[] shape) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)data, count * sizeof(float));
}
