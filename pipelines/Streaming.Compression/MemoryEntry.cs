using Streaming.Models;

namespace Streaming.Compression;

/// <summary>
/// A keyframe in memory with the tokens that were new in it: a place without a token looks as in the entries before.
/// Immutable. Invariant: every token's time is the keyframe's, tokens are in order of place, and no place occurs twice.
/// </summary>
public sealed record MemoryEntry(Keyframe Keyframe, VisualTokens Tokens)
{
    public TimeSpan Time => Keyframe.Time;

    /// <summary>
    /// This entry as the only trace of itself and of the one before it. What the earlier entry saw at places that this one does
    /// not mention was still so now, and moves here; what this entry saw anew replaces it and takes over its weight.
    /// </summary>
    public MemoryEntry Absorb(MemoryEntry earlier)
    {
        if (earlier.Tokens.Count == 0)
            return this;
        var mine = Tokens.Origins.Span;
        var theirs = earlier.Tokens.Origins.Span;
        var rows = new TokenRows(Tokens.Hidden, mine.Length + theirs.Length);
        int i = 0, j = 0;
        while (i < mine.Length || j < theirs.Length)
        {
            int order = i == mine.Length ? 1 : j == theirs.Length ? -1 : ComparePlaces(mine[i], theirs[j]);
            float inherited = order == 0 ? earlier.Tokens.Weights.Span[j] : 0;
            if (order <= 0)
                rows.Add(Tokens, i, mine[i], inherited);
            else
                rows.Add(earlier.Tokens, j, theirs[j] with { Time = Time });
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return this with { Tokens = rows.ToVisualTokens() };
    }

    /// <summary>This entry as the only trace of itself and of all <paramref name="earlier"/> ones, as if they had been absorbed one after another.</summary>
    /// <param name="earlier">In order of time.</param>
    public MemoryEntry Absorb(IReadOnlyList<MemoryEntry> earlier)
    {
        if (earlier.All(entry => entry.Tokens.Count == 0))
            return this;
        var sights = new SortedDictionary<(short Row, short Column), (VisualTokens Tokens, int Index, float Inherited)>();
        foreach (MemoryEntry entry in earlier.Append(this))
        {
            for (int i = 0; i < entry.Tokens.Count; i++)
            {
                (short, short) place = (entry.Tokens.Origins.Span[i].Row, entry.Tokens.Origins.Span[i].Column);
                sights[place] = (entry.Tokens, i, sights.TryGetValue(place, out var known) ? known.Tokens.Weights.Span[known.Index] + known.Inherited : 0);
            }
        }
        var rows = new TokenRows(Tokens.Hidden, sights.Count);
        foreach (((short row, short column), (VisualTokens tokens, int index, float inherited)) in sights)
            rows.Add(tokens, index, new TokenOrigin(Time, row, column), inherited);
        return this with { Tokens = rows.ToVisualTokens() };
    }

    /// <summary>Whether a place of <paramref name="earlier"/> was seen anew here, so that absorbing it frees a token.</summary>
    public bool Renews(MemoryEntry earlier)
    {
        var mine = Tokens.Origins.Span;
        var theirs = earlier.Tokens.Origins.Span;
        for (int i = 0, j = 0; i < mine.Length && j < theirs.Length;)
        {
            int order = ComparePlaces(mine[i], theirs[j]);
            if (order == 0)
                return true;
            i += order < 0 ? 1 : 0;
            j += order > 0 ? 1 : 0;
        }

        return false;
    }

    private static int ComparePlaces(TokenOrigin a, TokenOrigin b) =>
        a.Row != b.Row ? a.Row.CompareTo(b.Row) : a.Column.CompareTo(b.Column);
}
