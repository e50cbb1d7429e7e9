using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Benchmarks.Tokens;

/// <summary>Whether reducers stay within their budget whatever they are shown.</summary>
internal static class BudgetInputs
{
    private const int Inputs = 1_000;
    private const int Side = 4, Hidden = 16;

    /// <summary>Every policy on inputs of all kinds, lengths and budgets.</summary>
    public static BenchResult NeverOver(IEnumerable<string> policies)
    {
        string[] names = [.. policies];
        int within = 0, tried = 0;
        for (int seed = 0; seed < Inputs; seed++)
        {
            var random = new Random(seed);
            VisualTokens tokens = Volume(random, seed % 4);
            int budget = random.Next(0, tokens.Count + 1);
            foreach (string name in names)
            {
                within += Reducers.ForClip(name).Reduce(tokens, budget).Count <= budget ? 1 : 0;
                tried++;
            }
        }
        return new("tokens_never_over_budget", tried == 0 ? 0 : (double)within / tried, "share", Goal.AtLeast(1), $"{Inputs} noise, still, strobe and cut inputs for each of {names.Length} policies");
    }

    /// <param name="kind">0: noise; 1: stands still; 2: two pictures in turn; 3: scenes of one to three frames.</param>
    private static VisualTokens Volume(Random random, int kind)
    {
        int frames = random.Next(1, 24), places = Side * Side, scene = 0;
        var features = new float[frames * places * Hidden];
        var origins = new TokenOrigin[frames * places];
        for (int frame = 0; frame < frames; frame++)
        {
            scene += kind switch { 0 => 1, 3 => random.Next(3) == 0 ? 1 : 0, _ => 0 };
            var picture = new Random(kind == 2 ? frame % 2 : scene);
            for (int place = 0; place < places; place++)
            {
                int token = frame * places + place;
                origins[token] = new TokenOrigin(TimeSpan.FromSeconds(frame / 2.0), (short)(place / Side), (short)(place % Side));
                for (int i = 0; i < Hidden; i++)
                    features[token * Hidden + i] = picture.NextSingle() - 0.5f;
            }
        }
        float[] ones = [.. Enumerable.Repeat(1f, origins.Length)];
        float[] saliency = [.. origins.Select(_ => random.NextSingle())];
        return new VisualTokens(Hidden, features, origins, ones, saliency);
    }
}
