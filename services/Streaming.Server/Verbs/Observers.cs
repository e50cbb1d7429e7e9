using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Verbs;

/// <summary>Tells several.</summary>
internal sealed class Observers(params IVideoStreamObserver[] all) : IVideoStreamObserver
{
    public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress)
    {
        foreach (IVideoStreamObserver one in all)
            one.Seen(keyframe, jpeg, encoded, progress);
    }

    public void Kept(MemoryEntry entry, DecodeProgress progress)
    {
        foreach (IVideoStreamObserver one in all)
            one.Kept(entry, progress);
    }

    public void Progressed(DecodeProgress progress, VideoFacts? facts)
    {
        foreach (IVideoStreamObserver one in all)
            one.Progressed(progress, facts);
    }
}
