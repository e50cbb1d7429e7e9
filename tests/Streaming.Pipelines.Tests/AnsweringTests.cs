using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Models;

namespace Streaming.Pipelines.Tests;

public class AnsweringTests
{
    private const int Hidden = 4;

    [Fact]
    public async Task AskAsync_nothing_seen_says_so_and_asks_no_model()
    {
        var model = new ScriptedModel("a red circle");
        var answer = await Over(model).AskAsync(new Question("what?"), MemorySnapshot.Empty, TimeSpan.Zero, 0);
        Assert.Equal(Answering.NothingSeen, answer.Text);
        Assert.Empty(model.Asked);
        Assert.Empty(answer.Citations);
        Assert.Null(answer.Model);
    }

    [Fact]
    public async Task AskAsync_prompt_holds_each_frame_with_its_time_and_then_the_question()
    {
        var model = new ScriptedModel("yes");
        await Over(model).AskAsync(new Question(" is it red? "), Seen(0, 1.5), TimeSpan.FromSeconds(2), 128);
        var content = Assert.Single(Assert.Single(model.Asked).Messages).Content;
        Assert.Equal([" 0", "[2]", " 1", "[2]", "\nis it red?"], content.Select(Text));
    }

    [Fact]
    public async Task AskAsync_by_a_policy_that_reads_the_question_gives_it_the_words_that_say_what_it_is_about()
    {
        var model = new WordReader("yes", Hidden);
        var question = new Question("Is there a red circle?", Reduction: new QuestionReduction("recovery", 0.5));
        Answer answer = await Over(model).AskAsync(question, Seen(0, 1.5, 3, 4), TimeSpan.FromSeconds(5), 0);
        Assert.Equal("red circle", Assert.Single(model.Embedded));
        Assert.Equal(4, answer.Usage.VisualTokensKept);
    }

    [Theory]
    [InlineData("what is there?", "what is there?")]
    [InlineData("Which colour had the car at the gate?", "colour car gate")]
    public async Task AskAsync_words_of_a_question_without_content_are_all_its_words(string text, string expected)
    {
        var model = new WordReader("yes", Hidden);
        await Over(model).AskAsync(new Question(text, Reduction: new QuestionReduction("mmtok-question", 0.5)), Seen(0, 1), TimeSpan.FromSeconds(2), 0);
        Assert.Equal(expected, Assert.Single(model.Embedded));
    }

    [Fact]
    public async Task AskAsync_answer_carries_what_it_cost()
    {
        var answer = await Over(new ScriptedModel(" yes ")).AskAsync(new Question("is it red?"), Seen(0, 1), TimeSpan.FromSeconds(2), 128);
        Assert.Equal(("yes", "scripted"), (answer.Text, answer.Model));
        Assert.Equal(new AnswerUsage(128, 4, 100, 5), answer.Usage);
        Assert.Equal(TimeSpan.FromMilliseconds(20), answer.Timings.Prefill);
    }

    [Fact]
    public async Task AskAsync_answer_without_a_time_rests_on_all_that_was_read()
    {
        var answer = await Over(new ScriptedModel("red")).AskAsync(new Question("?"), Seen(1, 4, 7), TimeSpan.FromSeconds(9), 0);
        Assert.Equal([(1d, 9d)], Spans(answer));
    }

    [Fact]
    public async Task AskAsync_answer_that_names_a_time_rests_on_the_frames_around_it()
    {
        var answer = await Over(new ScriptedModel("it came at 4 s")).AskAsync(new Question("when?"), Seen(1, 4.5, 7), TimeSpan.FromSeconds(9), 0);
        Assert.Equal([(1d, 4.5)], Spans(answer));
        Assert.Equal(4.5, answer.Citations[0].Keyframe.Time.TotalSeconds);
    }

    [Fact]
    public async Task AskAsync_time_that_was_not_read_is_not_cited()
    {
        var answer = await Over(new ScriptedModel("it came at 99 s")).AskAsync(new Question("when?"), Seen(1, 4), TimeSpan.FromSeconds(9), 0);
        Assert.Equal([(1d, 9d)], Spans(answer));
    }

    [Fact]
    public async Task AskAsync_nothing_after_the_moment_asked_about_is_read()
    {
        var model = new ScriptedModel("red");
        var answer = await Over(model).AskAsync(new Question("?", To: TimeSpan.FromSeconds(4)), Seen(1, 4, 7), TimeSpan.FromSeconds(9), 0);
        Assert.Equal([(1d, 4d)], Spans(answer));
        Assert.DoesNotContain(" 7", model.Asked[0].Messages[0].Content.Select(Text));
    }

