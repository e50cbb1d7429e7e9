using Streaming.Compression.HoliTom;
using Streaming.Models;

namespace Streaming.Compression.Tests.HoliTom;

public sealed class CausalHoliTomTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Push_of_a_film_within_one_chunk_decides_as_the_whole_film_does(int seed)
    {
        Volume volume = Random(seed, frames: 16);
        var options = new HoliTomOptions { RetainRatio = 0.2 };
        var whole = new HoliTomReduction();
        whole.Reduce(volume.View, options);
        CausalHoliTom causal = Play(volume, new CausalHoliTomOptions { HoliTom = options, Chunk = 32, Drift = 2 }).Causal;

        ReducedTokens kept = causal.Flush();

        Assert.Equal(whole.Tokens.ToArray(), kept.Tokens.ToArray());
        AssertNear(whole.Features, kept.Features);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Reduce_of_a_long_film_keeps_its_budget_order_and_places(int seed)
    {
        Volume volume = Random(seed, frames: 30 + seed * 7);
        var options = new CausalHoliTomOptions { HoliTom = new HoliTomOptions { RetainRatio = 0.05 * seed, LongestWindow = 20 }, Chunk = 1 + seed };

        (CausalHoliTom causal, List<ReducedToken> tokens) = Play(volume, options);
        tokens.AddRange(causal.Flush().Tokens);

        Assert.InRange(tokens.Count, 0, Budget(volume.Frames, volume.Places, options));
        Assert.Equal(tokens.OrderBy(token => (token.Frame, token.Place)), tokens);
        Assert.Equal(tokens.Count, tokens.Select(token => (token.Frame, token.Place)).Distinct().Count());
    }

    [Theory]
    [InlineData(0.07)]
    [InlineData(0.25)]
    [InlineData(0.9)]
    public void Flush_of_noise_meets_the_budget_exactly_at_every_moment(double ratio)
    {
        Volume volume = Volume.Of([.. Enumerable.Range(0, 50)], 23, 16, 0, 0);
        var options = new CausalHoliTomOptions { HoliTom = new HoliTomOptions { RetainRatio = ratio, Tau = 0.9 }, Chunk = 7 };
        var causal = new CausalHoliTom(volume.Places, volume.Hidden, options);
        int final = 0;
        for (int frame = 0; frame < volume.Frames; frame++)
        {
            Push(causal, volume, frame);
            final += causal.Final.Count;
            Assert.Equal(Budget(frame + 1, volume.Places, options), final + causal.Flush().Count);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Flush_leaves_the_stream_as_it_was(int seed)
    {
        Volume volume = Random(seed, frames: 60);
        var options = new CausalHoliTomOptions { HoliTom = new HoliTomOptions { RetainRatio = 0.2, LongestWindow = 24 }, Chunk = 5 };
        CausalHoliTom undisturbed = new(volume.Places, volume.Hidden, options), asked = new(volume.Places, volume.Hidden, options);
        var dice = new Random(seed);
        for (int frame = 0; frame < volume.Frames; frame++)
        {
            Push(undisturbed, volume, frame);
            Push(asked, volume, frame);
            Assert.Equal(undisturbed.Final.Features.ToArray(), asked.Final.Features.ToArray());
            for (int questions = dice.Next(3); questions > 0; questions--)
                asked.Flush();
        }
        Assert.Equal(undisturbed.Flush().Features.ToArray(), asked.Flush().Features.ToArray());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Flush_where_nothing_must_go_stands_for_every_token_of_every_frame(int seed)
    {
        Volume volume = Random(seed, frames: 70);
        var options = new CausalHoliTomOptions { HoliTom = new HoliTomOptions { RetainRatio = 1, LongestWindow = 24 }, Chunk = 6 };
        var causal = new CausalHoliTom(volume.Places, volume.Hidden, options);
        double weight = 0;
        for (int frame = 0; frame < volume.Frames; frame++)
        {
            Push(causal, volume, frame);
            weight += causal.Final.Tokens.ToArray().Sum(token => token.Weight);
            Assert.Equal((frame + 1) * volume.Places, weight + causal.Flush().Tokens.ToArray().Sum(token => token.Weight));
        }
    }

    [Fact]
    public void Flush_of_a_film_in_which_nothing_moves_conserves_weight_whatever_the_budget()
    {
        Volume volume = Volume.Of(new int[150], 25, 16, 1, 0.01f);
        var options = new CausalHoliTomOptions { HoliTom = new HoliTomOptions { RetainRatio = 0.01, LongestWindow = 40 } };

        (CausalHoliTom causal, List<ReducedToken> tokens) = Play(volume, options);
        tokens.AddRange(causal.Flush().Tokens);

        Assert.Equal(volume.View.Tokens, tokens.Sum(token => token.Weight), 1e-2);
        Assert.Contains(tokens, token => token.Weight >= 40);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Push_makes_every_frame_final_within_a_window_and_a_chunk(int seed)
    {
        Volume volume = Random(seed, frames: 120);
        var options = new CausalHoliTomOptions { HoliTom = new HoliTomOptions { LongestWindow = 3 * seed }, Chunk = 4 };
        var causal = new CausalHoliTom(volume.Places, volume.Hidden, options);
        for (int frame = 0; frame < volume.Frames; frame++)
        {
            Push(causal, volume, frame);
            Assert.InRange(causal.Frames - causal.FinalUntil, 0, options.HoliTom.LongestWindow + options.Chunk);
            Assert.All(causal.Final.Tokens.ToArray(), token => Assert.True(token.Frame < causal.FinalUntil));
        }
    }

    [Fact]
    public void Flush_of_a_slow_turn_is_cut_where_the_drift_guard_says_and_nowhere_without_it()
    {
        // Each step turns by 10 degrees, a cosine of 0.98; after 90 degrees the first frame and the last have nothing in common.
        const int frames = 10;
        float[] turning = [.. Enumerable.Range(0, frames).SelectMany(frame => new[] { MathF.Cos(frame * MathF.PI / 18), MathF.Sin(frame * MathF.PI / 18) })];
        var volume = new Volume(frames, 1, 2, turning, new float[frames]);
        var guarded = new CausalHoliTomOptions { HoliTom = new HoliTomOptions { RetainRatio = 1, Tau = 0.9 } };

        ReducedTokens without = Play(volume, guarded with { Drift = 2 }).Causal.Flush();
        ReducedTokens with = Play(volume, guarded).Causal.Flush();

        Assert.Equal(frames, Assert.Single(without.Tokens.ToArray()).Weight);
        Assert.True(with.Count > 1);
    }

    [Fact]
    public void Push_and_Flush_of_a_long_stream_allocate_nothing()
    {
        Volume volume = Volume.Of([.. Enumerable.Range(0, 300).Select(frame => frame / 37)], 49, 32, 0.6, 0.1f);
        var causal = new CausalHoliTom(volume.Places, volume.Hidden, new CausalHoliTomOptions { HoliTom = new HoliTomOptions { RetainRatio = 0.2, LongestWindow = 32 } });
        for (int frame = 0; frame < 150; frame++)
        {
            Push(causal, volume, frame);
            causal.Flush();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int frame = 150; frame < volume.Frames; frame++)
        {
            Push(causal, volume, frame);
            causal.Flush();
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Cut_of_small_chunks_saves_as_much_as_the_best_of_all_cuts()
    {
        var dice = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            (int places, int hidden, int chunk) = (dice.Next(1, 5), 2, dice.Next(1, 7));
            var options = new CausalHoliTomOptions { Chunk = chunk, Drift = 0.1, HoliTom = new HoliTomOptions { Tau = 0.8, LongestWindow = dice.Next(1, 9) } };
            float[][] frames = [.. Enumerable.Range(0, 2 * chunk).Select(_ => Turns(dice, places))];
            var textbook = new TextbookCut(options, places, hidden);
            var cut = new CausalSegmentation(options, places, hidden);
            (FrameChunk waiting, OpenWindow open) = (new FrameChunk(chunk, places, hidden), new OpenWindow(places, hidden));
            for (int half = 0; half < 2; half++)
            {
                foreach (float[] frame in frames.Skip(half * chunk).Take(chunk))
                    waiting.Add(frame, new float[places]);
                cut.Cut(waiting, open);

                Assert.Equal(textbook.MostSaved(frames.Skip(half * chunk).Take(chunk)), cut.Saved);
                Assert.Equal(cut.Saved, textbook.SavedBy(cut.Starts.ToArray(), frames.Skip(half * chunk).Take(chunk)));
                int start = cut.Starts[^1];
                textbook.LeaveOpen(start, frames.Skip(half * chunk).Take(chunk));
                if (start > 0)
                    open.Begin(0);
                open.Extend(waiting, Math.Max(1, start), cut.Still(start, cut.Last), 0);
                waiting.Empty();
            }
        }
    }

    [Fact]
    public void Create_with_a_setting_outside_its_range_is_refused() =>
        Assert.Throws<ArgumentException>(() => new CausalHoliTom(4, 4, new CausalHoliTomOptions { Chunk = 0 }));

    private static int Budget(int frames, int places, CausalHoliTomOptions options) =>
        (int)Math.Round((double)frames * places * options.HoliTom.RetainRatio, MidpointRounding.ToEven);

    private static (CausalHoliTom Causal, List<ReducedToken> Final) Play(Volume volume, CausalHoliTomOptions options)
    {
        var causal = new CausalHoliTom(volume.Places, volume.Hidden, options);
        var final = new List<ReducedToken>();
        for (int frame = 0; frame < volume.Frames; frame++)
        {
            Push(causal, volume, frame);
            final.AddRange(causal.Final.Tokens);
        }
        return (causal, final);
    }

    private static void Push(CausalHoliTom causal, Volume volume, int frame) => causal.Push(
        volume.Features.AsSpan(frame * volume.Places * volume.Hidden, volume.Places * volume.Hidden), volume.Saliency.AsSpan(frame * volume.Places, volume.Places));

    private static Volume Random(int seed, int frames)
    {
        var dice = new Random(seed);
        int scene = 0;
        int[] scenes = [.. Enumerable.Range(0, frames).Select(_ => dice.Next(9) == 0 ? ++scene : scene)];
        return Volume.Of(scenes, dice.Next(2, 70), 16, dice.NextDouble(), 0.3f, seed);
    }

    /// <summary>Unit vectors that turn by at most 60 degrees from a common direction.</summary>
    private static float[] Turns(Random dice, int places) =>
        [.. Enumerable.Range(0, places).SelectMany(_ => dice.NextSingle() * MathF.PI / 3 is var angle ? new[] { MathF.Cos(angle), MathF.Sin(angle) } : [])];

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }
}
