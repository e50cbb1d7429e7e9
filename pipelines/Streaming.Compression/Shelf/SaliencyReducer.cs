using Streaming.Models;

namespace Streaming.Compression.Shelf;

/// <summary>How many tokens each frame gets, and which.</summary>
public enum SaliencyRule
{
    /// <summary>FasterVLM (arXiv 2412.01818) and VTC-CLS (arXiv 2412.05819): as many to each frame, the most salient of it.</summary>
    Frame,

    /// <summary>FoPru (arXiv 2411.14164), rank strategy: the most salient of all.</summary>
    Rank,

    /// <summary>FoPru, row strategy: whole rows of grids, the most salient rows of all.</summary>
    Row,

    /// <summary>HiRED (arXiv 2408.10945), frames in place of tiles: each frame gets what falls into it of the most salient of all.</summary>
    HiRed,

    /// <summary>GlobalCom² (arXiv 2501.05179), frames in place of crops: shares by a softmax over the frames' whole saliency.</summary>
    GlobalCom,
}

/// <summary>The most salient tokens, by several rules that were published for attention scores.</summary>
public sealed class SaliencyReducer(SaliencyRule rule) : IVisualTokenReducer
{
    /// <summary>HiRED gives the whole picture this share of the budget; here the frames share it equally.</summary>
    private const double HiRedEqualShare = 0.5;

    /// <summary>GlobalCom²'s temperature.</summary>
    private const double GlobalComTemperature = 10;

    public string Name => rule switch
    {
        SaliencyRule.Frame => "fastervlm",
        SaliencyRule.Rank => "fopru",
        SaliencyRule.Row => "fopru-row",
        SaliencyRule.HiRed => "hired",
        _ => "globalcom",
    };

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        if (rule == SaliencyRule.Rank)
            return tokens.Take([.. TokenFrames.MostSalient(tokens, 0, tokens.Count, budget)]);
        (int Start, int Count)[] frames = TokenFrames.Of(tokens);
        if (rule == SaliencyRule.Row)
            return tokens.Take([.. WholeRows(tokens, frames, budget)]);
        int[] shares = rule switch
        {
            SaliencyRule.HiRed => HiRedShares(tokens, frames, budget),
            SaliencyRule.GlobalCom => GlobalComShares(tokens, frames, budget),
            _ => TokenFrames.EqualShares(frames, budget),
        };
        return tokens.Take([.. frames.SelectMany((frame, i) => TokenFrames.MostSalient(tokens, frame.Start, frame.Count, shares[i]))]);
    }

    /// <summary>Rows in order of their saliency while they fit; the tokens left over come from the next row, the most salient first.</summary>
    private static IEnumerable<int> WholeRows(VisualTokens tokens, (int Start, int Count)[] frames, int budget)
    {
        var rows = frames.SelectMany(frame => Enumerable.Range(frame.Start, frame.Count).GroupBy(i => tokens.Origins.Span[i].Row))
            .Select(row => row.ToArray()).OrderByDescending(row => row.Sum(i => tokens.Saliency.Span[i])).ThenBy(row => row[0]);
        var chosen = new List<int>(budget);
        foreach (int[] row in rows)
        {
            int room = budget - chosen.Count;
            if (room == 0)
                break;
            chosen.AddRange(room >= row.Length ? row : TokenFrames.MostSalient(tokens, row[0], row.Length, room));
        }
        return chosen.Order();
    }

    private static int[] HiRedShares(VisualTokens tokens, (int Start, int Count)[] frames, int budget)
    {
        int equal = (int)(budget * HiRedEqualShare);
        int[] least = TokenFrames.EqualShares(frames, equal);
        var salient = new HashSet<int>(TokenFrames.MostSalient(tokens, 0, tokens.Count, budget - equal));
        double[] weights = [.. frames.Select(frame => (double)Enumerable.Range(frame.Start, frame.Count).Count(salient.Contains))];
        return Share(budget, least, frames, weights);
    }

    private static int[] GlobalComShares(VisualTokens tokens, (int Start, int Count)[] frames, int budget)
    {
        double[] sums = [.. frames.Select(frame => Enumerable.Range(frame.Start, frame.Count).Sum(i => (double)tokens.Saliency.Span[i]))];
        double most = sums.Max();
        double[] softmax = [.. sums.Select(sum => Math.Exp((sum - most) / GlobalComTemperature))];
        double total = softmax.Sum();
        return Share(budget, new int[frames.Length], frames, [.. softmax.Select(value => 1 + value / total - 1.0 / frames.Length)]);
    }

    private static int[] Share(int budget, int[] least, (int Start, int Count)[] frames, double[] weights)
    {
        var shares = new int[frames.Length];
        // Every frame has some weight, so that none is closed to what the others cannot take.
        double[] open = [.. weights.Select(weight => weight + 1e-9)];
        TokenBudget.Share(budget, least, [.. frames.Select(frame => frame.Count)], open, shares);
        return shares;
    }
}
