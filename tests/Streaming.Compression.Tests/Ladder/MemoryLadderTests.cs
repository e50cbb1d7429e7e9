using Streaming.Compression.Ladder;
using Streaming.Models;

namespace Streaming.Compression.Tests.Ladder;

public class MemoryLadderTests
{
    private static readonly MemoryOptions Small = new() { Budget = 96, RecentEntries = 4, ClipTokens = 20, ClipsPerLevel = 2, MostClips = 12 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Add_clips_stay_side_by_side_and_hold_every_keyframe_and_all_weight(int seed)
    {
        var ladder = new MemoryLadder(Small, []);
        double weight = 0;
        foreach ((int written, MemoryEntry entry) in Tokens.Film(seed, 1200).Index())
        {
            ladder.Add(entry);
            weight += Weight(entry);
            Assert.Equal(written + 1, ladder.Clips.Sum(clip => clip.Keyframes));
            Assert.Equal(weight, ladder.Clips.SelectMany(clip => clip.Entries).Sum(Weight));
            AssertSideBySide(ladder.Clips);
        }
        Assert.Equal(TimeSpan.Zero, ladder.Clips[0].From);
    }

    [Fact]
    public void Add_a_million_clips_never_exceed_the_caps_in_tokens_bytes_and_clips()
    {
        var options = new MemoryOptions { Budget = 1000, BudgetBytes = 24 * MemorySnapshot.BytesPerToken(2), RecentEntries = 2, ClipTokens = 4, ClipsPerLevel = 2, MostClips = 10 };
        var ladder = new MemoryLadder(options, []);
        var dice = new Random(7);
        const int clips = 1_000_000;
        for (int number = 0; number < clips; number++)
        {
            ladder.Add(Session(number, dice));
            if (ladder.Tokens > 24 || ladder.Clips.Count > 10)
                Assert.Fail($"{ladder.Tokens} tokens in {ladder.Clips.Count} clips after {number + 1}");
        }
        Assert.Equal(clips, ladder.Clips.Sum(clip => clip.Clips));
        Assert.Equal(ladder.Tokens, ladder.Clips.Sum(clip => clip.Tokens));
        Assert.InRange(new MemorySnapshot([.. ladder.Clips]).SizeBytes, 1, options.BudgetBytes);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Write_state_does_not_depend_on_how_entries_come_in(int seed)
    {
        List<MemoryEntry> film = Tokens.Film(seed, 700);
        var plain = new StreamMemory(Small);
        foreach (MemoryEntry entry in film)
            plain.Write(entry);
        var dice = new Random(seed);
        var batched = new StreamMemory(Small);
        for (int at = 0; at < film.Count;)
        {
            int final = dice.Next(0, 9), open = dice.Next(0, 4);
            batched.Write([.. film.Skip(at).Take(final)], [.. film.Skip(at + final).Take(open)]);
            at += final;
            if (dice.Next(20) == 0)
                batched = new StreamMemory(Small, batched.Written);
        }
        AssertSame(plain.Snapshot, batched.Written);
    }

    [Fact]
    public void Add_before_the_hard_cap_a_clip_on_step_l_spans_2_to_the_l_clips_and_older_ones_span_more()
    {
        var options = new MemoryOptions { Budget = 100_000, RecentEntries = 1, ClipTokens = 8, ClipsPerLevel = 3, MostClips = 24 };
        var ladder = new MemoryLadder(options, []);
        var dice = new Random(3);
        for (int number = 0; number < 600; number++)
        {
            ladder.Add(Session(number, dice));
            Assert.All(ladder.Clips, clip => Assert.Equal(1L << clip.Level, clip.Clips));
            Assert.Equal(ladder.Clips.Select(clip => clip.Level).OrderDescending(), ladder.Clips.Select(clip => clip.Level));
        }
        Assert.InRange(ladder.Clips[0].Level, 5, 8);
    }

    [Fact]
    public void Add_while_all_fits_nothing_is_given_up()
    {
        List<MemoryEntry> film = Tokens.Film(4, 120);
        var memory = new StreamMemory(new MemoryOptions());
        foreach (MemoryEntry entry in film)
            memory.Write(entry);
        Assert.Equal(film, memory.Snapshot.Entries);
        Assert.All(memory.Snapshot.Clips, clip => Assert.True(clip.IsWhole && clip.Entries.Length <= 16));
    }

    [Fact]
    public void Add_scene_change_begins_a_clip_and_a_long_clip_is_cut_at_its_weakest_link()
    {
        var ladder = new MemoryLadder(new MemoryOptions(), []);
        for (int second = 0; second < 24; second++)
            ladder.Add(Changed(second, second switch { 5 => 0.9f, 6 => 0.8f, 17 => 0.2f, _ => 0.05f }));
        Assert.Equal([0, 5, 17], ladder.Clips.Select(clip => clip.From.TotalSeconds));
    }

    [Fact]
    public void Add_after_a_standstill_begins_a_clip()
    {
        var ladder = new MemoryLadder(new MemoryOptions(), []);
        foreach (int second in (int[])[0, 8, 16, 300, 308])
            ladder.Add(Changed(second, 0));
        Assert.Equal([(0d, 16d), (300d, 308d)], ladder.Clips.Select(clip => (clip.From.TotalSeconds, clip.To.TotalSeconds)));
    }

    [Fact]
    public void Add_rare_event_is_merged_later_than_its_neighbours()
    {
        var options = new MemoryOptions { Budget = 100_000, RecentEntries = 1, ClipTokens = 8, ClipsPerLevel = 100, MostClips = 40 };
        var ladder = new MemoryLadder(options, []);
        for (int number = 0; number < 55; number++)
            ladder.Add(Changed(number * 100, number == 10 ? 1 : 0.05f));
        Assert.Equal(40, ladder.Clips.Count);
        Assert.All(ladder.Clips.Where(clip => clip.To.TotalSeconds <= 2500), clip => Assert.Equal(clip.From.TotalSeconds == 1000 ? 1 : 2, clip.Clips));
    }

    [Fact]
    public void Add_no_token_shows_what_was_seen_after_its_time()
    {
        var ladder = new MemoryLadder(Small, []);
        var dice = new Random(5);
        for (int second = 0; second < 2000; second++)
        {
            // The direction of a token turns slowly with time: whatever is blended can be read off.
            float[] look = [MathF.Cos(second / 2000f), MathF.Sin(second / 2000f)];
            ladder.Add(Entry(second, [dice.Next(12)], look));
            foreach (MemoryEntry entry in ladder.Clips.SelectMany(clip => clip.Entries))
            {
                for (int i = 0; i < entry.Tokens.Count; i++)
                    Assert.InRange(Math.Atan2(entry.Tokens[i][1], entry.Tokens[i][0]) * 2000, -4, entry.Time.TotalSeconds + 4);
            }
        }
    }

    private static double Weight(MemoryEntry entry) => entry.Tokens.Weights.ToArray().Sum(weight => (double)weight);

    /// <summary>A session of one keyframe, which is a clip by itself: two tokens of width 2 in a grid of four.</summary>
    private static MemoryEntry Session(int number, Random dice)
    {
        var time = TimeSpan.FromSeconds(number);
        int first = dice.Next(3);
        TokenOrigin[] origins = [new(time, 0, (short)first), new(time, 0, (short)(first + 1))];
        float[] features = [dice.NextSingle(), dice.NextSingle(), -dice.NextSingle(), dice.NextSingle()];
        return new MemoryEntry(new Keyframe(number, time, KeyframeReason.First, dice.NextSingle()), new VisualTokens(2, features, origins, new float[] { 1, 1 }, new float[2]));
    }

    private static MemoryEntry Changed(double second, float change)
    {
        MemoryEntry entry = Entry(second, [0], [1, 0]);
        return entry with { Keyframe = entry.Keyframe with { Change = change } };
    }

    private static MemoryEntry Entry(double second, int[] places, float[] look)
    {
        var time = TimeSpan.FromSeconds(second);
        float[] features = [.. places.SelectMany(_ => look)];
        var weights = new float[places.Length];
        weights.AsSpan().Fill(1);
        return new MemoryEntry(
            new Keyframe((int)second, time, KeyframeReason.Change, 0.05f),
            new VisualTokens(2, features, places.Select(place => new TokenOrigin(time, 0, (short)place)).ToArray(), weights, new float[places.Length]));
    }

    private static void AssertSideBySide(IReadOnlyList<MemoryClip> clips)
    {
        foreach (MemoryClip clip in clips)
        {
            Assert.True(clip.From <= clip.Entries[0].Time && clip.Entries[^1].Time <= clip.To && clip.Keyframes >= clip.Entries.Length);
            TimeSpan[] times = [.. clip.Entries.Select(entry => entry.Time)];
            Assert.Equal(times.Order(), times);
        }
        for (int i = 1; i < clips.Count; i++)
            Assert.True(clips[i - 1].To < clips[i].From);
    }

    private static void AssertSame(MemorySnapshot expected, MemorySnapshot actual)
    {
        Assert.Equal(expected.Clips.Select(Shown), actual.Clips.Select(Shown));
        Assert.Equal(expected.Entries.SelectMany(e => e.Tokens.Features.ToArray()), actual.Entries.SelectMany(e => e.Tokens.Features.ToArray()));
        Assert.Equal(expected.Entries.SelectMany(e => e.Tokens.Weights.ToArray()), actual.Entries.SelectMany(e => e.Tokens.Weights.ToArray()));
    }

    private static string Shown(MemoryClip clip) =>
        $"{clip.From} {clip.To} {clip.Clips} {clip.Keyframes} {clip.Novelty} {clip.IsWhole} {string.Join(' ', clip.Entries.Select(e => $"{e.Keyframe.Number}:{e.Tokens.Count}"))}";
}
