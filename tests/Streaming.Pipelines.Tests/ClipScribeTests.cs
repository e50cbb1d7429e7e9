using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Models;
using Streaming.Perception;

namespace Streaming.Pipelines.Tests;

public class ClipScribeTests
{
    private const int Hidden = 4;

    private readonly InferenceQueue _queue = new();
    private readonly List<Note> _notes = [];

    [Fact]
    public async Task Offer_what_the_model_says_of_a_clip_is_noted_event_by_event()
    {
        var model = new ScriptedModel("the red car came in, the man left.");
        MemorySnapshot memory = Memory(5);
        await using ClipScribe scribe = Over(model);
        scribe.Offer(memory.Clips[0], memory);
        await UntilAsync(scribe, account => account.Written == 1);
        Assert.Equal(["the red car came in", "the man left"], _notes.Select(note => note.Fact.Detail));
        Assert.All(_notes, note => Assert.Equal((memory.Clips[0].From, memory.Clips[0].To, NoteSource.Model, FactKind.Say), (note.From, note.To, note.Source, note.Fact.Kind)));
    }

    [Fact]
    public async Task Offer_nothing_that_happened_is_no_note()
    {
        MemorySnapshot memory = Memory(5);
        await using ClipScribe scribe = Over(new ScriptedModel("nothing happened"));
        scribe.Offer(memory.Clips[0], memory);
        await UntilAsync(scribe, account => account.Written == 1);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task Offer_while_others_hold_the_device_the_oldest_clips_are_left_out_and_counted()
    {
        MemorySnapshot memory = Memory(5);
        var held = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> holding = _queue.RunAsync(InferenceClass.Film, _ => held.Task);
        await using ClipScribe scribe = Over(new ScriptedModel("the door opened"));
        scribe.Offer(memory.Clips[0], memory);
        while (_queue.Depth == 0)
            await Task.Yield();
        for (int clip = 0; clip < 3 * ClipScribe.MostWaiting; clip++)
            scribe.Offer(memory.Clips[0], memory);
        Assert.Equal(2 * ClipScribe.MostWaiting, scribe.Account.Skipped);
        held.SetResult(0);
        await holding;
        await UntilAsync(scribe, account => account.Written == 1 + ClipScribe.MostWaiting);
    }

    [Fact]
    public async Task DisposeAsync_ends_although_clips_wait()
    {
        MemorySnapshot memory = Memory(5);
        var held = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> holding = _queue.RunAsync(InferenceClass.Question, _ => held.Task);
        ClipScribe scribe = Over(new ScriptedModel("the door opened"));
        scribe.Offer(memory.Clips[0], memory);
        await scribe.DisposeAsync();
        Assert.Equal((0, 1), scribe.Account);
        held.SetResult(0);
        await holding;
    }

    private ClipScribe Over(ScriptedModel model) => new(
        new Answering(model, new PromptBuilder(new PromptWording(new FrameHeader(" {seconds}"), "\n")), _queue, new AnsweringOptions(), Hidden),
        notes =>
        {
            lock (_notes)
                _notes.AddRange(notes);
        });

    private static MemorySnapshot Memory(int keyframes)
    {
        var memory = new StreamMemory(new MemoryOptions());
        for (int number = 0; number < keyframes; number++)
        {
            var time = TimeSpan.FromSeconds(number);
            var tokens = new VisualTokens(Hidden, new float[Hidden], new[] { new TokenOrigin(time, 0, 0) }, new float[] { 1 }, new float[] { 0 });
            memory.Write(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0.1f), tokens));
        }
        return memory.Snapshot;
    }

    private static async Task UntilAsync(ClipScribe scribe, Func<(long Written, long Skipped), bool> isExpected)
    {
        while (!isExpected(scribe.Account))
            await Task.Yield();
    }
}
