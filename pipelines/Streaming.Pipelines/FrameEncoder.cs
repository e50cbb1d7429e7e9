using System.Diagnostics;
using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>Frames -> visual tokens: the model's preprocessing and its vision encoder, behind the inference queue.</summary>
/// <param name="turn">Which frames go first: those of cameras, that do not wait, before those of films.</param>
public sealed class FrameEncoder(IVisionEncoder encoder, ImagePreprocessor preprocessor, InferenceQueue queue, InferenceClass turn = InferenceClass.Keyframe)
{
    private readonly VisionShape _shape = encoder.Shape;

    /// <summary>Width of a visual token.</summary>
    public int Hidden => _shape.Hidden;

    /// <summary>Tokens of each frame before any reduction.</summary>
    public int TokensPerFrame => _shape.TokensPerFrame;

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
        float[] saliency = encoder.TellsSaliency ? new float[frames.Count * TokensPerFrame] : [];
        Elapsed += await queue.RunAsync(turn, stop =>
        {
            long start = Stopwatch.GetTimestamp();
            encoder.Encode(pixels, frames.Count, features, saliency, stop);
            return Task.FromResult(Stopwatch.GetElapsedTime(start));
        }, cancellation).ConfigureAwait(false);
        RoundToHalf(features);
        RoundToHalf(saliency);
        return [.. frames.Select((frame, i) => Tokens(
            frame,
            features.AsMemory(i * TokensPerFrame * Hidden, TokensPerFrame * Hidden),
            encoder.TellsSaliency ? saliency.AsMemory(i * TokensPerFrame, TokensPerFrame) : default))];
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
