using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Compression.Recall;

namespace Streaming.Pipelines;

/// <summary>What an answer does not know about the stretch that it is about.</summary>
internal static class AnswerGaps
{
    /// <summary>Most gaps that are told; the longest ones.</summary>
    private const int Most = 16;

    /// <param name="unseen">What of the stream was not seen.</param>
    /// <param name="end">The end of what the question is about, which may lie after all that was seen.</param>
    public static IReadOnlyList<Gap> Of(RecallScope scope, MemorySnapshot memory, IReadOnlyList<Gap> unseen, TimeSpan end) =>
        [.. unseen.Where(gap => gap.To > scope.From && gap.From < end).Concat(Compressed(scope, memory))
            .OrderByDescending(gap => gap.To - gap.From).Take(Most).OrderBy(gap => gap.From).ThenBy(gap => gap.Reason)];

    /// <summary>Whether all of a stretch lies where no pictures came.</summary>
    public static bool Hides(this IReadOnlyList<Gap> unseen, RecallScope scope) =>
        unseen.Any(gap => gap.Reason == GapReason.Offline && gap.From < scope.From && gap.To > scope.Until);

    /// <summary>Where keyframes of the stretch have been given up, neighbours as one.</summary>
    private static List<Gap> Compressed(RecallScope scope, MemorySnapshot memory)
    {
        var gaps = new List<Gap>();
        bool isBeside = false;
        foreach (MemoryClip clip in memory.Clips.Where(clip => clip.To >= scope.From && clip.From <= scope.Until))
        {
            long given = clip.Keyframes - clip.Entries.Length;
            if (given > 0 && isBeside)
                gaps[^1] = gaps[^1] with { To = clip.To, Frames = gaps[^1].Frames + given };
            else if (given > 0)
                gaps.Add(new Gap(clip.From, clip.To, GapReason.Compressed, given));
            isBeside = given > 0;
        }
        return gaps;
    }
}
