namespace Streaming.Models.Tests;

public sealed class PromptBuilderTests
{
    private static readonly PromptBuilder Builder = new(new FrameHeader(" {seconds}"), "\n");

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
    public void Build_with_a_history_without_user_throws() => Assert.Throws<ArgumentException>(
        () => Builder.Build(Tokens(), "?", [new ChatMessage("assistant", [])]));

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
