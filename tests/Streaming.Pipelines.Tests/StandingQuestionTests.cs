using Streaming.Compression;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines.Watches;

namespace Streaming.Pipelines.Tests;

public sealed class StandingQuestionTests
{
    private const int Hidden = 4;

    private readonly ScriptedModel _model = new("yes");
    private readonly StreamMemory _memory = new(new MemoryOptions());
    private readonly Answering _answering;

    public StandingQuestionTests() =>
        _answering = new Answering(_model, new PromptBuilder(new PromptWording(new FrameHeader(" {seconds}"), "\n")), new InferenceQueue(), new AnsweringOptions(), Hidden);

    [Fact]
    public async Task AskAsync_where_nothing_came_or_went_asks_no_model()
    {
        var question = new StandingQuestion(_answering, "Is it red?", Seconds(10), "yes");
        See(1, 8);
        Assert.Equal((true, false), Told(await AskAsync(question, 8)));
        Assert.Equal((true, true), Told(await AskAsync(question, 9)));
        // The window's first frame has left it.
        Assert.Equal((true, false), Told(await AskAsync(question, 12)));
        See(13);
        Assert.Equal((true, false), Told(await AskAsync(question, 13)));
        Assert.Equal(3, _model.Asked.Count);
    }

    [Fact]
    public async Task AskAsync_of_others_about_the_same_stretch_has_the_same_beginning_whatever_its_words()
    {
        See([.. Enumerable.Range(1, 9).Select(second => (double)second)]);
        foreach (string words in (string[])["Is it red now?", "When did it first come?", "Was there a dog at the start?"])
            await AskAsync(new StandingQuestion(_answering, words, Seconds(5), "yes"), 9);
        PrefixKey first = _model.Asked[0].Prefix!;
        Assert.All(_model.Asked, prompt => Assert.Equal(first, prompt.Prefix));
        See(10);
        await AskAsync(new StandingQuestion(_answering, "Is it red now?", Seconds(5), "yes"), 10);
        Assert.NotEqual(first.Digest, _model.Asked[^1].Prefix!.Digest);
        Assert.True(first.Source!.IsBefore(_model.Asked[^1].Prefix!.Source));
    }

    [Fact]
    public async Task AskAsync_about_a_stretch_in_which_nobody_looked_tells_neither()
    {
        See(1);
        var question = new StandingQuestion(_answering, "Is it red?", Seconds(5), "yes");
        WatchFinding found = await question.AskAsync(_memory.Snapshot, Seconds(20), InferenceClass.Watch, [new Gap(Seconds(2), Seconds(30), GapReason.Offline, 0)], null, default);
        Assert.Null(found.Holds);
        Assert.Empty(_model.Asked);
    }

    [Fact]
    public async Task AskAsync_with_notes_of_the_window_reads_them_behind_the_same_frames_and_asks_at_every_moment()
    {
        var book = new Notebook(new NotebookOptions());
        book.Write([new Note(Seconds(1003), Seconds(1003), NoteSource.Perception, 90, new Fact(FactKind.Enter, Thing.One("dog", 1), "left"))]);
        See(1001, 1006, 1008);
        var dog = new StandingQuestion(_answering, "Did a dog come in?", Seconds(10), "yes");
        await AskAsync(dog, 1008, book.Snapshot);
        await AskAsync(new StandingQuestion(_answering, "When did it leave?", Seconds(10), "yes"), 1008, book.Snapshot);
        Assert.Equal((true, false), Told(await AskAsync(dog, 1009, book.Snapshot)));
        string[] asked = [.. _model.Asked.Select(prompt => prompt.Messages.SelectMany(message => message.Content).OfType<TextPart>().Last().Text)];
        // Its busiest minute, which the notes name too, began at second 960.
        Assert.Contains("at 43 s: dog #1 enters left\n", asked[0], StringComparison.Ordinal);
        Assert.DoesNotContain("dog", asked[1], StringComparison.Ordinal);
        Assert.Equal(_model.Asked[0].Prefix, _model.Asked[1].Prefix);
        Assert.Equal((true, true), Told(await AskAsync(dog, 1009, book.Snapshot)));
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("No.", true)]
    [InlineData("red", false)]
    public async Task AskAsync_where_yes_or_no_is_waited_for_leaves_the_model_no_other_answer(string firesOn, bool isBound)
    {
        See(1);
        await AskAsync(new StandingQuestion(_answering, "Is it red?", Seconds(5), firesOn), 1);
        Assert.Equal(isBound, Assert.Single(_model.Limits).Shape is not null);
    }

    private static (bool?, bool) Told(WatchFinding found) => (found.Holds, found.IsReused);

    private Task<WatchFinding> AskAsync(StandingQuestion question, double until, NotebookSnapshot? notes = null) => question.AskAsync(_memory.Snapshot, Seconds(until), InferenceClass.Watch, null, notes, default);

    private void See(params double[] seconds)
    {
        foreach (double second in seconds)
        {
            TimeSpan time = Seconds(second);
            var tokens = new VisualTokens(Hidden, new float[Hidden], new[] { new TokenOrigin(time, 0, 0) }, new float[1], new float[1]);
            _memory.Write(new MemoryEntry(new Keyframe((int)second, time, KeyframeReason.Change, 1), tokens));
        }
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