    [Fact]
    public async Task AskAsync_stretch_after_the_last_look_was_not_seen()
    {
        var model = new ScriptedModel("red");
        var answer = await Over(model).AskAsync(new Question("?", From: TimeSpan.FromSeconds(20)), Seen(1, 4), TimeSpan.FromSeconds(9), 0);
        Assert.Equal(Answering.NothingSeen, answer.Text);
        Assert.Empty(model.Asked);
    }

    [Theory]
    [InlineData("what is there now?", 97, 99)]
    [InlineData("what happened?", 0, 99)]
    [InlineData("what was there in the last 30 seconds?", 96, 99)]
    public async Task AskAsync_memory_is_opened_only_by_a_question_about_more_than_now(string question, double first, double last)
    {
        var model = new ScriptedModel("red");
        // Every eight seconds from 0 to 792.
        Answer answer = await Over(model).AskAsync(new Question(question), Seen([.. Enumerable.Range(0, 100).Select(i => 8.0 * i)]), TimeSpan.FromSeconds(792), 0);
        (double start, double end) = Assert.Single(Spans(answer));
        Assert.Equal((first * 8, last * 8), (start, end));
    }

    [Fact]
    public async Task AskAsync_stretch_that_the_question_names_outside_of_what_was_seen_is_not_answered()
    {
        var model = new ScriptedModel("red");
        var clock = new StreamClock(new DateTimeOffset(2026, 11, 21, 14, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
        Answer answer = await Over(model).AskAsync(
            new Question("What was there at 13:30?", Clock: clock), Seen([.. Enumerable.Range(0, 100).Select(i => 8.0 * i)]), TimeSpan.FromSeconds(792), 0);
        Assert.Equal(Answering.NotSeenThen, answer.Text);
        Assert.Empty(model.Asked);
    }

    [Fact]
    public async Task AskAsync_answer_tells_what_of_its_stretch_was_not_seen()
    {
        Gap[] unseen = [Away(2, 5), Away(30, 40), new(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(46), GapReason.Dropped, 7)];
        Answer answer = await Over(new ScriptedModel("red")).AskAsync(
            new Question("what was there?", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(50)), Seen(1, 25, 44, 50), TimeSpan.FromSeconds(50), 0, unseen: unseen);
        Assert.Equal(unseen[1..], answer.Gaps);
    }

    [Fact]
    public async Task AskAsync_stretch_in_which_the_camera_was_away_is_not_answered_from_what_was_there_before()
    {
        var model = new ScriptedModel("red");
        Answer answer = await Over(model).AskAsync(
            new Question("what was there?", TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(38)), Seen(1, 25, 44), TimeSpan.FromSeconds(50), 0, unseen: [Away(30, 40)]);
        Assert.Equal(Answering.NotSeenThen, answer.Text);
        Assert.Equal([Away(30, 40)], answer.Gaps);
        Assert.Empty(model.Asked);
    }

    [Fact]
    public async Task AskAsync_last_minutes_are_told_from_now_and_not_from_what_was_seen_last()
    {
        var model = new ScriptedModel("red");
        Answer answer = await Over(model).AskAsync(
            new Question("what was there in the last 5 minutes?", Now: TimeSpan.FromSeconds(1000)), Seen([.. Enumerable.Range(0, 20).Select(i => 8.0 * i)]), TimeSpan.FromSeconds(160), 0, unseen: [Away(160, 1000)]);
        Assert.Equal(Answering.NotSeenThen, answer.Text);
        Assert.Equal([Away(160, 1000)], answer.Gaps);
        Answer since = await Over(model).AskAsync(
            new Question("what was there?", From: TimeSpan.FromSeconds(700), Now: TimeSpan.FromSeconds(1000)), Seen(1, 160), TimeSpan.FromSeconds(160), 0, unseen: [Away(160, 1000)]);
        Assert.Equal(Answering.NotSeenThen, since.Text);
        Answer now = await Over(model).AskAsync(
            new Question("what is there now?", Now: TimeSpan.FromSeconds(1000)), Seen([.. Enumerable.Range(0, 20).Select(i => 8.0 * i)]), TimeSpan.FromSeconds(160), 0, unseen: [Away(160, 1000)]);
        Assert.Equal(("red", 1), (now.Text, now.Gaps.Count));
    }

    [Fact]
    public async Task AskAsync_answer_tells_where_memory_has_become_coarse()
    {
        MemorySnapshot memory = Seen([.. Enumerable.Range(0, 400).Select(i => 8.0 * i)], new MemoryOptions { Budget = 200, RecentEntries = 8 });
        Answer answer = await Over(new ScriptedModel("red")).AskAsync(new Question("what happened?"), memory, TimeSpan.FromSeconds(3192), 0);
        Gap coarse = Assert.Single(answer.Gaps);
        Assert.Equal((GapReason.Compressed, TimeSpan.Zero), (coarse.Reason, coarse.From));
        Assert.Equal(400 - memory.Entries.Length, coarse.Frames);
        Answer first = await Over(new ScriptedModel("red")).AskAsync(new Question("what happened?", TimeSpan.Zero, memory.Entries[0].Time - TimeSpan.FromSeconds(1)), memory, TimeSpan.FromSeconds(3192), 0);
        Assert.Equal(Answering.GivenUp, first.Text);
        Answer now = await Over(new ScriptedModel("red")).AskAsync(new Question("what is there?"), memory, TimeSpan.FromSeconds(3192), 0);
        Assert.Empty(now.Gaps);
    }

    [Fact]
    public async Task AskAsync_budget_bounds_the_prompt()
    {
        var options = new AnsweringOptions { VisualTokenBudget = 6, MostFrames = 2 };
        var answer = await Over(new ScriptedModel("red"), options).AskAsync(new Question("?"), Seen([.. Enumerable.Range(0, 50).Select(i => (double)i)]), TimeSpan.FromSeconds(50), 0);
        Assert.InRange(answer.Usage.VisualTokensKept, 1, 6);
    }

    [Theory]
    [InlineData(null, 96)]
    [InlineData(4, 4)]
    [InlineData(500, 96)]
    public async Task AskAsync_answer_has_no_more_tokens_than_asked_for_and_allowed(int? asked, int most)
    {
        var model = new ScriptedModel("a red circle");
        await Over(model).AskAsync(new Question("?", MaxTokens: asked), Seen(1), TimeSpan.FromSeconds(9), 0);
        Assert.Equal(most, Assert.Single(model.Limits).MaxNewTokens);
    }

    [Theory]
    [InlineData(FinishReason.Stop, InferenceFault.Failed)]
    [InlineData(FinishReason.Deadline, InferenceFault.Overdue)]
    public async Task AskAsync_answer_without_a_word_is_none(FinishReason finish, InferenceFault fault)
    {
        var answering = Over(new ScriptedModel(" ") { Finish = finish });
        var thrown = await Assert.ThrowsAsync<InferenceException>(() => answering.AskAsync(new Question("?"), Seen(1), TimeSpan.FromSeconds(9), 0));
        Assert.Equal(fault, thrown.Fault);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n", "empty")]
    public async Task AskAsync_empty_question_is_refused(string text, string why)
    {
        var answering = Over(new ScriptedModel("red"));
        Assert.Contains(why, answering.Refuse(new Question(text)));
        await Assert.ThrowsAsync<ArgumentException>(() => answering.AskAsync(new Question(text), Seen(1), TimeSpan.FromSeconds(9), 0));
    }

    [Fact]
    public void Refuse_long_question_and_impossible_spans_are_refused()
    {
        var answering = Over(new ScriptedModel("red"));
        Assert.Contains("100000", answering.Refuse(new Question(new string('x', 100_000))));
        Assert.NotNull(answering.Refuse(new Question("?", From: TimeSpan.FromSeconds(-1))));
        Assert.NotNull(answering.Refuse(new Question("?", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(4))));
        Assert.Null(answering.Refuse(new Question("?", TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5))));
    }

    private static Answering Over(ILanguageModel model, AnsweringOptions? options = null) =>
        new(model, new PromptBuilder(new PromptWording(new FrameHeader(" {seconds}"), "\n")), new InferenceQueue(), options ?? new AnsweringOptions(), Hidden);

    /// <summary>A memory of keyframes at these seconds, two tokens each, both new in each.</summary>
    private static MemorySnapshot Seen(params double[] seconds) => Seen(seconds, new MemoryOptions());

    private static MemorySnapshot Seen(double[] seconds, MemoryOptions options)
    {
        var memory = new StreamMemory(options);
        foreach (var (number, second) in seconds.Index())
        {
            var time = TimeSpan.FromSeconds(second);
            var tokens = new VisualTokens(
                Hidden, new float[2 * Hidden], new[] { new TokenOrigin(time, 0, 0), new TokenOrigin(time, 0, 1) }, new float[2], new float[2]);
            memory.Write(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 1), tokens));
        }

        return memory.Snapshot;
    }

    private static Gap Away(double from, double to) => new(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to), GapReason.Offline, 0);

    private static string Text(ContentPart part) => part is TextPart text ? text.Text : $"[{((VisualPart)part).Tokens.Count}]";

    private static IEnumerable<(double, double)> Spans(Answer answer) => answer.Citations.Select(c => (c.Start.TotalSeconds, c.End.TotalSeconds));
}
