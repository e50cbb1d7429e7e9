using Streaming.Models.Hub;
using Streaming.Oracle;

namespace Streaming.Models.Tests;

public sealed class PromptBuilderTests
{
    private static readonly PromptBuilder Builder = new(new PromptWording(new FrameHeader(" {seconds}"), "\n"));

    [Fact]
    public void Build_with_two_frames_gives_time_then_tokens_then_question()
    {
        var prompt = Builder.Build(Tokens(0.0, 0.0, 2.9), "How many?");
        var parts = Assert.Single(prompt.Messages).Content;
        Assert.Equal(5, parts.Count);
        Assert.Equal(new TextPart(" 0"), parts[0]);
        Assert.Equal(2, Assert.IsType<VisualPart>(parts[1]).Tokens.Count);
        Assert.Equal(new TextPart(" 2"), parts[2]);
        Assert.Equal([2f, 2f], Assert.IsType<VisualPart>(parts[3]).Tokens.Features.ToArray());
        Assert.Equal(new TextPart("\nHow many?"), parts[4]);
    }

    [Fact]
    public void Build_with_nothing_seen_gives_the_question_alone() => Assert.Equal(
        new TextPart("Why?"), Assert.Single(Assert.Single(Builder.Build(Tokens(), "Why?").Messages).Content));

    [Fact]
    public void Build_with_history_puts_what_was_seen_before_the_first_question()
    {
        ChatMessage[] history =
        [
            new("system", [new TextPart("Be brief.")]),
            new("user", [new TextPart("First?")]),
            new("assistant", [new TextPart("Yes.")]),
        ];
        var messages = Builder.Build(Tokens(1), "Second?", history).Messages;
        Assert.Equal(["system", "user", "assistant", "user"], messages.Select(message => message.Role));
        Assert.Equal(new TextPart("\nFirst?"), messages[1].Content[^1]);
        Assert.IsType<VisualPart>(messages[1].Content[1]);
        Assert.Equal(new TextPart("Second?"), Assert.Single(messages[3].Content));
    }

    [Fact]
    public void Build_with_notes_puts_them_between_the_frames_and_the_first_question()
    {
        const string notes = "What was seen so far:\nnow: nothing\n";
        Assert.Equal(new TextPart("\n" + notes + "Why?"), Builder.Build(Tokens(1), "Why?", notes: notes).Messages[0].Content[^1]);
        Assert.Equal(new TextPart(notes + "Why?"), Assert.Single(Builder.Build(Tokens(), "Why?", notes: notes).Messages[0].Content));
        var messages = Builder.Build(Tokens(1), "Second?", [new("user", [new TextPart("First?")]), new("assistant", [new TextPart("Yes.")])], notes).Messages;
        Assert.Equal(new TextPart("\n" + notes + "First?"), messages[0].Content[^1]);
        Assert.Equal(new TextPart("Second?"), Assert.Single(messages[2].Content));
    }

    [Fact]
    public void Build_with_a_history_without_user_throws() => Assert.Throws<ArgumentException>(
        () => Builder.Build(Tokens(), "?", [new ChatMessage("assistant", [])]));

    [Fact]
    public void Build_for_smolvlm_writes_what_its_processor_writes()
    {
        var builder = new PromptBuilder(ModelFolder.Open(Path.Combine(TransformersJs.Folder, "tiny-smolvlm")).Manifest);
        var parts = Assert.Single(builder.Build(Tokens(0.5, 0.5, 61.9, 3725), "How many?").Messages).Content;
        Assert.Equal(
            [
                "You are provided the following series of three frames from a 1:02:05 [H:MM:SS] video.\n", "\nFrame from 00:00:", "2",
                "\nFrame from 01:01:", "1", "\nFrame from 62:05:", "1", "\n\nHow many?",
            ],
            parts.Select(part => part is TextPart text ? text.Text : $"{((VisualPart)part).Tokens.Count}"));
    }

    [Fact]
    public void Build_for_smolvlm_of_nothing_seen_gives_the_question_alone()
    {
        var builder = new PromptBuilder(ModelFolder.Open(Path.Combine(TransformersJs.Folder, "tiny-smolvlm")).Manifest);
        Assert.Equal(new TextPart("Why?"), Assert.Single(Assert.Single(builder.Build(Tokens(), "Why?").Messages).Content));
    }

    [Fact]
    public void Build_for_llava_onevision_tells_all_frames_as_one_video()
    {
        var builder = new PromptBuilder(ModelFolder.Open(Path.Combine(TransformersJs.Folder, "tiny-onevision")).Manifest);
        var parts = Assert.Single(builder.Build(Tokens(0, 0, 4), "How many?").Messages).Content;
        Assert.Equal([2, 1], Assert.IsType<VideoPart>(parts[0]).Frames.Select(frame => frame.Count));
        Assert.Equal([new TextPart("How many?")], parts.Skip(1));
    }

    [Theory]
    [InlineData(0, "0:00:00")]
    [InlineData(59.99, "0:00:59")]
    [InlineData(86_399, "23:59:59")]
    [InlineData(86_400, "1 day, 0:00:00")]
    [InlineData(190_000, "2 days, 4:46:40")]
    public void FilmIntro_of_a_length_rounds_down_and_counts_days(double seconds, string text) =>
        Assert.Equal($"one|{text}", new FilmIntro("{frames}|{h:mm:ss}").Text(1, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "zero")]
    [InlineData(19, "nineteen")]
    [InlineData(20, "twenty")]
    [InlineData(64, "sixty-four")]
    [InlineData(100, "one hundred")]
    [InlineData(101, "one hundred and one")]
    [InlineData(999, "nine hundred and ninety-nine")]
    [InlineData(1_000, "one thousand")]
    [InlineData(1_001, "one thousand and one")]
    [InlineData(1_100, "one thousand, one hundred")]
    [InlineData(12_345, "twelve thousand, three hundred and forty-five")]
    [InlineData(2_000_010, "two million and ten")]
    public void NumberWords_of_a_number_are_those_of_num2words(int number, string words) => Assert.Equal(words, NumberWords.Of(number));

    [Theory]
    [InlineData(" {seconds}", 0.999, " 0")]
    [InlineData(" {seconds}", 61, " 61")]
    [InlineData("\nFrame from {mm:ss}:", 61.5, "\nFrame from 01:01:")]
    [InlineData("", 5, "")]
    public void FrameHeader_of_a_time_rounds_down(string format, double seconds, string text) =>
        Assert.Equal(text, new FrameHeader(format).Text(TimeSpan.FromSeconds(seconds)));

    private static VisualTokens Tokens(params double[] seconds)
    {
        int count = seconds.Length;
        var features = Enumerable.Range(0, count).SelectMany(i => new float[] { i, i }).ToArray();
        var origins = seconds.Select(second => new TokenOrigin(TimeSpan.FromSeconds(second), 0, 0)).ToArray();
        return new VisualTokens(2, features, origins, new float[count], new float[count]);
    }
}
