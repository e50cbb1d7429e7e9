using Streaming.Compression.Codec;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>How a stream ended and what it cost.</summary>
/// <param name="FramesDropped">Sampled frames that a live stream could not keep up with.</param>
/// <param name="KeyframesKept">Frames that the selector kept.</param>
/// <param name="VisualTokensEncoded">Tokens that the vision encoder made.</param>
/// <param name="VisualTokensKept">What the reducer left of them.</param>
/// <param name="EncodeTime">Time inside the vision encoder.</param>
/// <param name="ReduceTime">Time inside the reducer.</param>
/// <param name="Evidence">What the codec told of change.</param>
public sealed record StreamReport(
    DecodeReport Decode,
    long FramesDropped,
    int KeyframesKept,
    long VisualTokensEncoded,
    long VisualTokensKept,
    TimeSpan EncodeTime,
    TimeSpan ReduceTime,
    CodecEvidence Evidence);
