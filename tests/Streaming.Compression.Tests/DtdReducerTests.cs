using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.Tests;

public class DtdReducerTests
{
    private readonly DtdReducer _reducer = new(new DtdOptions());

    [Fact]
    public void Reduce_first_frame_is_kept_whole()
    {
        var frame = Tokens.Frame(0, place => place);
        Assert.Equal(frame.Features.ToArray(), _reducer.Reduce(frame, 100).Features.ToArray());
    }

    [Fact]
    public void Reduce_unchanged_frame_leaves_nothing()
    {
        _reducer.Reduce(Tokens.Frame(0, place => place), 100);
        Assert.Equal(0, _reducer.Reduce(Tokens.Frame(1, place => place), 100).Count);
    }

    [Fact]
    public void Reduce_changed_places_are_what_is_left_in_order()
    {
        _reducer.Reduce(Tokens.Frame(0, place => place), 100);
        var reduced = _reducer.Reduce(Tokens.Frame(1, place => place is 3 or 9 ? 100 + place : place), 100);
        Assert.Equal([(0, 3), (2, 1)], reduced.Origins.ToArray().Select(o => ((int)o.Row, (int)o.Column)));
        Assert.Equal(Tokens.Direction(109), reduced[1].ToArray());
    }

    [Fact]
    public void Reduce_slow_drift_is_kept_once_it_has_added_up()
    {
        float[] from = Tokens.Direction(1), to = Tokens.Direction(2);
        var kept = Enumerable.Range(0, 21).Sum(step => _reducer.Reduce(Between(step / 20f), 100).Count);
        Assert.InRange(kept, 3, 20);

        VisualTokens Between(float share)
        {
            var mixed = from.Zip(to, (a, b) => a + share * (b - a)).ToArray();
            return new VisualTokens(Tokens.Hidden, mixed, new[] { new TokenOrigin(TimeSpan.FromSeconds(share), 0, 0) }, new[] { 1f }, new[] { 0f });
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Reduce_budget_is_never_exceeded(int budget)
    {
        var random = new Random(budget);
        var film = Enumerable.Range(0, 6).Select(t => Tokens.Frame(t, _ => random.Next(1000))).ToList();
        Assert.InRange(_reducer.Reduce(film.Join(Tokens.Hidden), budget).Count, 0, budget);
    }

    [Fact]
    public void Reduce_over_budget_keeps_the_most_novel()
    {
        _reducer.Reduce(Tokens.Frame(0, _ => 1), 100);
        var opposite = Tokens.Direction(1).Select(x => -x).ToArray();
        var next = Tokens.Frame(1, place => 2);
        var features = next.Features.ToArray();
        opposite.CopyTo(features, 7 * Tokens.Hidden);
        var reduced = _reducer.Reduce(new VisualTokens(Tokens.Hidden, features, next.Origins, next.Weights, next.Saliency), 1);
        Assert.Equal(new TokenOrigin(TimeSpan.FromSeconds(1), 1, 3), Assert.Single(reduced.Origins.ToArray()));
    }

    [Fact]
    public void Reduce_token_over_budget_is_novel_again_in_the_next_frame()
    {
        _reducer.Reduce(Tokens.Frame(0, _ => 1), 100);
        Assert.Equal(2, _reducer.Reduce(Tokens.Frame(1, place => place < 5 ? 2 : 1), 2).Count);
        Assert.Equal(3, _reducer.Reduce(Tokens.Frame(2, place => place < 5 ? 2 : 1), 100).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reduce_result_does_not_depend_on_batching(int seed)
    {
        var random = new Random(seed);
        var film = Enumerable.Range(0, 12).Select(t => Tokens.Frame(t, place => place < 8 ? place : random.Next(4))).ToList();
        var whole = new DtdReducer(new DtdOptions()).Reduce(film.Join(Tokens.Hidden), 1000);
        var single = film.Select(frame => _reducer.Reduce(frame, 1000)).ToList().Join(Tokens.Hidden);
        Assert.Equal(whole.Origins.ToArray(), single.Origins.ToArray());
        Assert.Equal(whole.Features.ToArray(), single.Features.ToArray());
    }

    [Fact]
    public void Reduce_kept_tokens_rebuild_every_frame_to_within_the_threshold()
    {
        var random = new Random(11);
        var shown = new Dictionary<(short, short), float[]>();
        for (int t = 0; t < 30; t++)
        {
            var frame = Tokens.Frame(t, place => random.Next(3) + 3 * place);
            var reduced = _reducer.Reduce(frame, 1000);
            for (int i = 0; i < reduced.Count; i++)
                shown[(reduced.Origins.Span[i].Row, reduced.Origins.Span[i].Column)] = reduced[i].ToArray();
            for (int i = 0; i < frame.Count; i++)
                Assert.True(TensorPrimitives.CosineSimilarity(frame[i], shown[(frame.Origins.Span[i].Row, frame.Origins.Span[i].Column)]) > 0.9499);
        }
    }

    [Fact]
    public void Reduce_zero_vectors_are_no_news()
    {
        var zero = Tokens.Some(0, [0], _ => 0);
        VisualTokens Zero(double t) => new(Tokens.Hidden, new float[Tokens.Hidden], Tokens.Some(t, [0], _ => 0).Origins, zero.Weights, zero.Saliency);
        Assert.Equal(1, _reducer.Reduce(Zero(0), 10).Count);
        Assert.Equal(0, _reducer.Reduce(Zero(1), 10).Count);
    }

    [Fact]
    public void Create_every_name_gives_a_reducer_of_that_name()
    {
        Assert.All(Reducers.Names, name => Assert.Equal(name, Reducers.Create(new ReducerOptions { Name = name }).Name));
        Assert.StartsWith("Name", new ReducerOptions { Name = "magic" }.Validate());
        Assert.StartsWith("Dtd:Threshold", new ReducerOptions { Dtd = new DtdOptions { Threshold = 2 } }.Validate());
    }
}
