using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>
/// The most diverse tokens by greedy choice. DivPrune (arXiv 2503.02175): each next one is farthest from its nearest chosen one (max-min), the
/// first is farthest from its nearest other. ToDRE's first stage (arXiv 2505.18757): each next one is farthest from all chosen ones together
/// (max-sum), the first is the most salient.
/// </summary>
/// <param name="bySum">ToDRE's form.</param>
public sealed class DivPruneReducer(bool bySum) : IVisualTokenReducer
{
    public string Name => bySum ? "todre" : "divprune";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        if (budget == 0)
            return tokens.Take([]);
        float[] unit = TokenFrames.UnitRows(tokens);
        var chosen = new SortedSet<int>();
        // The distance to what is chosen so far: the least, or the sum.
        var distance = new float[tokens.Count];
        distance.AsSpan().Fill(bySum ? 0 : float.PositiveInfinity);
        int next = bySum ? tokens.Saliency.Span.IndexOf(TensorPrimitives.Max(tokens.Saliency.Span)) : MostApart(unit, tokens.Hidden);
        while (true)
        {
            chosen.Add(next);
            if (chosen.Count == budget)
                return tokens.Take([.. chosen]);
            for (int i = 0; i < tokens.Count; i++)
            {
                float apart = 1 - TokenFrames.Likeness(unit, tokens.Hidden, i, next);
                distance[i] = bySum ? distance[i] + apart : Math.Min(distance[i], apart);
            }
            next = Farthest(distance, chosen);
        }
    }

    /// <summary>The token whose nearest other is farthest away.</summary>
    private static int MostApart(float[] unit, int hidden)
    {
        int count = unit.Length / hidden;
        var nearest = new float[count];
        nearest.AsSpan().Fill(float.NegativeInfinity);
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count; j++)
            {
                float likeness = TokenFrames.Likeness(unit, hidden, i, j);
                nearest[i] = Math.Max(nearest[i], likeness);
                nearest[j] = Math.Max(nearest[j], likeness);
            }
        }
        return nearest.AsSpan().IndexOf(TensorPrimitives.Min<float>(nearest));
    }

    private static int Farthest(float[] distance, SortedSet<int> chosen)
    {
        int farthest = -1;
        for (int i = 0; i < distance.Length; i++)
        {
            if (!chosen.Contains(i) && (farthest < 0 || distance[i] > distance[farthest]))
                farthest = i;
        }
        return farthest;
    }
}
