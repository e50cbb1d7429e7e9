using Streaming.Compression;
using Streaming.Compression.Codec;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>How a stream is read, thinned and remembered.</summary>
public sealed record VideoStreamOptions
{
    public DecodeRequest Decode { get; init; } = new();

    public KeyframeSelectorOptions Keyframes { get; init; } = new();

    public CodecWatchOptions Codec { get; init; } = new();

    public ReducerOptions Reducer { get; init; } = new();

    public MemoryOptions Memory { get; init; } = new();

    /// <summary>Most frames in one run of the vision encoder. Frames that wait are batched, a lone frame never waits for others.</summary>
    public int EncoderBatch { get; init; } = 8;

    /// <summary>Frames that wait between two stages; a live stream drops the oldest of those that wait for the selector.</summary>
    public int QueuedFrames { get; init; } = 8;
}
