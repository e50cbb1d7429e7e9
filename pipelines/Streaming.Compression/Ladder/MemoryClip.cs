using System.Collections.Immutable;
using System.Numerics;

namespace Streaming.Compression.Ladder;

/// <summary>
/// A stretch of a stream in memory: keyframes that belong together, or several such stretches merged into one. Immutable. Clips of a
/// memory lie side by side in order of time, and every keyframe that was written belongs to one of them.
/// </summary>
/// <param name="Entries">What is left of its keyframes, in order of time; at least one.</param>
/// <param name="From">Time of its first keyframe, left or not.</param>
/// <param name="To">Time of its last keyframe, left or not.</param>
/// <param name="Clips">How many clips it was merged from; 1: as it was cut.</param>
/// <param name="Keyframes">How many keyframes were written to it.</param>
/// <param name="Novelty">The largest <see cref="Keyframe.Change"/> of its keyframes, 0..1, but for the first of a session.</param>
/// <param name="IsWhole">Nothing of it has been given up.</param>
public sealed record MemoryClip(ImmutableArray<MemoryEntry> Entries, TimeSpan From, TimeSpan To, long Clips, long Keyframes, float Novelty, bool IsWhole)
{
    /// <summary>A clip that begins with a keyframe.</summary>
    public static MemoryClip Of(MemoryEntry entry) => new([entry], entry.Time, entry.Time, 1, 1, NoveltyOf(entry), true);

    /// <summary>Its step on the ladder: it was merged from 2^Level clips, or, once the hard cap has joined what lay best, from up to twice as many.</summary>
    public int Level => BitOperations.Log2((ulong)Clips);

    public int Tokens => Entries.Sum(entry => entry.Tokens.Count);

    /// <summary>The same clip, one keyframe longer.</summary>
    public MemoryClip With(MemoryEntry entry) => this with
    {
        Entries = Entries.Add(entry),
        To = entry.Time,
        Keyframes = Keyframes + 1,
        Novelty = Math.Max(Novelty, NoveltyOf(entry)),
    };

    /// <summary>The same stretch in fewer tokens.</summary>
    public MemoryClip Thinned(ImmutableArray<MemoryEntry> entries) => this with { Entries = entries, IsWhole = false };

    /// <summary>One clip of this one and the one after it.</summary>
    public MemoryClip Join(MemoryClip next) => new(
        Entries.AddRange(next.Entries), From, next.To, Clips + next.Clips, Keyframes + next.Keyframes, Math.Max(Novelty, next.Novelty), IsWhole && next.IsWhole);

    /// <summary>A clip that was never thinned as two, the second beginning with the <paramref name="index"/>-th entry.</summary>
    public (MemoryClip Before, MemoryClip After) CutAt(int index) => (Of(Entries[..index]), Of(Entries[index..]));

    private static MemoryClip Of(ImmutableArray<MemoryEntry> entries) =>
        new(entries, entries[0].Time, entries[^1].Time, 1, entries.Length, entries.Max(NoveltyOf), true);

    private static float NoveltyOf(MemoryEntry entry) => entry.Keyframe.Reason == KeyframeReason.First ? 0 : entry.Keyframe.Change;
}
