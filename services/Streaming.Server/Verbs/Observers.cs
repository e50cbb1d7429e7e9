using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Verbs;

/// <summary>Tells several.</summary>
internal sealed class Observers(params IVideoStreamObserver[] all) : IVideoStreamObserver
{
    public void Kept(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, VisualTokens kept)
    {
        foreach (IVideoStreamObserver one in all)
            one.Kept(keyframe, jpeg, encoded, kept);
    }

    public void Progressed(DecodeProgress progress, VideoFacts? facts)
    {
        foreach (IVideoStreamObserver one in all)
            one.Progressed(progress, facts);
    }
}
