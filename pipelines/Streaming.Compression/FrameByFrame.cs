using Streaming.Models;

namespace Streaming.Compression;

/// <summary>A policy that decides on each frame when it comes.</summary>
/// <param name="budget">Most tokens of a frame.</param>
internal sealed class FrameByFrame(IVisualTokenReducer reducer, int budget) : IStreamReducer
{
    public IReadOnlyList<MemoryEntry> Open => [];

    public IReadOnlyList<MemoryEntry> Add(Keyframe keyframe, VisualTokens tokens) => [new MemoryEntry(keyframe, reducer.Reduce(tokens, budget))];

    public IReadOnlyList<MemoryEntry> End() => [];

    public void Resume(VisualTokens kept) => reducer.Resume(kept);
}
