using Streaming.Compression.Ladder;
using Streaming.Compression.Recall;
using Streaming.Models;

namespace Streaming.Compression.Tests.Recall;

public class ClipSearchTests
{
    private const int Hidden = 16;
    private static readonly RecallOptions Options = new();

    [Theory]
    [InlineData(40)]
    [InlineData(400)]
    [InlineData(4000)]
    public void Find_rare_thing_is_found_however_long_ago(int clips)
    {
        var dice = new Random(clips);
        var memory = new StreamMemory(new MemoryOptions { Budget = 4096, ClipTokens = 32 });
        for (int clip = 0; clip < clips; clip++)
            Write(memory, clip, dice, clip == clips / 3 ? 3 : 9);
        TimeSpan planted = TimeSpan.FromSeconds(clips / 3 * 100);
        MemoryClip best = Assert.Single(ClipSearch.Find(memory.Snapshot, Scope(memory, "Was there a red circle?"), Axis(3), Options), clip => clip.From <= planted && clip.To >= planted);
        Assert.Contains(best.Entries, entry => Enumerable.Range(0, entry.Tokens.Count).Any(i => entry.Tokens[i][3] > 0.5f));
    }

    [Fact]
    public void Find_takes_few_clips_that_differ_and_in_order_of_time()
    {
        var dice = new Random(1);
        var memory = new StreamMemory(new MemoryOptions { Budget = 100_000 });
        for (int clip = 0; clip < 60; clip++)
            Write(memory, clip, dice, clip is 10 or 20 or 30 or 31 or 32 or 33 ? 3 : 9, beside: clip >= 30 ? 5 : clip >= 20 ? 6 : 7);
        IReadOnlyList<MemoryClip> found = ClipSearch.Find(memory.Snapshot, Scope(memory, "Was there a red circle?"), Axis(3), Options with { MostClips = 3 });
        Assert.Equal([1000d, 2000d], found.Take(2).Select(clip => clip.From.TotalSeconds));
        Assert.InRange(found[2].From.TotalSeconds, 3000, 3300);
    }

    [Fact]
    public void Find_question_that_singles_nothing_out_finds_nothing()
    {
        var memory = new StreamMemory(new MemoryOptions());
        for (int clip = 0; clip < 20; clip++)
            Write(memory, clip, new Random(1), 9);
        Assert.Empty(ClipSearch.Find(memory.Snapshot, Scope(memory, "What happened?"), [], Options));
        Assert.Empty(ClipSearch.Find(MemorySnapshot.Empty, Scope(memory, "What happened?"), Axis(3), Options));
    }

    [Fact]
    public void Find_two_words_find_what_is_both_and_not_one_of_each()
    {
        var memory = new StreamMemory(new MemoryOptions { Budget = 100_000 });
        for (int clip = 0; clip < 40; clip++)
            Write(memory, clip, new Random(clip), clip == 10 ? 3 : 9, clip == 10 ? 4 : 9);
        Write(memory, 40, new Random(40), 3, 3, and: 4);
        for (int clip = 41; clip < 60; clip++)
            Write(memory, clip, new Random(clip), 9);
        IReadOnlyList<MemoryClip> found = ClipSearch.Find(memory.Snapshot, Scope(memory, "Was there a red circle?"), [.. Axis(3), .. Axis(4)], Options with { MostClips = 1 });
        Assert.Equal(4000, Assert.Single(found).From.TotalSeconds);
    }

    [Fact]
    public void Find_words_that_no_token_looks_like_single_nothing_out()
    {
        var memory = new StreamMemory(new MemoryOptions());
        for (int clip = 0; clip < 20; clip++)
            Write(memory, clip, new Random(clip), clip == 4 ? 3 : 9);
        Assert.Empty(ClipSearch.Find(memory.Snapshot, Scope(memory, "Was it nice?"), new float[2 * Hidden], Options));
        Assert.Equal(400, Assert.Single(ClipSearch.Find(memory.Snapshot, Scope(memory, "Was a nice circle there?"), [.. new float[Hidden], .. Axis(3)], Options)).From.TotalSeconds);
    }

    [Fact]
    public void Find_what_notes_tell_is_found_where_the_tokens_say_nothing()
    {
        var memory = new StreamMemory(new MemoryOptions());
        for (int clip = 0; clip < 20; clip++)
            Write(memory, clip, new Random(1), 9);
        RecallScope scope = Scope(memory, "When was the car there?");
        Assert.Equal([0, 300d, 1200d], ClipSearch.Find(memory.Snapshot, scope, [], Options, [(TimeSpan.FromSeconds(301), 2.5), (TimeSpan.FromSeconds(1202), 2), (TimeSpan.FromSeconds(50), 3)])
            .Select(clip => clip.From.TotalSeconds));
    }

