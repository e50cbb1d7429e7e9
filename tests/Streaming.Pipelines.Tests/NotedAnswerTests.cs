using Streaming.Compression;
using Streaming.Models;
using Streaming.Perception;

namespace Streaming.Pipelines.Tests;

/// <summary>A red car from second 12 to 40, a dog from 30 to 34, and a sign at 20, noted of a stream whose keyframes are eight seconds apart.</summary>
public class NotedAnswerTests
{
    private const int Hidden = 4;

    [Fact]
    public async Task AskAsync_prompt_holds_the_notes_between_the_frames_and_the_question()
    {
        var model = new ScriptedModel("1");
        Answer answer = await AskAsync(model, "How many cars were there?");
        string last = Texts(model)[^1];
        Assert.StartsWith("\nWhat was seen so far:\ncar x1 in all: now 0, most 1, first 12 s, last 12 s,", last, StringComparison.Ordinal);
        Assert.EndsWith("now: nothing\nHow many cars were there?", last, StringComparison.Ordinal);
        Assert.Equal(last.Count(c => c == '\n') - 2, answer.Usage.Notes);
    }

    [Fact]
    public async Task AskAsync_as_of_an_earlier_moment_reads_no_note_of_later()
    {
        var model = new ScriptedModel("1");
        await AskAsync(model, "What is there?", to: 25);
        Assert.EndsWith("now: red car #1\nWhat is there?", Texts(model)[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("dog", Texts(model)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_of_a_model_that_reads_no_notes_gives_it_none()
    {
        var model = new ScriptedModel("1");
        Answer answer = await AskAsync(model, "What is there?", options: new AnsweringOptions { ReadsNotes = false });
        Assert.Equal("\nWhat is there?", Texts(model)[^1]);
        Assert.Equal(0, answer.Usage.Notes);
    }

    [Fact]
    public async Task AskAsync_of_notes_without_a_frame_answers_from_them()
    {
        var model = new ScriptedModel("1");
        Answer answer = await Over(model, null).AskAsync(new Question("How many cars were there?"), MemorySnapshot.Empty, At(60), 0, notes: Noted(0));
        Assert.Equal("1", answer.Text);
        Assert.StartsWith("What was seen so far:\n", Assert.Single(Texts(model)), StringComparison.Ordinal);
        Assert.Empty(answer.Citations);
    }

    [Fact]
    public async Task AskAsync_late_in_a_stream_tells_notes_and_frames_in_the_same_seconds()
    {
        var model = new ScriptedModel("at 12 s to 40 s");
        Answer answer = await AskAsync(model, "When was the car there?", offset: 3960, from: 3960);
        Assert.Contains("at 12 s: red car #1 enters", Texts(model)[^1], StringComparison.Ordinal);
        Assert.Equal(" 0", Texts(model)[0]);
        Assert.Equal("at 3972 s to 4000 s", answer.Text);
        Assert.Equal([(3968d, 3976d), (3992d, 4000d)], Spans(answer));
    }

    [Theory]
    [InlineData("How many cars were there?", "1", 12, 40)]
    [InlineData("What was there?", "the dog", 30, 34)]
    [InlineData("What colour had the car?", "red", 12, 40)]
    [InlineData("What is written there?", "EXIT 12", 20, 20)]
    [InlineData("Was there somebody?", "no", 0, 60)]
    public async Task AskAsync_answer_from_notes_rests_on_the_sights_of_these(string question, string text, double from, double to) =>
        Assert.Equal([(from, to)], Spans(await AskAsync(new ScriptedModel(text), question)));

    [Fact]
    public async Task AskAsync_answer_from_notes_shows_the_keyframe_of_what_they_tell()
    {
        Answer answer = await AskAsync(new ScriptedModel("yes"), "Did a dog come in?");
        Assert.Equal(32, Assert.Single(answer.Citations).Keyframe.Time.TotalSeconds);
        answer = await AskAsync(new ScriptedModel("yes"), "Did a car come in?");
        Assert.Equal(16, Assert.Single(answer.Citations).Keyframe.Time.TotalSeconds);
    }

    [Fact]
    public async Task AskAsync_about_now_cites_notes_of_before_with_their_own_keyframes()
    {
        Answer answer = await AskAsync(new ScriptedModel("2"), "How many cars are there?", seconds: 400);
        Assert.Equal(16, Assert.Single(answer.Citations).Keyframe.Time.TotalSeconds);
    }

    [Fact]
    public async Task AskAsync_moment_that_only_notes_name_is_cited_with_the_keyframes_around_it()
    {
        Answer answer = await AskAsync(new ScriptedModel("at 30 s"), "When did the dog come?");
        Assert.Equal([(24d, 32d)], Spans(answer));
    }

    [Theory]
    [InlineData("Was there a dog?", 32)]
    [InlineData("What was written there?", null)]
    [InlineData("Was there a sign with EXIT on it?", 16)]
    public async Task AskAsync_of_a_long_stream_reads_the_frames_of_which_notes_tell_in_the_words_of_the_question(string question, int? second)
    {
        var model = new ScriptedModel("yes");
        await AskAsync(model, question, seconds: 590);
        int[] read = [.. Texts(model)[..^1].Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(second is not null, read.Contains(second ?? 32) && !read.Any(other => other is > 100 and < 500));
    }

    private static Task<Answer> AskAsync(
        ScriptedModel model, string question, double? from = null, double? to = null, double offset = 0, int seconds = 60, AnsweringOptions? options = null) =>
        Over(model, options).AskAsync(
            new Question(question, from is { } f ? At(f) : null, to is { } t ? At(t) : null), Seen(offset, seconds), At(offset + seconds), 0, notes: Noted(offset));

    private static Answering Over(ILanguageModel model, AnsweringOptions? options) =>
        new(model, new PromptBuilder(new PromptWording(new FrameHeader(" {seconds}"), "\n")), new InferenceQueue(), options ?? new AnsweringOptions(), Hidden);

    private static NotebookSnapshot Noted(double offset)
    {
        Note Of(FactKind kind, double from, double to, Thing? thing, string detail, double clearest) => new(
            At(offset + from), At(offset + to), NoteSource.Perception, 80, new Fact(kind, thing, detail), new Sights(At(offset + from), At(offset + clearest), At(offset + to)));
        Thing car = Thing.One("car", 1), dog = Thing.One("dog", 2);
        var book = new Notebook(new NotebookOptions());
        book.Write(
        [
            Of(FactKind.Enter, 12, 12, car, "left going right", 12), Of(FactKind.Visit, 12, 40, car, "red 60% left to right", 22), Of(FactKind.Leave, 40, 40, car, "right going right", 40),
            Of(FactKind.Enter, 30, 30, dog, "left going right", 30), Of(FactKind.Visit, 30, 34, dog, "left to right", 31), Of(FactKind.Leave, 34, 34, dog, "right going right", 34),
            Of(FactKind.Text, 20, 20, null, "EXIT 12", 20),
        ]);
        book.See(At(offset + 60), [], []);
        return book.Snapshot;
    }

    private static MemorySnapshot Seen(double offset, int seconds)
    {
        var memory = new StreamMemory(new MemoryOptions());
        for (int number = 0; 8 * number <= seconds; number++)
        {
            TimeSpan time = At(offset + 8 * number);
            var tokens = new VisualTokens(Hidden, new float[Hidden], new[] { new TokenOrigin(time, 0, 0) }, new float[1], new float[1]);
            memory.Write(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 1), tokens));
        }
        return memory.Snapshot;
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static string[] Texts(ScriptedModel model) => [.. Assert.Single(model.Asked).Messages.SelectMany(m => m.Content).OfType<TextPart>().Select(part => part.Text)];

    private static IEnumerable<(double, double)> Spans(Answer answer) => answer.Citations.Select(c => (c.Start.TotalSeconds, c.End.TotalSeconds));
}
