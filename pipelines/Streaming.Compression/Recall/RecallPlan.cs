using Streaming.Compression.Ladder;

namespace Streaming.Compression.Recall;

/// <param name="To">The first moment after it.</param>
public readonly record struct Stretch(TimeSpan From, TimeSpan To);

/// <summary>Which stretches of a memory are read.</summary>
/// <param name="Stretches">In order of time and apart; at least one.</param>
/// <param name="RecentFrames">How many of the newest entries are thinned last.</param>
public sealed record RecallPlan(IReadOnlyList<Stretch> Stretches, int RecentFrames)
{
    /// <summary>A moment belongs to the stretch that it ends.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);

    /// <summary>All of a scope.</summary>
    public static RecallPlan Whole(RecallScope scope, int recentFrames) => new([new Stretch(scope.From, scope.Until + Moment)], recentFrames);

    /// <summary>Some clips of a scope, and the newest frames of it.</summary>
    /// <param name="clips">In order of time; at least one.</param>
    public static RecallPlan Of(MemorySnapshot memory, RecallScope scope, IReadOnlyList<MemoryClip> clips, int recentFrames)
    {
        TimeSpan end = scope.Until + Moment;
        TimeSpan newest = memory.Entries.Where(entry => entry.Time >= scope.From && entry.Time < end).TakeLast(recentFrames).Select(entry => entry.Time).DefaultIfEmpty(scope.Until).First();
        var stretches = new List<Stretch>();
        foreach (MemoryClip clip in clips)
            Add(stretches, new Stretch(clip.From > scope.From ? clip.From : scope.From, clip.To < scope.Until ? clip.To + Moment : end));
        Add(stretches, new Stretch(newest, end));
        return new RecallPlan(stretches, recentFrames);
    }

    public bool Holds(TimeSpan time) => Stretches.Any(stretch => time >= stretch.From && time < stretch.To);

    /// <summary>What overlaps or touches becomes one.</summary>
    private static void Add(List<Stretch> stretches, Stretch next)
    {
        if (stretches is [.., var last] && next.From <= last.To)
            stretches[^1] = last with { To = next.To > last.To ? next.To : last.To };
        else
            stretches.Add(next);
    }
}
