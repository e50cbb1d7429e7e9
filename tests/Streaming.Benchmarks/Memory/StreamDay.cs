using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Benchmarks.Memory;

/// <summary>
/// More than a day of a stream, faster than real time: every ten minutes one of a reel of films, and until the next nothing moves. Written to
/// the memory under test and to the baselines as it comes.
/// </summary>
internal sealed class StreamDay(IReadOnlyList<Shot> reel, MemoryOptions options)
{
    /// <summary>From the beginning of a film to that of the next.</summary>
    public static readonly TimeSpan Slot = TimeSpan.FromMinutes(10);

    /// <summary>How often a keyframe comes although nothing changes: the selector's longest gap.</summary>
    private static readonly TimeSpan Quiet = new KeyframeSelectorOptions().MaximumGap;

    private readonly StreamMemory _memory = new(options);
    private readonly UniformMemory _uniform = new(options.Budget);
    private readonly Queue<MemoryEntry> _recent = new();
    private int _number;

    /// <summary>How many films have begun.</summary>
    public int Slots { get; private set; }

    public TimeSpan Now { get; private set; }

    public MemorySnapshot Memory => _memory.Snapshot;

    public MemorySnapshot Uniform => _uniform.Snapshot;

    /// <summary>The last seconds alone, all of them whole.</summary>
    public MemorySnapshot Recent(TimeSpan window)
    {
        var memory = new StreamMemory(new MemoryOptions());
        foreach (MemoryEntry entry in _recent.Where(entry => entry.Time > Now - window))
            memory.Write(entry);
        return memory.Snapshot;
    }

    /// <summary>The film of a slot and when it begins.</summary>
    public (Shot Shot, TimeSpan Start) Film(int slot) => (reel[slot % reel.Count], slot * Slot);

    /// <summary>The next film, to its end.</summary>
    public void PlayFilm()
    {
        var (shot, start) = Film(Slots++);
        for (int i = 0; i < shot.Kept.Count; i++)
            See(Shot.At(shot.Kept[i], _number, start), Shot.At(shot.Whole[i], _number, start));
        Now = start + shot.Length;
    }

    /// <summary>Nothing moves until a moment.</summary>
    public void StandStill(TimeSpan until)
    {
        Shot shot = Film(Slots - 1).Shot;
        for (Now += Quiet; Now < until; Now += Quiet)
        {
            VisualTokens none = shot.Kept[0].Tokens.Slice(0, 0);
            MemoryEntry last = shot.Whole[^1];
            var keyframe = new Keyframe(_number, Now, KeyframeReason.MaximumGap, 0);
            See(new MemoryEntry(keyframe, none), Shot.At(last with { Keyframe = keyframe with { Time = TimeSpan.Zero } }, _number, Now));
        }
        Now = until;
    }

    private void See(MemoryEntry kept, MemoryEntry whole)
    {
        _number++;
        _memory.Write(kept);
        _uniform.Write(whole);
        _recent.Enqueue(whole);
        if (_recent.Count > 64)
            _recent.Dequeue();
        if (Memory.Tokens > options.Budget)
            throw new InvalidOperationException($"The memory holds {Memory.Tokens} tokens at {Now}, more than {options.Budget}.");
    }
}
