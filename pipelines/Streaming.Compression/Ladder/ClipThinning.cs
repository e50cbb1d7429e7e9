using System.Collections.Immutable;
using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Ladder;

/// <summary>
/// Fewer tokens for the same stretch of time, by weighted merging: of two sights of one place that follow each other, those that are
/// most alike become one, at the time of the later, until the tokens fit. What passed a place while its surroundings flickered so
/// outlives the flicker.
/// </summary>
/// <remarks>
/// Merging is ToMe's (mean by weight, weights add up) with two restrictions. Partners are sights of one place, because a token is read
/// with its time and place. And only what is nearly alike is blended: of two different sights the later stands as it was seen, since a
/// mean of both shows neither. The last sight of every place is never altered: entries after the stretch tell only what changed since.
/// Features stay rounded to half precision, as they are stored.
/// </remarks>
internal sealed class ClipThinning
{
    /// <summary>Cosine from which two sights are blended: that at which streaming clips are told apart (InternLM-XComposer2.5-OmniLive).</summary>
    private const float BlendedFrom = 0.9f;

    private readonly ImmutableArray<MemoryEntry> _entries;
    private readonly int _hidden, _firstVerbatim;
    private readonly float[] _features, _weights, _saliency;
    private readonly bool[] _isGone, _isChanged;

    /// <summary>The sight of the same place before and after each, -1: none.</summary>
    private readonly int[] _before, _after;

    /// <summary>The cosine of each with the one after it; of those that stay as they are, NaN.</summary>
    private readonly float[] _likeness;

    private ClipThinning(ImmutableArray<MemoryEntry> entries, int verbatim)
    {
        _entries = entries;
        _hidden = entries[0].Tokens.Hidden;
        VisualTokens all = entries.Select(entry => entry.Tokens).ToArray().Join(_hidden);
        _firstVerbatim = all.Count - entries[^verbatim..].Sum(entry => entry.Tokens.Count);
        (_features, _weights, _saliency) = (all.Features.ToArray(), all.Weights.ToArray(), all.Saliency.ToArray());
        (_before, _after, _likeness) = (new int[all.Count], new int[all.Count], new float[all.Count]);
        (_isGone, _isChanged) = (new bool[all.Count], new bool[all.Count]);
        Link(all.Origins.Span);
        for (int token = 0; token < _likeness.Length; token++)
            _likeness[token] = LikenessToNext(token);
    }

    /// <summary>At most <paramref name="tokens"/> tokens, or as many as places were seen; at least one entry.</summary>
    /// <param name="entries">At least one, in order of time.</param>
    /// <param name="verbatim">How many of the last entries are not touched but that they take over weight.</param>
    public static ImmutableArray<MemoryEntry> Fit(ImmutableArray<MemoryEntry> entries, int tokens, int verbatim = 0)
    {
        var thinning = new ClipThinning(entries, verbatim);
        for (int left = thinning._weights.Length; left > tokens; left--)
        {
            int first = thinning.MostAlike();
            if (first < 0)
                break;
            thinning.Merge(first);
        }
        return thinning.ToEntries(entries.Length - verbatim);
    }

    private void Link(ReadOnlySpan<TokenOrigin> origins)
    {
        var last = new Dictionary<(short, short), int>();
        for (int token = 0; token < origins.Length; token++)
        {
            (short, short) place = (origins[token].Row, origins[token].Column);
            _before[token] = last.GetValueOrDefault(place, -1);
            _after[token] = -1;
            if (_before[token] >= 0)
                _after[_before[token]] = token;
            last[place] = token;
        }
    }

    private float LikenessToNext(int token)
    {
        if (_after[token] < 0 || token >= _firstVerbatim)
            return float.NaN;
        float cosine = TensorPrimitives.CosineSimilarity(Row(token), Row(_after[token]));
        return float.IsNaN(cosine) ? 1 : cosine; // two zero vectors are alike
    }

    /// <summary>The first of the two sights that are most alike; of equals the earliest. -1: none may be merged.</summary>
    private int MostAlike()
    {
        (int best, float most) = (-1, float.NegativeInfinity);
        for (int token = 0; token < _likeness.Length; token++)
        {
            if (_likeness[token] > most)
                (best, most) = (token, _likeness[token]);
        }
        return best;
    }

    private void Merge(int token)
    {
        int into = _after[token];
        if (_likeness[token] >= BlendedFrom && _after[into] >= 0 && into < _firstVerbatim)
            Blend(token, into);
        _weights[into] += _weights[token];
        _isChanged[into] = true;
        _likeness[token] = float.NaN;
        _isGone[token] = true;
        _before[into] = _before[token];
        if (_before[token] >= 0)
        {
            _after[_before[token]] = into;
            _likeness[_before[token]] = LikenessToNext(_before[token]);
        }
        _likeness[into] = LikenessToNext(into);
    }

    /// <summary>The mean by weight; where neither weighs anything, the plain one.</summary>
    private void Blend(int token, int into)
    {
        float whole = _weights[token] + _weights[into];
        float share = whole > 0 ? _weights[token] / whole : 0.5f;
        Span<float> kept = _features.AsSpan(into * _hidden, _hidden);
        for (int i = 0; i < _hidden; i++)
            kept[i] = (float)(Half)(kept[i] + (share * (Row(token)[i] - kept[i])));
        _saliency[into] += share * (_saliency[token] - _saliency[into]);
    }

    private ReadOnlySpan<float> Row(int token) => _features.AsSpan(token * _hidden, _hidden);

    /// <summary>Entries of which nothing is left are given up, all but one.</summary>
    private ImmutableArray<MemoryEntry> ToEntries(int verbatimFrom)
    {
        var entries = ImmutableArray.CreateBuilder<MemoryEntry>();
        int start = 0;
        foreach ((int index, MemoryEntry entry) in _entries.Index())
        {
            int count = entry.Tokens.Count;
            int[] left = [.. Enumerable.Range(start, count).Where(token => !_isGone[token])];
            if (left.Length > 0 || index >= verbatimFrom)
                entries.Add(entry with { Tokens = Take(entry.Tokens, start, left) });
            start += count;
        }
        return entries.Count > 0 ? entries.ToImmutable() : [_entries[0]];
    }

    private VisualTokens Take(VisualTokens source, int start, int[] left)
    {
        if (left.Length == source.Count && !Array.Exists(left, token => _isChanged[token]))
            return source;
        var features = new float[left.Length * _hidden];
        foreach ((int i, int token) in left.Index())
            Row(token).CopyTo(features.AsSpan(i * _hidden));
        return new VisualTokens(
            _hidden, features, left.Select(token => source.Origins.Span[token - start]).ToArray(),
            left.Select(token => _weights[token]).ToArray(), left.Select(token => _saliency[token]).ToArray());
    }
}
