using Streaming.Compression;

namespace Streaming.Server.Archive;

/// <summary>What is known of a stored keyframe without its tokens.</summary>
/// <param name="TokensKept">What the reducer left of it; 0 while that is not decided.</param>
/// <param name="Sampled">Pictures of its stream that had been looked at by then, this one included.</param>
public readonly record struct IndexedKeyframe(Keyframe Keyframe, int TokensKept, long Sampled);

/// <summary>The keyframes whose pictures are stored, in order. One writer; any thread reads.</summary>
public sealed class KeyframeIndex
{
    private readonly Lock _gate = new();
    private readonly List<IndexedKeyframe> _keyframes = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _keyframes.Count;
        }
    }

    public void Add(KeyframeRecord record)
    {
        lock (_gate)
            _keyframes.Add(new IndexedKeyframe(record.Keyframe, record.TokensKept, record.Progress.Sampled));
    }

    /// <summary>Adds a keyframe of which it is not decided yet what is kept.</summary>
    public void Add(Keyframe keyframe, long sampled)
    {
        lock (_gate)
            _keyframes.Add(new IndexedKeyframe(keyframe, 0, sampled));
    }

    /// <summary>It is decided what is kept of a keyframe.</summary>
    public void Settle(int number, int tokensKept)
    {
        lock (_gate)
        {
            int index = _keyframes.FindLastIndex(k => k.Keyframe.Number == number);
            if (index >= 0)
                _keyframes[index] = _keyframes[index] with { TokensKept = tokensKept };
        }
    }

    public void Remove(HashSet<int> numbers)
    {
        lock (_gate)
            _keyframes.RemoveAll(k => numbers.Contains(k.Keyframe.Number));
    }

    public IndexedKeyframe[] All()
    {
        lock (_gate)
            return [.. _keyframes];
    }

    /// <summary>The newest keyframes from a number on, in order.</summary>
    public IReadOnlyList<IndexedKeyframe> Newest(int from, int most)
    {
        lock (_gate)
        {
            int first = _keyframes.FindIndex(k => k.Keyframe.Number >= from);
            return first < 0 ? [] : [.. _keyframes.Skip(Math.Max(first, _keyframes.Count - most))];
        }
    }

    public bool Contains(int number)
    {
        lock (_gate)
            return _keyframes.Exists(k => k.Keyframe.Number == number);
    }

    /// <summary>The number of the newest keyframe up to a time, since what is remembered of several stands at the first of them; null where there is none any more.</summary>
    public int? NumberAt(TimeSpan time)
    {
        lock (_gate)
            return _keyframes.FindLastIndex(k => k.Keyframe.Time <= time) is var index and >= 0 ? _keyframes[index].Keyframe.Number : null;
    }

    /// <summary>The JPEG of that keyframe.</summary>
    /// <param name="pathOf">Where the picture of a keyframe lies.</param>
    public byte[]? PictureAt(TimeSpan time, Func<int, string> pathOf)
    {
        try
        {
            return NumberAt(time) is { } number ? File.ReadAllBytes(pathOf(number)) : null;
        }
        catch (IOException)
        {
            return null; // tidied up meanwhile
        }
    }

    /// <summary>How many pictures were looked at in a stretch, as of its keyframes.</summary>
    /// <param name="sampledNow">How many were looked at in all.</param>
    public long SampledBetween(TimeSpan from, TimeSpan to, long sampledNow)
    {
        lock (_gate)
        {
            int first = _keyframes.FindIndex(k => k.Keyframe.Time >= from);
            if (first < 0)
                return 0;
            int after = _keyframes.FindIndex(first, k => k.Keyframe.Time > to);
            return Math.Max(0, (after < 0 ? sampledNow : _keyframes[after].Sampled - 1) - (_keyframes[first].Sampled - 1));
        }
    }
}
