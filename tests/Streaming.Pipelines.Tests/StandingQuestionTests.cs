using Streaming.Compression;
using Streaming.Models;
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
        WatchFinding found = await question.AskAsync(_memory.Snapshot, Seconds(20), InferenceClass.Watch, [new Gap(Seconds(2), Seconds(30), GapReason.Offline, 0)], default);
        Assert.Null(found.Holds);
        Assert.Empty(_model.Asked);
    }

    private static (bool?, bool) Told(WatchFinding found) => (found.Holds, found.IsReused);

    private Task<WatchFinding> AskAsync(StandingQuestion question, double until) => question.AskAsync(_memory.Snapshot, Seconds(until), InferenceClass.Watch, null, default);

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
