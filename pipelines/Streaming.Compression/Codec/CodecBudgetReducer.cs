using Streaming.Models;

namespace Streaming.Compression.Codec;

/// <summary>
/// KFFocus's idea without its training (arXiv 2508.08989): frames get tokens by what codec and features say is new in them. A frame's
/// weight is the square root of its coded size over what is usual for its type (MeToM's allocation), times a half and its change and
/// motion, times four for keyframes.
/// </summary>
/// <remarks>
/// Keyframes keep their most salient tokens. Of other frames what a keyframe shows already is dropped; the newest of the rest stay, into
/// which the others merge. Where the codec tells nothing, features alone decide. The budget is spent to the last token.
/// </remarks>
public sealed class CodecBudgetReducer(CodecBudgetOptions options) : IVisualTokenReducer
{
    /// <summary>What a frame in which nothing is new weighs.</summary>
    private const double Rest = 0.5;

    public string Name => "codec";

    public VisualTokens Reduce(VisualTokens tokens, int budget) => Reduce(tokens, [], budget);

    public VisualTokens Reduce(VisualTokens tokens, IReadOnlyList<Keyframe> keyframes, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        if (tokens.Count <= budget)
            return tokens;
        var news = new ClipNews(tokens, keyframes, options);
        int[] shares = Share(news, budget);
        float[] unit = TokenFrames.UnitRows(tokens);
        var into = new int[tokens.Count];
        into.AsSpan().Fill(-1);
        for (int frame = 0; frame < shares.Length; frame++)
            Choose(tokens, unit, news, frame, shares[frame], into);
        return tokens.Merge(into, options.OwnShare);
    }

    /// <summary>Tokens for each frame, which together are the budget exactly: first as many as have something to show, what is left over for the others.</summary>
    internal int[] Share(ClipNews news, int budget)
    {
        int frames = news.Frames.Length;
        int[] sizes = [.. news.Frames.Select((frame, i) => news.IsKey[i] ? frame.Count : NewTokens(news, frame).Count())];
        double[] weights = [.. Enumerable.Range(0, frames).Select(frame => Weight(news, frame))];
        int[] least = [.. Enumerable.Repeat(Math.Min(options.LeastTokens, budget / (2 * frames)), frames)];
        int[] shares = new int[frames], more = new int[frames];
        TokenBudget.Share(budget, least, sizes, weights, shares);
        int[] room = [.. news.Frames.Select((frame, i) => frame.Count - shares[i])];
        TokenBudget.Share(budget - shares.Sum(), new int[frames], room, weights, more);
        return [.. shares.Zip(more, (share, extra) => share + extra)];
    }

    private double Weight(ClipNews news, int frame)
    {
        CodecNews codec = news.Codec[frame];
        double change = news.Change[frame] + (codec.Motion ?? 0) + (codec.IntraFraction ?? 0);
        return (news.IsKey[frame] ? options.KeyWeight : 1) * Math.Exp((codec.Size ?? 0) / 2) * (Rest + change);
    }

    private IEnumerable<int> NewTokens(ClipNews news, (int Start, int Count) frame)
    {
        for (int token = frame.Start; token < frame.Start + frame.Count; token++)
        {
            if (news.Novelty[token] >= 1 - options.Likeness)
                yield return token;
        }
    }

    private void Choose(VisualTokens tokens, float[] unit, ClipNews news, int frame, int share, int[] into)
    {
        (int start, int count) = news.Frames[frame];
        ReadOnlySpan<float> scores = news.IsKey[frame] ? tokens.Saliency.Span : news.Novelty;
        int[] chosen = [.. TokenFrames.Highest(scores, start, count, share)];
        foreach (int token in chosen)
            into[token] = token;
        if (news.IsKey[frame] || share == 0)
            return;
        foreach (int token in NewTokens(news, (start, count)))
        {
            if (into[token] < 0)
                into[token] = TokenFrames.Likest(unit, tokens.Hidden, token, chosen);
        }
    }
}
