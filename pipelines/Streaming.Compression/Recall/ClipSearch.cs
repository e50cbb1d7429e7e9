using System.Numerics.Tensors;
using Streaming.Compression.Ladder;

namespace Streaming.Compression.Recall;

/// <summary>
/// The clips that a question is about: those whose tokens resemble its words most, by deviations above the mean of all clips; of those
/// the ones that differ most from each other. The best are taken, not the first ones above a threshold.
/// </summary>
public static class ClipSearch
{
    /// <summary>At most <see cref="RecallOptions.MostClips"/> clips in order of time; none where the question singles none out.</summary>
    /// <param name="words">How the model reads the words of the question, [words, hidden]; empty: it does not tell.</param>
    public static IReadOnlyList<MemoryClip> Find(MemorySnapshot memory, RecallScope scope, ReadOnlySpan<float> words, RecallOptions options)
    {
        MemoryClip[] clips = [.. memory.Clips.Where(clip => clip.To >= scope.From && clip.From <= scope.Until)];
        if (clips.Length == 0)
            return [];
        double[] scores = Likeness(clips, words, options.BestTokens);
        for (int i = 0; i < clips.Length; i++)
            scores[i] += (options.EndWeight * EndMatch(clips[i], scope)) + (options.RecencyWeight * Math.Exp((clips[i].To - scope.Until) / options.RecencySpan));
        // Of equals the finer one, then the older one.
        List<MemoryClip> found = [.. clips.Zip(scores).Where(pair => pair.Second > options.LeastScore)
            .OrderByDescending(pair => pair.Second).ThenBy(pair => pair.First.Clips).Select(pair => pair.First)];
        if (found.Count == 0 && scope.End == RecallEnd.First)
            found = [.. clips.Take(2)];
        return [.. Diverse(found, options.MostClips).OrderBy(clip => clip.From)];
    }

    /// <summary>Of each clip the mean over the words of the mean of its best cosines, as deviations from the mean of all clips.</summary>
    private static double[] Likeness(MemoryClip[] clips, ReadOnlySpan<float> words, int best)
    {
        var scores = new double[clips.Length];
        if (words.IsEmpty || clips.Length < 2)
            return scores;
        int hidden = clips[0].Entries[0].Tokens.Hidden;
        float[] spoken = TokenFrames.UnitRows(words, hidden);
        for (int i = 0; i < clips.Length; i++)
            scores[i] = Resemblance(clips[i], spoken, hidden, best);
        double mean = scores.Average(), deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        for (int i = 0; i < clips.Length; i++)
            scores[i] = deviation > 0 ? (scores[i] - mean) / deviation : 0;
        return scores;
    }

    /// <summary>A clip that showed nothing new resembles nothing.</summary>
    private static double Resemblance(MemoryClip clip, float[] spoken, int hidden, int best)
    {
        int words = spoken.Length / hidden;
        var top = new PriorityQueue<float, float>[words];
        for (int word = 0; word < words; word++)
            top[word] = new PriorityQueue<float, float>(best + 1);
        foreach (MemoryEntry entry in clip.Entries)
        {
            for (int token = 0; token < entry.Tokens.Count; token++)
            {
                float norm = TensorPrimitives.Norm(entry.Tokens[token]);
                for (int word = 0; word < words && norm > 0; word++)
                    Keep(top[word], best, TensorPrimitives.Dot(entry.Tokens[token], spoken.AsSpan(word * hidden, hidden)) / norm);
            }
        }
        return top.Average(queue => queue.Count == 0 ? -1 : queue.UnorderedItems.Average(item => (double)item.Element));
    }

    private static void Keep(PriorityQueue<float, float> top, int best, float cosine)
    {
        top.Enqueue(cosine, cosine);
        if (top.Count > best)
            top.Dequeue();
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