    [Fact]
    public void Find_first_of_a_stretch_without_words_is_its_beginning()
    {
        var memory = new StreamMemory(new MemoryOptions());
        for (int clip = 0; clip < 20; clip++)
            Write(memory, clip, new Random(1), 9);
        RecallScope scope = Scope(memory, "What came in first?") with { From = TimeSpan.FromSeconds(450) };
        Assert.Equal(500, ClipSearch.Find(memory.Snapshot, scope, [], Options)[0].From.TotalSeconds);
    }

    [Fact]
    public void Recall_of_clips_shows_all_in_sight_then_what_changed_and_last_what_is_now()
    {
        var memory = new StreamMemory(new MemoryOptions());
        memory.Write(Tokens.Entry(0, Tokens.Frame(0, place => place)));
        for (int second = 1; second < 100; second++)
            memory.Write(Tokens.Entry(second * 100, Tokens.Some(second * 100, [second % Tokens.PerFrame], _ => 1000 + second), second));
        RecallPlan plan = RecallPlan.Of(
            memory.Snapshot, new RecallScope(TimeSpan.Zero, TimeSpan.FromSeconds(9900), RecallKind.Search, RecallEnd.None),
            [memory.Snapshot.Clips.Single(clip => clip.From.TotalSeconds == 2000), memory.Snapshot.Clips.Single(clip => clip.From.TotalSeconds == 5000)], 2);
        var read = memory.Snapshot.Recall(plan, 1000, 32);
        Assert.Equal([2000d, 5000d, 9800d, 9900d], read.Select(entry => entry.Time.TotalSeconds));
        Assert.Equal(Tokens.PerFrame, read[0].Tokens.Count);
        Assert.Equal(Tokens.Direction(1020), read[0].Tokens[20 % 16].ToArray());
        Assert.Equal(Tokens.Direction(1050), read[1].Tokens[50 % 16].ToArray());
        Assert.Equal(memory.Snapshot.Entries[^1], read[^1]);
    }

    [Fact]
    public void Recall_of_very_many_entries_obeys_the_limits_and_keeps_what_is_in_sight()
    {
        var memory = new StreamMemory(new MemoryOptions { Budget = 100_000, MostClips = 10_000 });
        foreach (MemoryEntry entry in Tokens.Film(3, 3000))
            memory.Write(entry);
        var read = memory.Snapshot.Recall(TimeSpan.Zero, TimeSpan.MaxValue, 200, 10, 4);
        Assert.InRange(read.Length, 5, 10);
        Assert.InRange(read.Sum(entry => entry.Tokens.Count), 16, 200);
        Assert.Equal(memory.Snapshot.Entries[^1].Time, read[^1].Time);
    }

    private static RecallScope Scope(StreamMemory memory, string question) =>
        RecallScope.Of(question, TimeSpan.Zero, memory.Snapshot.Entries[^1].Time, memory.Snapshot.Entries[^1].Time, null, Options);

    /// <summary>A clip of three keyframes, a hundred seconds after the one before it, in which something looks like an axis.</summary>
    private static void Write(StreamMemory memory, int clip, Random dice, int axis, int beside = 7, int? and = null)
    {
        for (int frame = 0; frame < 3; frame++)
        {
            var time = TimeSpan.FromSeconds((clip * 100) + frame);
            float[] features = [.. Enumerable.Range(0, 4).SelectMany(i => Axis(i < 2 ? axis : beside).Zip(Axis(and ?? axis), (one, other) => and is null ? one : one + other).Select(value => value + (0.1f * (dice.NextSingle() - 0.5f))))];
            TokenOrigin[] origins = [.. Enumerable.Range(0, 4).Select(i => new TokenOrigin(time, (short)frame, (short)i))];
            float[] weights = [1, 1, 1, 1];
            memory.Write(new MemoryEntry(new Keyframe((clip * 3) + frame, time, KeyframeReason.Change, 0.1f), new VisualTokens(Hidden, features, origins, weights, new float[4])));
        }
    }

    private static float[] Axis(int axis)
    {
        var vector = new float[Hidden];
        vector[axis] = 1;
        return vector;
    }
}
