using Streaming.Models;

namespace Streaming.Compression.Tests.Shelf;

/// <summary>Made-up sequences of whole frames on a square grid: what cameras send, and what attackers would.</summary>
internal static class Sequences
{
    public const int Hidden = 12;

    /// <summary>Every token anew; nothing moves; one scene under noise as strong as itself; two scenes in turn; scenes of five frames; a new
    /// scene with every frame.</summary>
    public static string[] Kinds { get; } = ["random", "still", "noise", "strobe", "scenes", "cuts"];

    public static VisualTokens Of(string kind, int seed, int frames, int side)
    {
        var dice = new Random(seed);
        int places = side * side;
        float[] one = Values(dice, places * Hidden), other = Values(dice, places * Hidden);
        var features = new List<float>();
        for (int frame = 0; frame < frames; frame++)
        {
            if (kind == "cuts" || (kind == "scenes" && frame % 5 == 4))
                one = Values(dice, places * Hidden);
            float noise = kind switch { "still" or "strobe" or "cuts" => 0, "scenes" => 0.05f, _ => 1 };
            float[] own = Values(dice, places * Hidden), scene = kind == "strobe" && frame % 2 == 1 ? other : one;
            features.AddRange(scene.Select((value, i) => kind == "random" ? own[i] : value + noise * own[i]));
        }
        int count = frames * places;
        TokenOrigin[] origins = [.. Enumerable.Range(0, count).Select(i => new TokenOrigin(
            TimeSpan.FromSeconds(0.5 * (i / places)), (short)(i % places / side), (short)(i % side)))];
        float[] ones = [.. Enumerable.Repeat(1f, count)];
        return new VisualTokens(Hidden, features.ToArray(), origins, ones, Values(dice, count));
    }

    private static float[] Values(Random dice, int count) => [.. Enumerable.Range(0, count).Select(_ => dice.NextSingle() - 0.5f)];
}
