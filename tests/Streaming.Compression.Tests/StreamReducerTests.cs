using Streaming.Compression.Tests.Shelf;
using Streaming.Models;

namespace Streaming.Compression.Tests;

/// <summary>What every policy owes a stream.</summary>
public sealed class StreamReducerTests
{
    public static TheoryData<string> Policies => [.. Reducers.Policies];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Add_gives_each_keyframe_one_entry_in_order(string policy)
    {
        IStreamReducer reducer = Create(policy);
        var final = new List<MemoryEntry>();
        (Keyframe Keyframe, VisualTokens Tokens)[] film = Film("scenes", frames: 37);
        for (int i = 0; i < film.Length; i++)
        {
            final.AddRange(reducer.Add(film[i].Keyframe, film[i].Tokens));

            Assert.Equal(film.Take(i + 1).Select(one => one.Keyframe), final.Concat(reducer.Open).Select(entry => entry.Keyframe));
        }
        IReadOnlyList<MemoryEntry> open = reducer.Open;
        Assert.Equal(open.Select(Shown), reducer.End().Select(Shown));
        Assert.Empty(reducer.Open);
        Assert.Empty(reducer.End());
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Add_after_the_end_of_a_source_begins_anew(string policy)
    {
        IStreamReducer once = Create(policy), twice = Create(policy);
        (Keyframe Keyframe, VisualTokens Tokens)[] film = Film("scenes", frames: 24);
        foreach ((Keyframe keyframe, VisualTokens tokens) in film.Take(11))
            twice.Add(keyframe, tokens);
        twice.End();

        IEnumerable<string> Play(IStreamReducer reducer) =>
            [.. film.Skip(11).SelectMany(one => reducer.Add(one.Keyframe, one.Tokens)).Concat(reducer.End()).Select(Shown)];

        if (policy is not ("dtd" or "novelty")) // which go on from what they have kept
            Assert.Equal(Play(once), Play(twice));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Open_asked_or_not_and_however_often_changes_nothing(string policy)
    {
        IStreamReducer asked = Create(policy), undisturbed = Create(policy);
        var dice = new Random(3);
        var (a, b) = (new List<MemoryEntry>(), new List<MemoryEntry>());
        foreach ((Keyframe keyframe, VisualTokens tokens) in Film("random", frames: 40))
        {
            a.AddRange(asked.Add(keyframe, tokens));
            b.AddRange(undisturbed.Add(keyframe, tokens));
            for (int questions = dice.Next(3); questions > 0; questions--)
                Assert.True(asked.Open.Count + a.Count > 0);
        }
        Assert.Equal(b.Concat(undisturbed.End()).Select(Shown), a.Concat(asked.End()).Select(Shown));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Add_leaves_features_as_they_are_stored(string policy)
    {
        IStreamReducer reducer = Create(policy);
        (Keyframe Keyframe, VisualTokens Tokens)[] film = [.. Film("scenes", frames: 20).Select(one => (one.Keyframe, one.Tokens.AsStored()))];
        MemoryEntry[] final = [.. film.SelectMany(one => reducer.Add(one.Keyframe, one.Tokens)), .. reducer.End()];

        Assert.All(final, entry => Assert.All(entry.Tokens.Features.ToArray(), value => Assert.Equal((float)(Half)value, value)));
    }

    [Fact]
    public void ForStream_of_what_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Reducers.ForStream(new ReducerOptions { Name = "magic" }));
        Assert.StartsWith("RetainRatio", new ReducerOptions { RetainRatio = 0 }.Validate());
        Assert.StartsWith("HoliTom:Chunk", new ReducerOptions { HoliTom = new() { Chunk = 0 } }.Validate());
    }

    private static IStreamReducer Create(string policy) => Reducers.ForStream(new ReducerOptions { Name = policy, RetainRatio = 0.2, HoliTom = new() { Chunk = 8 } });

    private static (Keyframe Keyframe, VisualTokens Tokens)[] Film(string kind, int frames)
    {
        VisualTokens all = Sequences.Of(kind, 5, frames, side: 3);
        return [.. Enumerable.Range(0, frames).Select(i =>
            (new Keyframe(i, all.Origins.Span[i * 9].Time, KeyframeReason.Change, 0.5f), all.Slice(i * 9, 9)))];
    }

    private static string Shown(MemoryEntry entry) => string.Join(' ',
        entry.Keyframe, string.Join(',', entry.Tokens.Origins.ToArray()), string.Join(',', entry.Tokens.Features.ToArray()), string.Join(',', entry.Tokens.Weights.ToArray()));
}
