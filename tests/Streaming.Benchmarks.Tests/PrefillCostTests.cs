using Streaming.Benchmarks.Prefill;
using Streaming.Models;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Benchmarks.Tests;

public sealed class PrefillCostTests
{
    private const int Frames = 32, Places = 196;

    /// <summary>LLaVA-OneVision-7B's language model, Qwen2-7B.</summary>
    private static readonly DecoderShape Seven = new(Layers: 28, Hidden: 3584, Inner: 18_944, Heads: 28, Groups: 4, Vocabulary: 152_064);

    /// <summary>The tokens of a frame, then TFLOPs and their share with the outer stage alone and with both: HoliTom's table, arXiv 2505.21334.
    /// It divides what it has rounded.</summary>
    [Theory]
    [InlineData(49, 8.7, 21.3, 7.1, 17.4)]
    [InlineData(40, 7.0, 17.2, 5.8, 14.2)]
    [InlineData(30, 5.2, 12.7, 4.3, 10.5)]
    [InlineData(20, 3.4, 8.3, 2.8, 6.9)]
    public void Flops_of_the_7B_model_are_the_published_column(int tokens, double outer, double outerShare, double both, double bothShare)
    {
        Assert.Equal((outer, outerShare), Row(PrefillCost.Flops(Seven, Frames * tokens)));
        Assert.Equal((both, bothShare), Row(PrefillCost.Flops(Seven, Frames * tokens, InnerReducer.Named("holitom"))));
    }

    [Fact]
    public void Flops_of_all_tokens_of_the_7B_model_are_the_published_ones() => Assert.Equal((40.8, 100), Row(PrefillCost.Flops(Seven, Frames * Places)));

    [Fact]
    public void Flops_of_both_stages_at_a_tenth_are_that_share_of_all() =>
        Assert.Equal(0.0691, PrefillCost.Flops(Seven, Frames * 20, InnerReducer.Named("holitom")) / PrefillCost.Flops(Seven, Frames * Places), 4);

    [Fact]
    public void Flops_of_several_cuts_add_up_layer_by_layer()
    {
        var shape = new DecoderShape(Layers: 8, Hidden: 2, Inner: 3, Heads: 1, Groups: 1, Vocabulary: 1);
        double OfLayer(int tokens) => (4 * tokens * 4) + (2 * tokens * tokens * 2) + (2 * tokens * 2 * 3);
        Assert.Equal(
            2 * (OfLayer(40) + OfLayer(20) + OfLayer(10) + OfLayer(5)), PrefillCost.Flops(shape, 40, InnerReducer.Named("pyramiddrop")));
    }

    private static (double Tera, double Share) Row(double flops)
    {
        double tera = Math.Round(flops / 1e12, 1);
        return (tera, Math.Round(100 * tera / 40.8, 1));
    }
}
