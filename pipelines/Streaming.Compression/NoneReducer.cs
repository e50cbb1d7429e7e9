using Streaming.Models;

namespace Streaming.Compression;

/// <summary>Keeps every token; over budget, the ones evenly spread over the sequence. The baseline that others are measured against.</summary>
public sealed class NoneReducer : IVisualTokenReducer
{
    public string Name => "none";

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        return tokens.Take([.. Enumerable.Range(0, budget).Select(i => (int)((long)i * tokens.Count / budget))]);
    }
}
