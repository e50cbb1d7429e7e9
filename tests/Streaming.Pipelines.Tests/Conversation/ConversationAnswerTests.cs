using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines.Conversation;

namespace Streaming.Pipelines.Tests.Conversation;

/// <summary>A keyframe every eight seconds for an hour and more.</summary>
public class ConversationAnswerTests
{
    private const int Hidden = 4;

    private static readonly Turn Came = new("Which thing came in last?", "the red circle", [new Stretch(At(800), At(816))]);

    [Fact]
    public async Task AskAsync_turns_stand_between_the_frames_and_the_question()
    {
        var model = new ScriptedModel("red");
        await AskAsync(model, new Question("What colour was it?") { Turns = [Came] });
        IReadOnlyList<ChatMessage> messages = Assert.Single(model.Asked).Messages;
        Assert.Equal(["user", "assistant", "user"], messages.Select(message => message.Role));
        Assert.Contains(messages[0].Content, part => part is VisualPart);
        Assert.Equal(["\nWhich thing came in last?", "the red circle", "What colour was it?"], messages.Select(message => ((TextPart)message.Content[^1]).Text));
    }

    [Fact]
    public async Task AskAsync_model_that_reads_no_turns_is_asked_what_the_question_means()
    {
        var model = new ScriptedModel("red");
        await AskAsync(model, new Question("What colour was it?") { Turns = [Came] }, new AnsweringOptions { ReadsTurns = false });
        Assert.Equal("\nWhat colour was the red circle?", ((TextPart)Assert.Single(Assert.Single(model.Asked).Messages).Content[^1]).Text);
    }

    [Theory]
    [InlineData("What colour was it?", 800, 816)]
    [InlineData("And what happened at that time?", 800, 816)]
    [InlineData("And before that?", 0, 800)]
    [InlineData("What came after that?", 816, 4000)]
    [InlineData("And now?", 3984, 4000)]
    [InlineData("Is it still there?", 3984, 4000)]
    public async Task AskAsync_follow_up_reads_the_stretch_that_it_points_to(string question, double from, double to)
    {
        Answer answer = await AskAsync(new ScriptedModel("red"), new Question(question) { Turns = [Came] });
        Assert.InRange(answer.Citations[0].Start, At(from), At(to));
        Assert.InRange(answer.Citations[^1].End, At(from), At(to));
    }

    [Fact]
    public async Task AskAsync_stretch_that_is_asked_about_bounds_what_a_follow_up_points_to()
    {
        Answer answer = await AskAsync(new ScriptedModel("red"), new Question("And before that?", At(780)) { Turns = [Came] });
        Assert.InRange(answer.Citations[0].Start, At(780), At(800));
        Answer later = await AskAsync(new ScriptedModel("red"), new Question("And before that?", At(2000)) { Turns = [Came] });
        Assert.InRange(later.Citations[0].Start, At(2000), At(4000));
    }

    [Fact]
    public async Task AskAsync_what_a_user_said_is_told_undated_and_not_cited_and_what_is_superseded_is_not()
    {
        var book = new Notebook(new NotebookOptions());
        book.Say(At(3000), "The red car is Bob's.");
        book.Say(At(3100), "No, the red car is Ann's.");
        var model = new ScriptedModel("Ann's");
        Answer answer = await Over(model).AskAsync(new Question("Whose is the red car?", At(100), At(120)), Memory(), At(4000), 0, notes: book.Snapshot);
        Assert.Equal("\nWhat was seen so far:\nuser says \"No, the red car is Ann's.\"\nWhose is the red car?", ((TextPart)Assert.Single(model.Asked).Messages[0].Content[^1]).Text);
        Assert.InRange(Assert.Single(answer.Citations).End, At(100), At(120));
    }

    private static Task<Answer> AskAsync(ILanguageModel model, Question question, AnsweringOptions? options = null) => Over(model, options).AskAsync(question, Memory(), At(4000), 0);

    private static Answering Over(ILanguageModel model, AnsweringOptions? options = null) =>
        new(model, new PromptBuilder(new PromptWording(new FrameHeader(" {seconds}"), "\n")), new InferenceQueue(), options ?? new AnsweringOptions(), Hidden);

    private static MemorySnapshot Memory()
    {
        var memory = new StreamMemory(new MemoryOptions());
        for (int number = 0; number <= 500; number++)
        {
            TimeSpan time = At(8 * number);
            var tokens = new VisualTokens(Hidden, new float[2 * Hidden], new[] { new TokenOrigin(time, 0, 0), new TokenOrigin(time, 0, 1) }, new float[2], new float[2]);
            memory.Write(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0.1f), tokens));
        }
        return memory.Snapshot;
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
