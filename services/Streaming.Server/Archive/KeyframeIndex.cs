using Streaming.Compression;

namespace Streaming.Server.Archive;

/// <summary>What is known of a stored keyframe without its tokens.</summary>
/// <param name="Sampled">Pictures of its stream that had been looked at by then, this one included.</param>
public readonly record struct IndexedKeyframe(Keyframe Keyframe, int TokensKept, long Sampled);

/// <summary>The keyframes whose pictures are stored, in order. One writer; any thread reads.</summary>
public sealed class KeyframeIndex
{
    private readonly Lock _gate = new();
    private readonly List<IndexedKeyframe> _keyframes = [];

    public void Add(KeyframeRecord record)
    {
        lock (_gate)
            _keyframes.Add(new IndexedKeyframe(record.Keyframe, record.TokensKept, record.Progress.Sampled));
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
