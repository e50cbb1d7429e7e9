using Streaming.Models;

namespace Streaming.Compression;

/// <summary>A policy with a threshold, for a clip that is given all at once: the lowest threshold that leaves no more than the budget.</summary>
/// <param name="create">The policy at a threshold; a higher one keeps less.</param>
/// <param name="highest">A threshold at which the budget has to be cut rather than searched.</param>
internal sealed class ThresholdSearch(Func<float, IVisualTokenReducer> create, float highest) : IVisualTokenReducer
{
    /// <summary>Halvings of the range: single precision knows no finer.</summary>
    private const int Bisections = 24;

    public string Name { get; } = create(0).Name;

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        (float low, float high) = (0, highest);
        for (int i = 0; i < Bisections; i++)
        {
            float middle = (low + high) / 2;
            (low, high) = create(middle).Reduce(tokens, tokens.Count).Count <= budget ? (low, middle) : (middle, high);
        }
        // What ties at the threshold goes together; the policy's own cut gives the room that is left to some of it.
        VisualTokens within = create(high).Reduce(tokens, budget);
        return within.Count > 0 ? within : create(low).Reduce(tokens, budget);
    }
}
