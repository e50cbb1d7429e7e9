using System.Globalization;
using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Benchmarks.Tokens;

/// <summary>A way to keep a share of a clip's tokens.</summary>
/// <param name="Policy">A reducer's name, or one of the constants.</param>
/// <param name="Percent">Most of the tokens that are kept.</param>
internal readonly record struct CurvePoint(string Policy, int Percent)
{
    /// <summary>Every token.</summary>
    public const string All = "all";

    /// <summary>Whole frames, evenly spread, the newest always among them.</summary>
    public const string Frames = "frames";

    /// <summary>The shares that the curve is drawn over, besides all.</summary>
    public static readonly int[] Percents = [50, 25, 15, 10, 5, 2];

    public static readonly CurvePoint Everything = new(All, 100);

    public static IEnumerable<CurvePoint> Of(IEnumerable<string> policies) =>
        from policy in policies
        from percent in Percents
        select new CurvePoint(policy, percent);

    public VisualTokens Reduce(VisualTokens tokens)
    {
        int budget = tokens.Count * Percent / 100;
        return Policy switch
        {
            All => tokens,
            Frames => SomeFrames(tokens, budget),
            _ => Reducers.ForClip(Policy).Reduce(tokens, budget),
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Policy}@{Percent}");

    /// <summary>As many whole frames as the budget buys; of a single one that is too large, evenly spread tokens.</summary>
    private static VisualTokens SomeFrames(VisualTokens tokens, int budget)
    {
        int size = tokens.Count / Clip.Frames, count = Math.Max(1, budget / size);
        var frames = Enumerable.Range(1, count).Select(i => tokens.Slice(i * Clip.Frames / count * size - size, size)).ToArray();
        return new NoneReducer().Reduce(frames.Join(tokens.Hidden), budget);
    }
}
