using Streaming.Compression.HoliTom;
using Streaming.Models;

namespace Streaming.Compression;

/// <summary>HoliTom's causal form on the keyframes of a stream.</summary>
internal sealed class WindowByWindow(CausalHoliTomOptions options) : IStreamReducer
{
    /// <summary>The keyframes that are not final, each with the places of its tokens.</summary>
    private readonly List<(Keyframe Keyframe, ReadOnlyMemory<TokenOrigin> Origins)> _waiting = [];
    private CausalHoliTom? _causal;
    private int _places;

    public IReadOnlyList<MemoryEntry> Open => _causal is null ? [] : Entries(_causal.Flush(), _waiting.Count);

    /// <exception cref="ArgumentException">The frame has more or fewer tokens than the first.</exception>
    public IReadOnlyList<MemoryEntry> Add(Keyframe keyframe, VisualTokens tokens)
    {
        _places = _causal is null ? tokens.Count : _places;
        _causal ??= new CausalHoliTom(_places, tokens.Hidden, options);
        _causal.Push(tokens.Features.Span, tokens.Saliency.Span);
        _waiting.Add((keyframe, tokens.Origins));
        return Take(_causal.Final, _causal.FinalUntil - First);
    }

    public IReadOnlyList<MemoryEntry> End()
    {
        if (_causal is null)
            return [];
        IReadOnlyList<MemoryEntry> final = Take(_causal.Flush(), _waiting.Count);
        _causal.Restart();
        return final;
    }

    public void Resume(VisualTokens kept)
    {
    }

    /// <summary>The number, for the reduction, of the first keyframe that waits.</summary>
    private int First => _causal!.Frames - _waiting.Count;

    private MemoryEntry[] Take(ReducedTokens tokens, int frames)
    {
        MemoryEntry[] entries = Entries(tokens, frames);
        _waiting.RemoveRange(0, frames);
        return entries;
    }

    /// <summary>The entries of the first keyframes that wait.</summary>
    private MemoryEntry[] Entries(ReducedTokens tokens, int frames)
    {
        int first = First;
        VisualTokens kept = tokens.ToVisualTokens(token => _waiting[token.Frame - first].Origins.Span[token.Place]);
        return kept.AsStored().Entries([.. _waiting.Take(frames).Select(one => one.Keyframe)]);
    }
}
