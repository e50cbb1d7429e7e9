using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Ladder;

/// <summary>How alike two clips are: the mean of the better half of the cosines of each token of the one with its best match in the other (StreamForest).</summary>
internal static class ClipLikeness
{
    /// <returns>-1..1; 1 where one of them shows nothing new.</returns>
    public static double Of(MemoryClip one, MemoryClip other)
    {
        if (one.Tokens == 0 || other.Tokens == 0)
            return 1;
        int hidden = one.Entries[0].Tokens.Hidden;
        float[] a = UnitRows(one, hidden), b = UnitRows(other, hidden);
        var best = new float[one.Tokens];
        for (int i = 0; i < best.Length; i++)
        {
            best[i] = -1;
            for (int j = 0; j < other.Tokens; j++)
                best[i] = Math.Max(best[i], TensorPrimitives.Dot<float>(a.AsSpan(i * hidden, hidden), b.AsSpan(j * hidden, hidden)));
        }
        Array.Sort(best);
        return best.Skip(best.Length / 2).Average();
    }

    private static float[] UnitRows(MemoryClip clip, int hidden) => TokenFrames.UnitRows(clip.Entries.Select(entry => entry.Tokens).ToArray().Join(hidden));
}
