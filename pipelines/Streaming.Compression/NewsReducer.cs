using Streaming.Models;

namespace Streaming.Compression;

/// <summary>
/// Reducers that go through a stream frame by frame and keep what is news at its place of the grid. If a call leaves more than its
/// budget, frames are served in order, and of the first that does not fit whole the tokens with the highest scores stay.
/// </summary>
public abstract class NewsReducer : IVisualTokenReducer
{
    private readonly Dictionary<(short Row, short Column), float[]> _known = [];

    public abstract string Name { get; }

    /// <summary>A place that was not kept when it was first seen counts as known from then on.</summary>
    protected abstract bool RemembersFirstSight { get; }

    /// <summary>The least tokens kept of the first frame of all, news or not, where the budget allows.</summary>
    protected virtual int LeastOfFirstFrame => 0;

    public VisualTokens Reduce(VisualTokens tokens, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        int left = budget;
        var chosen = new List<int>();
        foreach ((int start, int count) in TokenFrames.Of(tokens))
        {
            List<int> news = News(tokens.Slice(start, count), left);
            foreach (int token in news)
                Remember(tokens, start + token);
            chosen.AddRange(news.Select(token => start + token));
            left -= news.Count;
        }
        return tokens.Take(chosen);
    }

    public void Resume(VisualTokens kept)
    {
        for (int token = 0; token < kept.Count; token++)
            Remember(kept, token);
    }

    /// <summary>How much each token of a frame is news; above zero, it is kept.</summary>
    /// <param name="known">The features last kept at each token's place; null where there are none, [tokens].</param>
    protected abstract void Score(VisualTokens frame, ReadOnlySpan<float[]?> known, Span<float> scores);

    /// <summary>The tokens of one frame to keep, in order of place.</summary>
    private List<int> News(VisualTokens frame, int budget)
    {
        var known = new float[]?[frame.Count];
        for (int token = 0; token < frame.Count; token++)
            known[token] = _known.GetValueOrDefault(PlaceOf(frame, token));
        var scores = new float[frame.Count];
        Score(frame, known, scores);
        int count = Math.Max(scores.Count(score => score > 0), _known.Count == 0 ? LeastOfFirstFrame : 0);
        for (int token = 0; RemembersFirstSight && token < frame.Count; token++)
        {
            if (known[token] is null)
                Remember(frame, token);
        }
        return [.. Enumerable.Range(0, frame.Count)
            .OrderByDescending(token => scores[token]).ThenBy(token => token).Take(Math.Min(count, budget)).Order()];
    }

    private void Remember(VisualTokens tokens, int token)
    {
        if (!_known.TryGetValue(PlaceOf(tokens, token), out float[]? row))
            _known[PlaceOf(tokens, token)] = row = new float[tokens.Hidden];
        tokens[token].CopyTo(row);
    }

    private static (short, short) PlaceOf(VisualTokens tokens, int token) => (tokens.Origins.Span[token].Row, tokens.Origins.Span[token].Column);
}
