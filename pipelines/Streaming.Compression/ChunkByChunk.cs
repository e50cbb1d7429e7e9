using Streaming.Models;

namespace Streaming.Compression;

/// <summary>A policy that looks at several frames before it decides: it gets them in chunks of so many keyframes.</summary>
/// <param name="create">A reducer that carries nothing from call to call.</param>
/// <param name="retain">Share of a chunk's tokens to keep, (0, 1]; at least one token.</param>
/// <param name="chunk">Keyframes that are decided on together.</param>
internal sealed class ChunkByChunk(Func<IVisualTokenReducer> create, double retain, int chunk) : IStreamReducer
{
    private readonly List<(Keyframe Keyframe, VisualTokens Tokens)> _waiting = new(chunk);

    public IReadOnlyList<MemoryEntry> Open { get; private set; } = [];

    public IReadOnlyList<MemoryEntry> Add(Keyframe keyframe, VisualTokens tokens)
    {
        _waiting.Add((keyframe, tokens));
        Open = Reduce();
        return _waiting.Count < chunk ? [] : End();
    }

    public IReadOnlyList<MemoryEntry> End()
    {
        IReadOnlyList<MemoryEntry> final = Open;
        _waiting.Clear();
        Open = [];
        return final;
    }

    public void Resume(VisualTokens kept)
    {
    }

    private MemoryEntry[] Reduce()
    {
        VisualTokens all = _waiting.Select(one => one.Tokens).ToArray().Join(_waiting[0].Tokens.Hidden);
        int budget = Math.Max(1, (int)Math.Round(all.Count * retain, MidpointRounding.ToEven));
        Keyframe[] keyframes = [.. _waiting.Select(one => one.Keyframe)];
        return create().Reduce(all, keyframes, budget).AsStored().Entries(keyframes);
    }
}
