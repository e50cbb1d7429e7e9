using Streaming.Models;

namespace Streaming.Compression.Tests;

public class NoveltyReducerTests
{
    private readonly NoveltyReducer _reducer = new(new NoveltyOptions());

    [Fact]
    public void Reduce_first_frame_leaves_what_stands_out()
    {
        var reducer = new NoveltyReducer(new NoveltyOptions { FirstFrame = 0 });
        Assert.Equal([5], PlacesOf(reducer.Reduce(Tokens.Frame(0, place => place == 5 ? 50 : 1), 100)));
    }

    [Fact]
    public void Reduce_first_frame_leaves_a_few_tokens_even_if_nothing_stands_out()
    {
        Assert.Equal(new NoveltyOptions().FirstFrame, _reducer.Reduce(Tokens.Frame(0, _ => 1), 100).Count);
        Assert.Equal(0, _reducer.Reduce(Tokens.Frame(1, _ => 1), 100).Count);
    }

    [Fact]
    public void Reduce_first_frame_leaves_what_stands_out_before_the_rest()
    {
        Assert.Contains(5, PlacesOf(_reducer.Reduce(Tokens.Frame(0, place => place == 5 ? 50 : 1), 100)));
        Assert.Equal([5], PlacesOf(new NoveltyReducer(new NoveltyOptions()).Reduce(Tokens.Frame(0, place => place == 5 ? 50 : 1), 1)));
    }

    [Fact]
    public void Reduce_thing_that_moves_goes_before_the_ground_that_it_uncovers()
    {
        _reducer.Reduce(Tokens.Frame(0, place => place == 5 ? 50 : 1), 100);
        Assert.Equal([6], PlacesOf(_reducer.Reduce(Tokens.Frame(1, place => place == 6 ? 50 : 1), 1)));
    }

    [Fact]
    public void Reduce_thing_that_left_brings_the_ground_in()
    {
        _reducer.Reduce(Tokens.Frame(0, place => place == 5 ? 50 : 1), 100);
        Assert.Equal([5], PlacesOf(_reducer.Reduce(Tokens.Frame(1, _ => 1), 100)));
    }

    [Fact]
    public void Reduce_ground_that_was_not_kept_is_known()
    {
        _reducer.Reduce(Tokens.Frame(0, place => place == 5 ? 50 : 1), 100);
        Assert.Equal(0, _reducer.Reduce(Tokens.Frame(1, place => place == 5 ? 50 : 1), 100).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reduce_result_does_not_depend_on_batching(int seed)
    {
        var random = new Random(seed);
        var film = Enumerable.Range(0, 12).Select(t => Tokens.Frame(t, place => place < 8 ? place : random.Next(4))).ToList();
        var whole = new NoveltyReducer(new NoveltyOptions()).Reduce(film.Join(Tokens.Hidden), 1000);
        var single = film.Select(frame => _reducer.Reduce(frame, 1000)).ToList().Join(Tokens.Hidden);
        Assert.Equal(whole.Origins.ToArray(), single.Origins.ToArray());
        Assert.Equal(whole.Features.ToArray(), single.Features.ToArray());
    }

    [Fact]
    public void Resume_goes_on_from_what_was_kept()
    {
        var kept = _reducer.Reduce(Tokens.Frame(0, place => place == 5 ? 50 : 1), 100);
        var resumed = new NoveltyReducer(new NoveltyOptions());
        resumed.Resume(kept);
        Assert.Equal(0, resumed.Reduce(Tokens.Frame(1, place => place == 5 ? 50 : 1), 100).Count);
    }

    [Theory]
    [InlineData("dtd")]
    [InlineData("novelty")]
    public void ForClip_budget_is_spread_over_the_clip_and_nearly_spent(string name)
    {
        var random = new Random(3);
        var film = Enumerable.Range(0, 16).Select(t => Tokens.Frame(t, place => random.Next(3) + 3 * place)).ToList();
        var reduced = Reducers.ForClip(name).Reduce(film.Join(Tokens.Hidden), 40);
        Assert.InRange(reduced.Count, 20, 40);
        Assert.Contains(reduced.Origins.ToArray(), origin => origin.Time >= film[^4].Origins.Span[0].Time);
    }

    [Theory]
    [InlineData("dtd")]
    [InlineData("novelty")]
    public void ForClip_of_tokens_that_all_tie_still_keeps_some(string name)
    {
        var film = Enumerable.Range(0, 4).Select(t => Tokens.Frame(t, place => (100 * t) + place)).ToList();
        Assert.InRange(Reducers.ForClip(name).Reduce(film.Join(Tokens.Hidden), 7).Count, 1, 7);
    }

    private static int[] PlacesOf(VisualTokens tokens) => [.. tokens.Origins.ToArray().Select(origin => (origin.Row * Tokens.Side) + origin.Column)];
}
