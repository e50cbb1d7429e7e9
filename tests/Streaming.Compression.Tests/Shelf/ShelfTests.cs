using Streaming.Models;

namespace Streaming.Compression.Tests.Shelf;

/// <summary>What every reducer of the shelf owes, whatever it is given.</summary>
public sealed class ShelfTests
{
    /// <summary>Those that merge all they do not keep.</summary>
    private static readonly HashSet<string> Merging = ["aim", "pool", "tome", "visiondrop"];

    public static TheoryData<string, string> NamesAndKinds
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string name in Reducers.ShelfNames)
                foreach (string kind in Sequences.Kinds)
                    data.Add(name, kind);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndKinds))]
    public void Reduce_never_exceeds_its_budget_and_keeps_order(string name, string kind)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            VisualTokens tokens = Sequences.Of(kind, seed, frames: 1 + seed * 3, side: 1 + seed % 5);
            foreach (int budget in (int[])[0, 1, 2, 5, tokens.Count / 10, tokens.Count / 4, tokens.Count - 1, tokens.Count, tokens.Count + 7])
            {
                VisualTokens kept = Reducers.FromShelf(name).Reduce(tokens, Math.Max(0, budget));

                Assert.InRange(kept.Count, 0, Math.Max(0, budget));
                Assert.True(kept.Count > 0 || budget <= 0, $"nothing kept of {tokens.Count} with a budget of {budget}");
                TokenOrigin[] origins = kept.Origins.ToArray();
                Assert.Equal(origins.OrderBy(o => (o.Time, o.Row, o.Column)), origins);
                Assert.Equal(origins.Length, origins.Distinct().Count());
                Assert.All(kept.Features.ToArray(), value => Assert.True(float.IsFinite(value)));
                Assert.True(kept.Weights.ToArray().Sum() <= tokens.Count + 1e-3);
            }
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndKinds))]
    public void Reduce_twice_gives_the_same(string name, string kind)
    {
        VisualTokens tokens = Sequences.Of(kind, 3, frames: 9, side: 4);
        VisualTokens once = Reducers.FromShelf(name).Reduce(tokens, 20), again = Reducers.FromShelf(name).Reduce(tokens, 20);

        Assert.Equal(once.Features.ToArray(), again.Features.ToArray());
        Assert.Equal(once.Origins.ToArray(), again.Origins.ToArray());
    }

    [Theory]
    [MemberData(nameof(NamesAndKinds))]
    public void Reduce_that_merges_conserves_weight(string name, string kind)
    {
        VisualTokens tokens = Sequences.Of(kind, 4, frames: 8, side: 4);
        VisualTokens kept = Reducers.FromShelf(name).Reduce(tokens, 32);

        if (Merging.Contains(name))
            Assert.Equal(tokens.Count, kept.Weights.ToArray().Sum(), 1e-2);
        else
            Assert.InRange(kept.Weights.ToArray().Sum(), kept.Count - 1e-3, tokens.Count + 1e-3);
    }

    [Fact]
    public void FromShelf_of_an_unknown_name_is_refused() => Assert.Throws<ArgumentException>(() => Reducers.FromShelf("no-such"));
}
