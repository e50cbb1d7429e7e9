using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// Text-guided recovery (Recoverable Compression, arXiv 2409.01179): the most salient tokens, and of what these leave out the tokens that
/// are closest to a word of the question.
/// </summary>
public sealed class TextGuidedRecovery : IQuestionReducer
{
    /// <summary>The share of the budget that is taken back. The paper's own split follows from how the scores are spread; a fixed one is
    /// what keeps a budget.</summary>
    private const double Recovered = 0.25;

    public string Name => "recovery";

    public bool ReadsQuestion => true;

    public VisualTokens Reduce(VisualTokens tokens, ReadOnlySpan<float> words, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        int back = words.IsEmpty ? 0 : (int)Math.Round(budget * Recovered, MidpointRounding.AwayFromZero);
        SortedSet<int> kept = [.. TokenFrames.MostSalient(tokens, 0, tokens.Count, budget - back)];
        float[] unit = TokenFrames.UnitRows(tokens), spoken = TokenFrames.UnitRows(words, tokens.Hidden);
        ulong[] ranking = [.. Enumerable.Range(0, tokens.Count).Where(i => !kept.Contains(i)).Select(i => Ranking.HighestFirst(Closest(unit, spoken, tokens.Hidden, i), i))];
        Array.Sort(ranking);
        kept.UnionWith(ranking.Take(back).Select(Ranking.IndexOf));
        return tokens.Take([.. kept]);
    }

    /// <summary>The cosine with the closest word.</summary>
    private static float Closest(float[] unit, float[] words, int hidden, int token)
    {
        float closest = -1;
        for (int start = 0; start < words.Length; start += hidden)
            closest = Math.Max(closest, TensorPrimitives.Dot(unit.AsSpan(token * hidden, hidden), words.AsSpan(start, hidden)));
        return closest;
    }
}
