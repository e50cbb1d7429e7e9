using Streaming.Compression.HoliTom;

namespace Streaming.Compression.Tests.HoliTom;

public sealed class HoliTomTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.333)]
    [InlineData(0.9)]
    public void Reduce_of_random_volumes_meets_the_budget_exactly(double ratio)
    {
        var reduction = new HoliTomReduction();
        for (int seed = 0; seed < 60; seed++)
        {
            Volume volume = Random(seed);
            reduction.Reduce(volume.View, new HoliTomOptions { RetainRatio = ratio });

            int budget = (int)Math.Round(volume.View.Tokens * ratio, MidpointRounding.ToEven);
            Assert.Equal(Math.Min(budget, volume.View.Tokens - reduction.Saved), reduction.Count);
        }
    }

    [Fact]
    public void Reduce_of_random_volumes_orders_tokens_by_frame_and_place()
    {
        var reduction = new HoliTomReduction();
        for (int seed = 0; seed < 60; seed++)
        {
            reduction.Reduce(Random(seed).View, new HoliTomOptions { RetainRatio = 0.3 });
            ReducedToken[] tokens = reduction.Tokens.ToArray();
            Assert.Equal(tokens.OrderBy(token => (token.Frame, token.Place)), tokens);
            Assert.Equal(tokens.Length, tokens.Select(token => (token.Frame, token.Place)).Distinct().Count());
        }
    }

    [Fact]
    public void Reduce_of_a_still_volume_conserves_weight()
    {
        Volume volume = Volume.Of(new int[12], 25, 16, 1, 0.01f);
        var reduction = new HoliTomReduction();

        reduction.Reduce(volume.View, new HoliTomOptions { RetainRatio = 0.02 });

        Assert.Equal(6, reduction.Count);
        Assert.Equal(volume.View.Tokens, reduction.Tokens.ToArray().Sum(token => token.Weight));
    }

    [Fact]
    public void Reduce_where_nothing_must_go_keeps_every_token_as_it_is()
    {
        Volume volume = Volume.Of([0, 1, 2], 9, 8, 0, 0);
        var reduction = new HoliTomReduction();

        reduction.Reduce(volume.View, new HoliTomOptions { RetainRatio = 1 });

        Assert.Equal(volume.Features, reduction.Features.ToArray());
    }

    [Fact]
    public void Reduce_keeps_something_of_what_stands_still_where_the_authors_drop_it()
    {
        // One still place of four: round(1 * r') is 0 at this ratio.
        Volume volume = Volume.Of([0, 0, 0, 0], 4, 8, 0.25, 0.01f);
        var options = new HoliTomOptions { RetainRatio = 0.3, Tau = 0.8 };
        HoliTomReduction published = new(), ours = new();

        published.Reduce(volume.View, options with { Published = true });
        ours.Reduce(volume.View, options);

        Assert.DoesNotContain(published.Tokens.ToArray(), token => token.Weight > 1);
        Assert.Contains(ours.Tokens.ToArray(), token => token.Weight == 4);
    }

    [Fact]
    public void Reduce_again_gives_the_same_and_allocates_nothing()
    {
        Volume volume = Volume.Of([0, 0, 0, 0, 1, 1, 1, 1], 49, 64, 0.6, 0.1f);
        var options = new HoliTomOptions { RetainRatio = 0.15, Tau = 0.8 };
        var reduction = new HoliTomReduction();
        reduction.Reduce(volume.View, options);
        float[] before = reduction.Features.ToArray();

        long allocated = GC.GetAllocatedBytesForCurrentThread();
        reduction.Reduce(volume.View, options);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.Equal(0, allocated);
        Assert.Equal(before, reduction.Features.ToArray());
    }

    [Fact]
    public void Cut_of_small_masks_saves_as_much_as_the_best_of_all_cuts()
    {
        var dice = new Random(1);
        for (int round = 0; round < 300; round++)
        {
            int frames = dice.Next(1, 8), places = dice.Next(1, 7);
            ulong[] still = [.. Enumerable.Range(0, frames - 1).Select(_ => (ulong)dice.Next(1 << places))];
            var segmentation = new TemporalSegmentation();

            segmentation.Cut(still, frames, 1, int.MaxValue);

            Assert.Equal(Enumerable.Range(0, 1 << (frames - 1)).Max(cuts => SavedBy(cuts, still)), segmentation.Saved);
        }
    }

    [Fact]
    public void Share_of_random_groups_is_exact_and_within_a_token_of_its_proportion()
    {
        var dice = new Random(2);
        for (int round = 0; round < 500; round++)
        {
            int[] sizes = [.. Enumerable.Range(0, dice.Next(1, 12)).Select(_ => dice.Next(0, 40))];
            double[] weights = [.. sizes.Select(size => (double)size)];
            int total = dice.Next(0, sizes.Sum() + 10);
            var shares = new int[sizes.Length];

            TokenBudget.Share(total, new int[sizes.Length], sizes, weights, shares);

            Assert.Equal(Math.Min(total, sizes.Sum()), shares.Sum());
            for (int group = 0; group < sizes.Length && total < sizes.Sum(); group++)
                Assert.InRange(shares[group], total * weights[group] / weights.Sum() - 1, total * weights[group] / weights.Sum() + 1);
        }
    }

    /// <param name="cuts">Bit i set: a new window begins with frame i + 1.</param>
    private static int SavedBy(int cuts, ulong[] still)
    {
        (int saved, int length, ulong through) = (0, 0, ulong.MaxValue);
        for (int i = 0; i <= still.Length; i++)
        {
            if (i == still.Length || (cuts >> i & 1) != 0)
            {
                saved += length > 0 ? System.Numerics.BitOperations.PopCount(through) * length : 0;
                (length, through) = (0, ulong.MaxValue);
            }
            else
            {
                (length, through) = (length + 1, through & still[i]);
            }
        }
        return saved;
    }

    private static Volume Random(int seed)
    {
        var dice = new Random(seed);
        int scene = 0;
        int[] scenes = [.. Enumerable.Range(0, dice.Next(1, 20)).Select(_ => dice.Next(4) == 0 ? ++scene : scene)];
        return Volume.Of(scenes, dice.Next(1, 80), 16, dice.NextDouble(), 0.1f, seed);
    }
}
