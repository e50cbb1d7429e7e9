using System.Numerics.Tensors;
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

    /// <summary>
    /// Every token joins the one that <paramref name="into"/> names, at the place of that one: features and saliency become the mean by weight,
    /// weights add up. A token that names itself stays, one that names -1 is dropped.
    /// </summary>
    /// <param name="into">[tokens]; whoever is named names itself.</param>
    /// <param name="leastOwnShare">The least share that a token keeps of its own features, 0..1.</param>
    public static VisualTokens Merge(this VisualTokens tokens, ReadOnlySpan<int> into, float leastOwnShare = 0)
    {
        var slots = new int[tokens.Count];
        var members = new float[tokens.Count];
        int kept = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            slots[i] = into[i] == i ? kept++ : -1;
            if (into[i] >= 0)
                members[into[i]] += tokens.Weights.Span[i];
        }
        var rows = new TokenRows(tokens.Hidden, kept);
        for (int i = 0; i < tokens.Count; i++)
        {
            if (into[i] == i)
                rows.AddEmpty(tokens.Origins.Span[i], members[i]);
        }
        for (int i = 0; i < tokens.Count; i++)
        {
            if (into[i] < 0)
                continue;
            int target = into[i];
            float weight = tokens.Weights.Span[i], ownShare = tokens.Weights.Span[target] / members[target], share = weight / members[target];
            if (ownShare < leastOwnShare)
                share = i == target ? leastOwnShare : weight / (members[target] - tokens.Weights.Span[target]) * (1 - leastOwnShare);
            rows.Blend(slots[target], tokens, i, share);
        }
        return rows.ToVisualTokens();
    }

    /// <summary>One entry for each keyframe with the tokens of its time.</summary>
    /// <param name="keyframes">In order, and at least those whose times the tokens have.</param>
    public static MemoryEntry[] Entries(this VisualTokens tokens, IReadOnlyList<Keyframe> keyframes)
    {
        var entries = new MemoryEntry[keyframes.Count];
        int start = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            int end = start;
            while (end < tokens.Count && tokens.Origins.Span[end].Time == keyframes[i].Time)
                end++;
            entries[i] = new MemoryEntry(keyframes[i], tokens.Slice(start, end - start));
            start = end;
        }
        return start == tokens.Count ? entries : throw new ArgumentException("A token belongs to no keyframe.", nameof(keyframes));
    }

    /// <summary>The same tokens as those of another moment.</summary>
    public static VisualTokens At(this VisualTokens tokens, TimeSpan time)
    {
        TokenOrigin[] origins = tokens.Origins.ToArray();
        foreach (ref TokenOrigin origin in origins.AsSpan())
            origin = origin with { Time = time };
        return new VisualTokens(tokens.Hidden, tokens.Features, origins, tokens.Weights, tokens.Saliency);
    }

    /// <summary>Features rounded to half precision, as they are stored: an answer does not depend on whether memory was kept or read back.</summary>
    public static VisualTokens AsStored(this VisualTokens tokens)
    {
        float[] features = tokens.Features.ToArray();
        foreach (ref float value in features.AsSpan())
            value = (float)(Half)value;
        return new VisualTokens(tokens.Hidden, features, tokens.Origins, tokens.Weights, tokens.Saliency);
    }

    /// <summary>All tokens of <paramref name="parts"/>, one after the other.</summary>
    public static VisualTokens Join(this IReadOnlyCollection<VisualTokens> parts, int hidden)
    {
        var rows = new TokenRows(hidden, parts.Sum(part => part.Count));
        foreach (var part in parts)
            rows.AddAll(part);
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

    public void AddAll(VisualTokens source)
    {
        source.Features.Span.CopyTo(_features.AsSpan(_count * hidden));
        source.Origins.Span.CopyTo(_origins.AsSpan(_count));
        source.Weights.Span.CopyTo(_weights.AsSpan(_count));
        source.Saliency.Span.CopyTo(_saliency.AsSpan(_count));
        _count += source.Count;
    }

    public void AddEmpty(TokenOrigin origin, float weight) => (_origins[_count], _weights[_count++]) = (origin, weight);

    /// <summary>Adds a share of a token's features and saliency to a row.</summary>
    public void Blend(int row, VisualTokens source, int index, float share)
    {
        Span<float> features = _features.AsSpan(row * hidden, hidden);
        TensorPrimitives.MultiplyAdd(source[index], share, features, features);
        _saliency[row] += share * source.Saliency.Span[index];
    }

    public VisualTokens ToVisualTokens() => new(
        hidden, _features.AsMemory(0, _count * hidden), _origins.AsMemory(0, _count), _weights.AsMemory(0, _count), _saliency.AsMemory(0, _count));
}
