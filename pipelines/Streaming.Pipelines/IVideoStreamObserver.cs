using Streaming.Compression;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>Told what a stream keeps, as it keeps it and in order. Called from one thread at a time.</summary>
public interface IVideoStreamObserver
{
    /// <param name="jpeg">The keyframe's picture.</param>
    /// <param name="encoded">All tokens of the keyframe.</param>
    /// <param name="kept">What the reducer left of them.</param>
    void Kept(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, VisualTokens kept);

    /// <summary>Something moved on: counts so far.</summary>
    void Progressed(DecodeProgress progress, VideoFacts? facts);
}
