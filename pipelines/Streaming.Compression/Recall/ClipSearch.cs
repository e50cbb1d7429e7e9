using Streaming.Compression.Ladder;

namespace Streaming.Compression.Recall;

/// <summary>
/// The clips that a question is about: those whose tokens resemble its words most, or of which notes tell in its words, by deviations above
/// the mean of all clips; of those the ones that differ most from each other. The best are taken, not the first ones above a threshold.
/// </summary>
public static class ClipSearch
{
    /// <summary>At most <see cref="RecallOptions.MostClips"/> clips in order of time; none where the question singles none out.</summary>
    /// <param name="words">How the model reads the words of the question, [words, hidden]; rows of zeros, and none, say nothing.</param>
    /// <param name="noted">Moments of which notes tell what is asked about, and how much of it, above 0.</param>
    public static IReadOnlyList<MemoryClip> Find(
        MemorySnapshot memory, RecallScope scope, ReadOnlySpan<float> words, RecallOptions options, IReadOnlyList<(TimeSpan Moment, double Score)>? noted = null)
    {
        MemoryClip[] clips = [.. memory.Clips.Where(clip => clip.To >= scope.From && clip.From <= scope.Until)];
        if (clips.Length == 0)
            return [];
        double[] scores = Likeness(clips, words, options.BestTokens), told = Telling(clips, noted ?? []);
        for (int i = 0; i < clips.Length; i++)
            scores[i] = Math.Max(scores[i], told[i]) + (options.EndWeight * EndMatch(clips[i], scope)) + (options.RecencyWeight * Math.Exp((clips[i].To - scope.Until) / options.RecencySpan));
        // Of equals the finer one, then the older one.
        List<MemoryClip> found = [.. clips.Zip(scores).Where(pair => pair.Second > options.LeastScore)
            .OrderByDescending(pair => pair.Second).ThenBy(pair => pair.First.Clips).Select(pair => pair.First)];
        if (found.Count == 0 && scope.End == RecallEnd.First)
            found = [.. clips.Take(2)];
        return [.. Diverse(found, options.MostClips).OrderBy(clip => clip.From)];
    }

    /// <summary>Of each clip the mean of its best cosines with all words together, as deviations from the mean of all clips.</summary>
    private static double[] Likeness(MemoryClip[] clips, ReadOnlySpan<float> words, int best)
    {
        float[] meant = WordLikeness.Meaning(words, clips[0].Entries[0].Tokens.Hidden);
        // A clip that showed nothing new resembles nothing.
        return meant.Length == 0 ? new double[clips.Length] : Deviations([.. clips.Select(clip => WordLikeness.Of(clip.Entries.Select(entry => entry.Tokens), meant, best))]);
    }

    /// <summary>Of each clip the best that notes tell of it, as deviations from the mean of all clips. A clip lasts until the next one begins.</summary>
    private static double[] Telling(MemoryClip[] clips, IReadOnlyList<(TimeSpan Moment, double Score)> noted)
    {
        if (noted.Count == 0)
            return new double[clips.Length];
        var told = new double[clips.Length];
        foreach ((TimeSpan moment, double score) in noted)
        {
            int clip = Array.FindLastIndex(clips, other => other.From <= moment);
            if (clip >= 0)
                told[clip] = Math.Max(told[clip], score);
        }
        return Deviations(told);
    }

    private static double[] Deviations(double[] scores)
    {
        double mean = scores.Average(), deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        return [.. scores.Select(score => deviation > 0 ? (score - mean) / deviation : 0)];
    }

    /// <summary>1 at the end of the stretch that the question names, falling to a third over a tenth of it.</summary>
    private static double EndMatch(MemoryClip clip, RecallScope scope) => scope.End switch
    {
        RecallEnd.First => Math.Exp((scope.From - clip.From) / Tenth(scope)) is var match and < 1 ? match : 1,
        RecallEnd.Last => Math.Exp((clip.To - scope.Until) / Tenth(scope)) is var match and < 1 ? match : 1,
        _ => 0,
    };

    private static TimeSpan Tenth(RecallScope scope) => (scope.Until - scope.From) / 10;

    /// <summary>The best one, and then always the one that is least like all that were taken (max-min).</summary>
    private static List<MemoryClip> Diverse(List<MemoryClip> ranked, int most)
    {
        if (ranked.Count <= most)
            return ranked;
        // Whatever scores far below the best of them is not worth its difference.
        List<MemoryClip> left = [.. ranked.Skip(1).Take(2 * most)];
        List<MemoryClip> taken = [ranked[0]];
        while (taken.Count < most)
        {
            MemoryClip next = left.MinBy(clip => taken.Max(other => ClipLikeness.Of(clip, other)))!;
            left.Remove(next);
            taken.Add(next);
        }
        return taken;
    }
}
