using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>Frames -> visual tokens: the model's preprocessing and its vision encoder, behind the line of all streams.</summary>
/// <param name="turn">Which frames go first: those of cameras, that do not wait, before those of films.</param>
public sealed class FrameEncoder(EncodingLine line, ImagePreprocessor preprocessor, InferenceClass turn = InferenceClass.Keyframe)
{
    private readonly VisionShape _shape = line.Encoder.Shape;

    /// <summary>With a line of its own.</summary>
    public FrameEncoder(IVisionEncoder encoder, ImagePreprocessor preprocessor, InferenceQueue queue, InferenceClass turn = InferenceClass.Keyframe)
        : this(new EncodingLine(encoder, queue, EncodingLine.LongestRun), preprocessor, turn)
    {
    }

    /// <summary>Width of a visual token.</summary>
    public int Hidden => _shape.Hidden;

    /// <summary>Tokens of each frame before any reduction.</summary>
    public int TokensPerFrame => _shape.TokensPerFrame;

    /// <summary>Width and height of the model's input.</summary>
    public (int Width, int Height) Input => (_shape.ImageWidth, _shape.ImageHeight);

    /// <summary>Rows and columns of a frame's tokens.</summary>
    public (int Rows, int Columns) Grid => (_shape.GridRows, _shape.GridColumns);

    /// <summary>Time spent inside the encoder's runs.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>
    /// The tokens of each frame. Features are rounded to half precision, as they are stored, so that an answer does not depend on
    /// whether a film was just seen or comes from the store.
    /// </summary>
    /// <exception cref="InferenceException">The model did not encode them.</exception>
    public async Task<VisualTokens[]> EncodeAsync(IReadOnlyList<Frame> frames, CancellationToken cancellation)
    {
        var pixels = new float[frames.Count * preprocessor.ValuesPerFrame];
        for (int i = 0; i < frames.Count; i++)
        {
            Frame frame = frames[i];
            preprocessor.Process(frame.Rgb, frame.Width, frame.Height, pixels.AsSpan(i * preprocessor.ValuesPerFrame, preprocessor.ValuesPerFrame));
        }
        var features = new float[frames.Count * TokensPerFrame * Hidden];
        float[] saliency = line.Encoder.TellsSaliency ? new float[frames.Count * TokensPerFrame] : [];
        Elapsed += await line.EncodeAsync(turn, frames.Count, pixels, features, saliency, cancellation).ConfigureAwait(false);
        RoundToHalf(features);
        RoundToHalf(saliency);
        return [.. frames.Select((frame, i) => Tokens(
            frame,
            features.AsMemory(i * TokensPerFrame * Hidden, TokensPerFrame * Hidden),
            line.Encoder.TellsSaliency ? saliency.AsMemory(i * TokensPerFrame, TokensPerFrame) : default))];
    }

    private static void RoundToHalf(Span<float> values)
    {
        foreach (ref float value in values)
            value = (float)(Half)value;
    }

    /// <param name="saliency">Empty where the encoder tells none: then it is taken from the features.</param>
    private VisualTokens Tokens(Frame frame, ReadOnlyMemory<float> features, ReadOnlyMemory<float> saliency)
    {
        var origins = new TokenOrigin[TokensPerFrame];
        var weights = new float[TokensPerFrame];
        weights.AsSpan().Fill(1);
        for (int token = 0; token < TokensPerFrame; token++)
            origins[token] = new TokenOrigin(frame.Time, (short)(token / _shape.GridColumns), (short)(token % _shape.GridColumns));
        return new VisualTokens(Hidden, features, origins, weights, saliency.IsEmpty ? Distinctiveness.Of(features.Span, Hidden) : saliency);
    }
}
