using Streaming.Models;

namespace Streaming.Compression.Tests;

/// <summary>Made-up visual tokens on a 4x4 grid of width 8.</summary>
internal static class Tokens
{
    public const int Hidden = 8;

    public const int Side = 4;

    public const int PerFrame = Side * Side;

    /// <summary>A whole frame whose token at each place points in a direction chosen by <paramref name="look"/>.</summary>
    public static VisualTokens Frame(double seconds, Func<int, int> look) => Some(seconds, [.. Enumerable.Range(0, PerFrame)], look);

    /// <summary>Tokens at <paramref name="places"/> only; equal looks are equal vectors, different looks nearly orthogonal ones.</summary>
    public static VisualTokens Some(double seconds, int[] places, Func<int, int> look)
    {
        var features = new float[places.Length * Hidden];
        for (int i = 0; i < places.Length; i++)
            Direction(look(places[i])).CopyTo(features, i * Hidden);
        var origins = places.Select(p => new TokenOrigin(TimeSpan.FromSeconds(seconds), (short)(p / Side), (short)(p % Side))).ToArray();
        var weights = new float[places.Length];
        weights.AsSpan().Fill(1);
        return new VisualTokens(Hidden, features, origins, weights, new float[places.Length]);
    }

    public static MemoryEntry Entry(double seconds, VisualTokens tokens, int number = 0) =>
        new(new Keyframe(number, TimeSpan.FromSeconds(seconds), KeyframeReason.Change, 0.1f), tokens);

    public static float[] Direction(int look)
    {
        var random = new Random(look);
        var vector = new float[Hidden];
        for (int i = 0; i < Hidden; i++)
            vector[i] = random.NextSingle() - 0.5f;
        return vector;
    }

    /// <summary>A film of <paramref name="frames"/> frames, two a second, in which random places change, after the reducer.</summary>
    public static List<MemoryEntry> Film(int seed, int frames)
    {
        var random = new Random(seed);
        var reducer = new DtdReducer(new DtdOptions());
        var looks = Enumerable.Range(0, PerFrame).ToArray();
        var film = new List<MemoryEntry>();
        for (int frame = 0; frame < frames; frame++)
        {
            for (int change = random.Next(0, 4); change > 0; change--)
                looks[random.Next(PerFrame)] = random.Next(1000);
            var tokens = Frame(frame / 2.0, place => looks[place]);
            film.Add(Entry(frame / 2.0, reducer.Reduce(tokens, PerFrame), frame));
        }

        return film;
    }
}
