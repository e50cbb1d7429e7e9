using Streaming.Compression;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>Told what a stream keeps, as it keeps it and in order. Called from one thread at a time.</summary>
public interface IVideoStreamObserver
{
    /// <summary>A keyframe was encoded.</summary>
    /// <param name="jpeg">Its picture.</param>
    /// <param name="encoded">All its tokens.</param>
    /// <param name="progress">The counts as of this keyframe.</param>
    void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress);

    /// <summary>It is decided for good what the reducer leaves of a keyframe. Each that was seen is, in order, some of them later.</summary>
    /// <param name="progress">The counts as of this keyframe.</param>
    void Kept(MemoryEntry entry, DecodeProgress progress);

    /// <summary>Something moved on: counts so far.</summary>
    void Progressed(DecodeProgress progress, VideoFacts? facts);
}
