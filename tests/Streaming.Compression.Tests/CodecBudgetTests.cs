using Streaming.Compression.Codec;
using Streaming.Compression.Tests.Shelf;
using Streaming.Models;

namespace Streaming.Compression.Tests;

public sealed class CodecBudgetTests
{
    private const int Places = 16;

    private static readonly CodecBudgetOptions Options = new();

    private readonly CodecBudgetReducer _reducer = new(Options);

    public static TheoryData<string> Kinds => [.. Sequences.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reduce_spends_the_budget_exactly_whatever_the_codec_tells(string kind)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var dice = new Random(seed);
            VisualTokens tokens = Sequences.Of(kind, seed, frames: dice.Next(1, 30), side: 4);
            int budget = dice.Next(0, tokens.Count + 3);

            Assert.Equal(Math.Min(budget, tokens.Count), _reducer.Reduce(tokens, budget).Count);
            Assert.Equal(Math.Min(budget, tokens.Count), _reducer.Reduce(tokens, Told(tokens, _ => Anything(dice)), budget).Count);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reduce_of_told_frames_keeps_order_and_is_deterministic(string kind)
    {
        var dice = new Random(1);
        VisualTokens tokens = Sequences.Of(kind, 2, frames: 20, side: 4);
        Keyframe[] keyframes = Told(tokens, _ => Anything(dice));

        VisualTokens once = _reducer.Reduce(tokens, keyframes, 50), again = new CodecBudgetReducer(Options).Reduce(tokens, keyframes, 50);

        Assert.Equal(once.Origins.ToArray(), again.Origins.ToArray());
        Assert.Equal(once.Features.ToArray(), again.Features.ToArray());
        Assert.Equal(once.Origins.ToArray().Distinct().OrderBy(origin => (origin.Time, origin.Row, origin.Column)), once.Origins.ToArray());
    }

    [Fact]
    public void Share_of_a_frame_never_falls_where_more_moves_or_more_is_coded()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var dice = new Random(seed);
            VisualTokens tokens = Sequences.Of(Sequences.Kinds[seed % Sequences.Kinds.Length], seed, frames: dice.Next(2, 20), side: 4);
            int frame = dice.Next(tokens.Count / Places), budget = dice.Next(1, tokens.Count);
            Keyframe[] less = Told(tokens, _ => Anything(dice)), more = [.. less];
            CodecNews told = less[frame].Codec!.Value;
            more[frame] = less[frame] with { Codec = told with { Motion = told.Motion + dice.NextSingle(), Size = told.Size + dice.NextSingle() } };

            Assert.True(ShareOf(tokens, more, budget)[frame] >= ShareOf(tokens, less, budget)[frame], $"seed {seed}");
        }
    }

    [Fact]
    public void Share_of_frames_in_which_more_is_new_is_larger()
    {
        // In the third frame four places are new, in the sixth two.
        VisualTokens film = Film(8, (frame, place) => (frame == 2 && place < 4) || (frame == 5 && place < 2) ? 5 : 0);
        int[] shares = ShareOf(film, [], 20);

        Assert.Equal([15, 0, 3, 0, 0, 2, 0, 0], shares);
        Assert.Equal([16, 0, 4, 0, 0, 2, 0, 0], ShareOf(film, [], 22));
    }

    [Fact]
    public void Share_of_intra_frames_that_bring_nothing_new_is_that_of_others()
    {
        VisualTokens film = Film(12, (_, _) => 0);
        int[] plain = ShareOf(film, Told(film, _ => default), 40), intra = ShareOf(film, Told(film, frame => new CodecNews(frame % 4 == 0)), 40);

        Assert.Equal(plain, intra);
        Assert.Equal([true, .. Enumerable.Repeat(false, 11)], NewsOf(film, Told(film, frame => new CodecNews(frame % 4 == 0))).IsKey.ToArray());
    }

    [Fact]
    public void IsKey_of_intra_frames_and_cuts_with_news_holds()
    {
        // A quarter of the places is new in frame 3; from frame 6 on there is another scene.
        VisualTokens film = Film(9, (frame, place) => frame >= 6 ? 7 : frame == 3 && place < 4 ? 3 : 0);

        Assert.Equal([0, 6], KeysOf(film, []));
        Assert.Equal([0, 3, 4, 6], KeysOf(film, Told(film, frame => new CodecNews(IsIntra: frame is 3 or 4 or 5))));
        Assert.Equal([0, 6], KeysOf(film, Told(film, frame => new CodecNews(false, 0, frame == 6 ? 3 : 0))));
        Assert.Equal([0], KeysOf(film, Told(film, _ => new CodecNews(false, 0, 0))));
        Assert.Equal([0, 7], KeysOf(film, Told(film, frame => new CodecNews(false, 0, frame == 7 ? 3 : 0, 0, frame == 7 ? 0.5f : 0))));
    }

    [Fact]
    public void IsKey_leaves_no_gap_that_a_frame_could_close()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var dice = new Random(seed);
            TimeSpan time = TimeSpan.Zero;
            var frames = Enumerable.Range(0, dice.Next(1, 40)).Select(_ => Tokens.Frame((time += TimeSpan.FromSeconds(0.1 + 6 * dice.NextDouble())).TotalSeconds, place => place)).ToList();
            VisualTokens film = frames.Join(Tokens.Hidden);
            ClipNews news = NewsOf(film, []);
            TimeSpan longest = TimeSpan.FromSeconds(Math.Max(8, (news.TimeOf(frames.Count - 1) - news.TimeOf(0)).TotalSeconds / 20));

            int before = 0;
            for (int frame = 1; frame < frames.Count; frame++)
            {
                if (!news.IsKey[frame] && frame < frames.Count - 1)
                    continue;
                Assert.True(frame == before + 1 || news.TimeOf(frame) - news.TimeOf(before) <= longest, $"seed {seed}: {before} to {frame}");
                before = frame;
            }
        }
    }

    [Fact]
    public void IsKey_of_a_long_rest_is_evenly_spaced()
    {
        VisualTokens film = Enumerable.Range(0, 61).Select(frame => Tokens.Frame(frame / 2.0, place => place)).ToList().Join(Tokens.Hidden);
        Assert.Equal([0, 15, 30, 45], KeysOf(film, []));
    }

    [Fact]
    public void Reduce_of_a_still_film_shows_its_keyframe_before_anything_else()
    {
        VisualTokens film = Film(12, (_, _) => 0);
        Assert.All(_reducer.Reduce(film, Places).Origins.ToArray(), origin => Assert.Equal(TimeSpan.Zero, origin.Time));
    }

    [Fact]
    public void Reduce_outside_keyframes_merges_what_is_new_and_drops_what_is_known()
    {
        VisualTokens film = Film(4, (frame, place) => frame == 2 && place < 4 ? 4 + place : 0);
        VisualTokens kept = _reducer.Reduce(film, Places / 2);
        int[] atTwo = [.. Enumerable.Range(0, kept.Count).Where(i => kept.Origins.Span[i].Time == TimeSpan.FromSeconds(1))];

        Assert.InRange(atTwo.Length, 1, 3);
        Assert.All(atTwo, i => Assert.InRange(kept.Origins.Span[i].Row * Tokens.Side + kept.Origins.Span[i].Column, 0, 3));
        Assert.Equal(4, atTwo.Sum(i => kept.Weights.Span[i]));
    }

    [Fact]
    public void Reduce_without_signals_is_as_if_nothing_had_been_told()
    {
        VisualTokens tokens = Sequences.Of("scenes", 4, frames: 17, side: 4);
        float[] plain = _reducer.Reduce(tokens, 60).Features.ToArray();

        Assert.Equal(plain, _reducer.Reduce(tokens, Told(tokens, _ => null), 60).Features.ToArray());
        Assert.Equal(plain, _reducer.Reduce(tokens, [.. Told(tokens, _ => default(CodecNews)).Where(keyframe => keyframe.Number % 3 == 1)], 60).Features.ToArray());
    }

    [Fact]
    public void Reduce_of_frames_that_are_not_whole_compares_each_place_with_what_it_last_showed()
    {
        VisualTokens[] parts = [Frame(0, _ => 0), Frame(1, _ => 0).Take([3, 4]), Frame(2, place => place == 5 ? 6 : 0).Take([4, 5, 6, 7])];
        int[] shares = ShareOf(parts.Join(Tokens.Hidden), [], 10);

        Assert.Equal(10, shares.Sum());
        Assert.Equal((0, 1), (shares[1], shares[2]));
    }

    [Fact]
    public void ForStream_gives_the_reducer_what_the_codec_told()
    {
        var options = new ReducerOptions { Name = "codec", RetainRatio = 0.3, HoliTom = new() { Chunk = 6 } };
        VisualTokens tokens = Sequences.Of("noise", 4, frames: 6, side: 4);
        int[] Counts(Func<int, CodecNews?> told)
        {
            IStreamReducer reducer = Reducers.ForStream(options);
            Keyframe[] keyframes = Told(tokens, told);
            return [.. keyframes.SelectMany((keyframe, i) => reducer.Add(keyframe, tokens.Slice(i * Places, Places))).Select(entry => entry.Tokens.Count)];
        }

        int[] plain = Counts(_ => null), told = Counts(frame => new CodecNews(false, frame == 4 ? 2 : 0, 0));
        Assert.Equal(plain.Sum(), told.Sum());
        Assert.True(told[4] > plain[4]);
    }

    private static VisualTokens Film(int frames, Func<int, int, int> look) =>
        Enumerable.Range(0, frames).Select(frame => Frame(frame / 2.0, place => look(frame, place))).ToList().Join(Tokens.Hidden);

    /// <summary>A whole frame; different looks, 0 to 7, are orthogonal vectors.</summary>
    private static VisualTokens Frame(double seconds, Func<int, int> look)
    {
        VisualTokens frame = Tokens.Frame(seconds, _ => 0);
        var features = new float[Places * Tokens.Hidden];
        for (int place = 0; place < Places; place++)
            features[place * Tokens.Hidden + look(place)] = 1;
        return new VisualTokens(Tokens.Hidden, features, frame.Origins, frame.Weights, frame.Saliency);
    }

    private static ClipNews NewsOf(VisualTokens tokens, Keyframe[] keyframes) => new(tokens, keyframes, Options);

    private static int[] KeysOf(VisualTokens tokens, Keyframe[] keyframes) => [.. NewsOf(tokens, keyframes).IsKey.ToArray().Index().Where(frame => frame.Item).Select(frame => frame.Index)];

    private int[] ShareOf(VisualTokens tokens, Keyframe[] keyframes, int budget) => _reducer.Share(NewsOf(tokens, keyframes), budget);

    private static Keyframe[] Told(VisualTokens tokens, Func<int, CodecNews?> told) => [.. Enumerable.Range(0, tokens.Count / Places)
        .Select(frame => new Keyframe(frame, tokens.Origins.Span[frame * Places].Time, KeyframeReason.Change, 0.5f) { Codec = told(frame) })];

    private static CodecNews Anything(Random dice) =>
        new(dice.Next(4) == 0, 4 * dice.NextSingle() - 2, 6 * dice.NextSingle() - 3, 0.1f * dice.NextSingle(), dice.NextSingle());
}
