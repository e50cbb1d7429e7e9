using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Tests.Shelf;

/// <summary>The reducers of the shelf against slow forms written from the papers' formulas.</summary>
public sealed class TextbookTests
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void DivPrune_picks_the_farthest_from_its_nearest_chosen(int seed)
    {
        VisualTokens tokens = Sequences.Of("random", seed, 4, 3);
        int first = Best(tokens, [], i => Others(tokens, i).Min(j => Distance(tokens, i, j)));

        AssertChosen("divprune", tokens, Greedy(tokens, 9, first, (i, chosen) => chosen.Min(j => Distance(tokens, i, j))));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Todre_picks_the_farthest_from_all_chosen_together(int seed)
    {
        VisualTokens tokens = Sequences.Of("random", seed, 4, 3);
        int first = Best(tokens, [], i => tokens.Saliency.Span[i]);

        AssertChosen("todre", tokens, Greedy(tokens, 9, first, (i, chosen) => chosen.Sum(j => Distance(tokens, i, j))));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void MmTok_picks_the_greatest_gain_of_coverage(int seed)
    {
        VisualTokens tokens = Sequences.Of("random", seed, 4, 3);
        double[][] cover = [.. Enumerable.Range(0, tokens.Count).Select(covered =>
        {
            double[] all = [.. Enumerable.Range(0, tokens.Count).Select(i => Math.Exp((1 - Distance(tokens, i, covered)) / 0.2))];
            return all.Select(value => value / all.Sum()).ToArray();
        })];
        var chosen = new List<int>();
        while (chosen.Count < 9)
            chosen.Add(Best(tokens, chosen, i => cover.Sum(row => Math.Max(0, row[i] - chosen.Select(j => row[j]).DefaultIfEmpty(0).Max()))));

        AssertChosen("mmtok", tokens, chosen);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void MmTok_with_a_question_picks_the_greatest_gain_of_coverage_of_words_and_tokens(int seed)
    {
        (VisualTokens tokens, float[] words) = Asked(seed);
        double[][] rows = [.. Softmaxes(words, tokens, 0.02, 1.0 / 3), .. Softmaxes(tokens.Features.ToArray(), tokens, 0.2, 0.5 / tokens.Count)];
        var chosen = new List<int>();
        while (chosen.Count < 9)
            chosen.Add(Best(tokens, chosen, i => rows.Sum(row => Math.Max(0, row[i] - chosen.Select(j => row[j]).DefaultIfEmpty(0).Max()))));

        VisualTokens kept = Reducers.ForQuestion("mmtok-question").Reduce(tokens, words, 9);

        Assert.Equal(chosen.Order().Select(i => tokens.Origins.Span[i]), kept.Origins.ToArray());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Recovery_takes_back_what_is_closest_to_a_word_of_what_is_not_salient(int seed)
    {
        (VisualTokens tokens, float[] words) = Asked(seed);
        int[] salient = [.. Enumerable.Range(0, tokens.Count).OrderByDescending(i => tokens.Saliency.Span[i]).Take(6)];
        IEnumerable<int> close = Enumerable.Range(0, tokens.Count).Except(salient)
            .OrderByDescending(i => Enumerable.Range(0, 3).Max(word => TensorPrimitives.CosineSimilarity(tokens[i], words.AsSpan(word * tokens.Hidden, tokens.Hidden)))).Take(2);

        VisualTokens kept = Reducers.ForQuestion("recovery").Reduce(tokens, words, 8);

        Assert.Equal(salient.Concat(close).Order().Select(i => tokens.Origins.Span[i]), kept.Origins.ToArray());
    }

    /// <summary>Tokens and three words that each resemble one of them.</summary>
    private static (VisualTokens Tokens, float[] Words) Asked(int seed)
    {
        VisualTokens tokens = Sequences.Of("random", seed, 4, 3);
        var dice = new Random(seed);
        return (tokens, [.. Enumerable.Range(0, 3).SelectMany(_ => tokens[dice.Next(tokens.Count)].ToArray().Select(value => value + 0.2f * dice.NextSingle()))]);
    }

    /// <summary>For each row the softmax of its cosines with the tokens, times a weight.</summary>
    private static double[][] Softmaxes(float[] rows, VisualTokens tokens, double temperature, double weight) =>
        [.. Enumerable.Range(0, rows.Length / tokens.Hidden).Select(row =>
        {
            double[] all = [.. Enumerable.Range(0, tokens.Count).Select(i =>
                Math.Exp((TensorPrimitives.CosineSimilarity<float>(rows.AsSpan(row * tokens.Hidden, tokens.Hidden), tokens[i]) - 1) / temperature))];
            return all.Select(value => weight * value / all.Sum()).ToArray();
        })];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tome_one_round_merges_the_likest_pairs_into_their_mean(int seed)
    {
        VisualTokens tokens = Sequences.Of("random", seed, 4, 3);
        const int removed = 7;
        var pairs = Enumerable.Range(0, tokens.Count).Where(i => i % 2 == 0)
            .Select(a => (A: a, B: Enumerable.Range(0, tokens.Count).Where(i => i % 2 == 1).MinBy(b => Distance(tokens, a, b))))
            .OrderBy(pair => Distance(tokens, pair.A, pair.B)).Take(removed).ToLookup(pair => pair.B, pair => pair.A);
        HashSet<int> gone = [.. pairs.SelectMany(group => group)];
        float[][] expected = [.. Enumerable.Range(0, tokens.Count).Where(i => !gone.Contains(i)).Select(i => Mean(tokens, [i, .. pairs[i]]))];

        VisualTokens kept = Reducers.FromShelf("tome").Reduce(tokens, tokens.Count - removed);

        Assert.Equal(expected.Length, kept.Count);
        for (int i = 0; i < kept.Count; i++)
            AssertNear(expected[i], kept[i].ToArray());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Pool_of_blocks_of_two_is_their_mean(int seed)
    {
        VisualTokens tokens = Sequences.Of("random", seed, 3, 4);
        VisualTokens kept = Reducers.FromShelf("pool").Reduce(tokens, tokens.Count / 4);

        Assert.Equal(tokens.Count / 4, kept.Count);
        for (int frame = 0; frame < 3; frame++)
        {
            for (int block = 0; block < 4; block++)
            {
                int corner = frame * 16 + block / 2 * 8 + block % 2 * 2;
                AssertNear(Mean(tokens, [corner, corner + 1, corner + 4, corner + 5]), kept[frame * 4 + block].ToArray());
            }
        }
    }

    [Theory]
    [InlineData("fopru")]
    [InlineData("fastervlm")]
    public void Saliency_picks_the_most_salient(string name)
    {
        VisualTokens tokens = Sequences.Of("random", 1, 4, 3);
        int[] all = [.. Enumerable.Range(0, tokens.Count).OrderByDescending(i => tokens.Saliency.Span[i])];

        AssertChosen(name, tokens, name == "fopru" ? all.Take(8) : all.GroupBy(i => i / 9).SelectMany(frame => frame.Take(2)), 8);
    }

    [Fact]
    public void DyCoke_keeps_first_frames_whole_and_of_the_others_what_is_least_like_its_reference()
    {
        VisualTokens tokens = Sequences.Of("scenes", 1, 4, 3);
        IEnumerable<int> Least(int frame, int reference) => Enumerable.Range(0, 9)
            .OrderByDescending(place => Distance(tokens, frame * 9 + place, reference * 9 + place)).Take(3).Select(place => frame * 9 + place);

        AssertChosen("dycoke", tokens, [.. Enumerable.Range(0, 9), .. Least(1, 0), .. Least(2, 0), .. Least(3, 2)], 18);
    }

    [Fact]
    public void VisionZip_keeps_the_dominant_as_they_are_and_merges_the_rest_evenly()
    {
        VisualTokens tokens = Sequences.Of("random", 2, 1, 8);
        VisualTokens kept = Reducers.FromShelf("visionzip").Reduce(tokens, 32);

        int[] dominant = [.. Enumerable.Range(0, 64).OrderByDescending(i => tokens.Saliency.Span[i]).Take(27)];
        foreach (int i in dominant)
        {
            int at = kept.Origins.ToArray().AsSpan().IndexOf(tokens.Origins.Span[i]);
            Assert.Equal(tokens[i].ToArray(), kept[at].ToArray());
        }
        Assert.Equal(64, kept.Weights.ToArray().Sum(), 1e-3);
    }

    private static void AssertChosen(string name, VisualTokens tokens, IEnumerable<int> expected, int budget = 9)
    {
        VisualTokens kept = Reducers.FromShelf(name).Reduce(tokens, budget);
        Assert.Equal(expected.Order().Select(i => tokens.Origins.Span[i]), kept.Origins.ToArray());
    }

    private static List<int> Greedy(VisualTokens tokens, int count, int first, Func<int, List<int>, double> score)
    {
        List<int> chosen = [first];
        while (chosen.Count < count)
            chosen.Add(Best(tokens, chosen, i => score(i, chosen)));
        return chosen;
    }

    private static int Best(VisualTokens tokens, List<int> except, Func<int, double> score) =>
        Enumerable.Range(0, tokens.Count).Except(except).MaxBy(score);

    private static IEnumerable<int> Others(VisualTokens tokens, int i) => Enumerable.Range(0, tokens.Count).Where(j => j != i);

    private static double Distance(VisualTokens tokens, int i, int j) => 1 - TensorPrimitives.CosineSimilarity(tokens[i], tokens[j]);

    private static float[] Mean(VisualTokens tokens, IReadOnlyList<int> members) =>
        [.. Enumerable.Range(0, tokens.Hidden).Select(d => members.Sum(i => tokens[i][d]) / members.Count)];

    private static void AssertNear(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }
}
