using Streaming.Models;

namespace Streaming.Compression.HoliTom;

/// <summary>A token that was kept.</summary>
/// <param name="Frame">The frame it is shown with: its own, or the first of the window it stands still through.</param>
/// <param name="Weight">How many tokens it stands for.</param>
/// <param name="Saliency">The mean over them.</param>
public readonly record struct ReducedToken(int Frame, int Place, float Weight, float Saliency);

/// <summary>Kept tokens and their features. Its memory grows to the most it ever held and is used again.</summary>
public sealed class ReducedTokens
{
    private float[] _features = [];
    private ReducedToken[] _tokens = [];
    private ulong[] _keys = [];
    private int[] _order = [];
    private int _hidden;

    public int Count { get; private set; }

    /// <summary>Row-major [<see cref="Count"/>, hidden].</summary>
    public ReadOnlySpan<float> Features => _features.AsSpan(0, Count * _hidden);

    /// <summary>What each token stands for, [<see cref="Count"/>].</summary>
    public ReadOnlySpan<ReducedToken> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>A copy that stays.</summary>
    /// <param name="originOf">Time and place of a token.</param>
    public VisualTokens ToVisualTokens(Func<ReducedToken, TokenOrigin> originOf)
    {
        var origins = new TokenOrigin[Count];
        var weights = new float[Count];
        var saliency = new float[Count];
        for (int i = 0; i < Count; i++)
            (origins[i], weights[i], saliency[i]) = (originOf(_tokens[i]), _tokens[i].Weight, _tokens[i].Saliency);
        return new VisualTokens(_hidden, Features.ToArray(), origins, weights, saliency);
    }

    internal void Clear(int hidden) => (Count, _hidden) = (0, hidden);

    /// <summary>Takes a token in.</summary>
    /// <returns>Where its features go, [hidden]; valid until the next one is added.</returns>
    internal Span<float> Add(ReducedToken token)
    {
        if (Count == _tokens.Length || (Count + 1) * _hidden > _features.Length)
            Grow(Math.Max(16, 2 * Count));
        _tokens[Count] = token;
        return Row(Count++);
    }

    /// <summary>Says what the newest token stands for, where that is known only after its features.</summary>
    internal void Amend(ReducedToken token) => _tokens[Count - 1] = token;

    /// <summary>Forgets all but the first tokens.</summary>
    internal void Truncate(int count) => Count = count;

    /// <summary>Adds to <paramref name="others"/> the tokens of earlier frames than <paramref name="end"/>, by frame and place.</summary>
    internal void CopyOrdered(ReducedTokens others, int end)
    {
        int chosen = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_tokens[i].Frame < end)
                (_keys[chosen], _order[chosen++]) = ((ulong)(uint)_tokens[i].Frame << 32 | (uint)_tokens[i].Place, i);
        }
        _keys.AsSpan(0, chosen).Sort(_order.AsSpan(0, chosen));
        foreach (int index in _order.AsSpan(0, chosen))
            Row(index).CopyTo(others.Add(_tokens[index]));
    }

    /// <summary>Forgets the tokens of earlier frames than <paramref name="end"/>.</summary>
    internal void RemoveBefore(int end)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_tokens[i].Frame < end)
                continue;
            Row(i).CopyTo(Row(kept));
            _tokens[kept++] = _tokens[i];
        }
        Count = kept;
    }

    private Span<float> Row(int index) => _features.AsSpan(index * _hidden, _hidden);

    private void Grow(int capacity)
    {
        Array.Resize(ref _tokens, capacity);
        Array.Resize(ref _features, capacity * _hidden);
        (_keys, _order) = (new ulong[capacity], new int[capacity]);
    }
}
