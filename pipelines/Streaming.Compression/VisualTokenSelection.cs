using Streaming.Models;

namespace Streaming.Compression;

/// <summary>Taking some rows of visual tokens, and joining rows.</summary>
public static class VisualTokenSelection
{
    /// <summary>The tokens at <paramref name="indices"/>, which must ascend.</summary>
    public static VisualTokens Take(this VisualTokens tokens, IReadOnlyList<int> indices)
    {
        if (indices.Count == tokens.Count)
            return tokens;
        var rows = new TokenRows(tokens.Hidden, indices.Count);
        foreach (int index in indices)
            rows.Add(tokens, index, tokens.Origins.Span[index]);
        return rows.ToVisualTokens();
    }

    /// <summary>All tokens of <paramref name="parts"/>, one after the other.</summary>
    public static VisualTokens Join(this IReadOnlyCollection<VisualTokens> parts, int hidden)
    {
        var rows = new TokenRows(hidden, parts.Sum(part => part.Count));
        foreach (var part in parts)
            for (int index = 0; index < part.Count; index++)
                rows.Add(part, index, part.Origins.Span[index]);
        return rows.ToVisualTokens();
    }
}

/// <summary>Visual tokens being put together row by row; the length is known in advance.</summary>
internal sealed class TokenRows(int hidden, int capacity)
{
    private readonly float[] _features = new float[(long)capacity * hidden];
    private readonly TokenOrigin[] _origins = new TokenOrigin[capacity];
    private readonly float[] _weights = new float[capacity];
    private readonly float[] _saliency = new float[capacity];
    private int _count;

    /// <param name="extraWeight">Source tokens that this one stands for besides those it stood for in <paramref name="source"/>.</param>
    public void Add(VisualTokens source, int index, TokenOrigin origin, float extraWeight = 0)
    {
        source[index].CopyTo(_features.AsSpan(_count * hidden));
        _origins[_count] = origin;
        _weights[_count] = source.Weights.Span[index] + extraWeight;
        _saliency[_count] = source.Saliency.Span[index];
        _count++;
    }

    public VisualTokens ToVisualTokens() => new(
        hidden, _features.AsMemory(0, _count * hidden), _origins.AsMemory(0, _count), _weights.AsMemory(0, _count), _saliency.AsMemory(0, _count));
}
