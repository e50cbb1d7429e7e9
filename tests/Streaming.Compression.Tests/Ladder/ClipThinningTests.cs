using System.Collections.Immutable;
using Streaming.Compression.Ladder;
using Streaming.Models;

namespace Streaming.Compression.Tests.Ladder;

public class ClipThinningTests
{
    [Fact]
    public void Fit_what_passed_outlives_what_flickered()
    {
        // Place 0 flickers by a few degrees all the time; something else passes place 1 in second 3.
        MemoryEntry[] film = [.. Enumerable.Range(0, 8).Select(second => second switch
        {
            0 => Entry(0, (0, 0), (1, 0)),
            3 => Entry(3, (0, 3), (1, 90)),
            4 => Entry(4, (0, 4), (1, 0)),
            _ => Entry(second, (0, second)),
        })];
        Assert.Equal([(1, 0d), (1, 3d), (1, 4d), (0, 7d)], Sights(ClipThinning.Fit([.. film], 4)));
    }

    [Fact]
    public void Fit_alike_sights_become_their_mean_by_weight_and_the_last_one_stays_as_it_was()
    {
        ImmutableArray<MemoryEntry> film = [Entry(0, (0, 0)), Entry(1, (0, 4)), Entry(2, (0, 8)), Entry(3, (0, 90)), Entry(4, (0, 180))];
        ImmutableArray<MemoryEntry> thin = ClipThinning.Fit(film, 3);
        Assert.Equal([2d, 3d, 4d], thin.Select(entry => entry.Time.TotalSeconds));
        Assert.Equal([3f, 1f, 1f], thin.Select(entry => entry.Tokens.Weights.Span[0]));
        Assert.InRange(Angle(thin[0]), 3.9, 4.1);
        Assert.Equal(film[4].Tokens[0].ToArray(), thin[2].Tokens[0].ToArray());
    }

    [Fact]
    public void Fit_of_two_different_sights_the_later_stands_as_it_was_seen()
    {
        ImmutableArray<MemoryEntry> film = [Entry(0, (0, 0)), Entry(1, (0, 60)), Entry(2, (0, 150))];
        ImmutableArray<MemoryEntry> thin = ClipThinning.Fit(film, 2);
        Assert.Equal([(0, 1d), (0, 2d)], Sights(thin));
        Assert.Equal(film[1].Tokens[0].ToArray(), thin[0].Tokens[0].ToArray());
        Assert.Equal(2, thin[0].Tokens.Weights.Span[0]);
    }

    [Fact]
    public void Fit_never_takes_the_last_sight_of_a_place_or_the_last_entries()
    {
        ImmutableArray<MemoryEntry> film = [Entry(0, (0, 0), (1, 0)), Entry(1, (0, 1)), Entry(2, (0, 2)), Entry(3, (0, 3))];
        Assert.Equal([(1, 0d), (0, 3d)], Sights(ClipThinning.Fit(film, 0)));
        ImmutableArray<MemoryEntry> verbatim = ClipThinning.Fit(film, 0, verbatim: 2);
        Assert.Equal([(1, 0d), (0, 2d), (0, 3d)], Sights(verbatim));
        Assert.Same(film[3].Tokens, verbatim[^1].Tokens);
    }

    [Fact]
    public void Fit_entries_without_anything_new_go_but_one_stays()
    {
        ImmutableArray<MemoryEntry> film = [Entry(0), Entry(1), Entry(2)];
        Assert.Equal(0, Assert.Single(ClipThinning.Fit(film, 0)).Time.TotalSeconds);
        Assert.Equal(2, Assert.Single(ClipThinning.Fit(film, 0, verbatim: 1)).Time.TotalSeconds);
    }

    private static IEnumerable<(int Place, double Second)> Sights(IEnumerable<MemoryEntry> entries) =>
        entries.SelectMany(entry => entry.Tokens.Origins.ToArray()).Select(origin => ((int)origin.Column, origin.Time.TotalSeconds));

    private static double Angle(MemoryEntry entry) => Math.Atan2(entry.Tokens[0][1], entry.Tokens[0][0]) * 180 / Math.PI;

    /// <summary>An entry whose sights are directions in the plane, in degrees.</summary>
    private static MemoryEntry Entry(double second, params (int Place, double Degrees)[] sights)
    {
        var time = TimeSpan.FromSeconds(second);
        float[] features = [.. sights.SelectMany(sight => (float[])[(float)Math.Cos(sight.Degrees * Math.PI / 180), (float)Math.Sin(sight.Degrees * Math.PI / 180)])];
        var weights = new float[sights.Length];
        weights.AsSpan().Fill(1);
        return new MemoryEntry(
            new Keyframe((int)second, time, KeyframeReason.Change, 0.1f),
            new VisualTokens(2, features, sights.Select(sight => new TokenOrigin(time, 0, (short)sight.Place)).ToArray(), weights, new float[sights.Length]));
    }
}
