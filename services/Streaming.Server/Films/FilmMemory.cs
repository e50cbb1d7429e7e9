using Streaming.Compression;

namespace Streaming.Server.Films;

/// <summary>
/// The memory of a film as it was at any moment. Built by writing keyframe after keyframe, and not from the first one each time: the
/// states at every quarter of the film are kept, as far as somebody asked. Any thread may ask.
/// </summary>
/// <param name="times">Of all keyframes, in order.</param>
/// <param name="from">The keyframes from the n-th on.</param>
/// <remarks>A state holds 24,576 tokens at most by default, 26 MB at 256 float32 each, so a film's take 103 MB at most.</remarks>
internal sealed class FilmMemory(TimeSpan[] times, Func<int, IEnumerable<MemoryEntry>> from)
{
    private const int States = 4;

    private readonly Lock _gate = new();
    private readonly SortedList<int, MemorySnapshot> _states = [];
    private MemoryOptions? _options;

    /// <summary>Everything later than <paramref name="moment"/> is as if it had never been seen; null: nothing is later.</summary>
    internal MemorySnapshot AsOf(TimeSpan? moment, MemoryOptions options)
    {
        int count = moment is { } end ? Array.FindIndex(times, time => time > end) : times.Length;
        count = count < 0 ? times.Length : count;
        lock (_gate)
        {
            if (_options != options)
                _states.Clear();
            _options = options;
            return _states.TryGetValue(count, out MemorySnapshot? known) ? known : Build(count, options);
        }
    }

    /// <summary>From the last state before it.</summary>
    private MemorySnapshot Build(int count, MemoryOptions options)
    {
        (int written, MemorySnapshot before) = _states.LastOrDefault(state => state.Key < count, new(0, MemorySnapshot.Empty));
        var memory = new StreamMemory(options, before);
        int stride = (times.Length + States - 1) / States;
        foreach (MemoryEntry entry in from(written).Take(count - written))
        {
            memory.Write(entry);
            if (++written % stride == 0 || written == times.Length)
                _states[written] = memory.Snapshot;
        }
        return memory.Snapshot;
    }
}
