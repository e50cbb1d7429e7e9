namespace Streaming.World.Tests;

public sealed class AnswerKeyTests
{
    [Theory]
    [InlineData("The red circle.", "the red circle")]
    [InlineData("red circle", "the red circle")]
    [InlineData("at 7 s", "at 8 s")]
    [InlineData("K7X", "K7X")]
    public void IsRight_accepts_the_same_answer(string given, string expected) => Assert.True(AnswerKey.IsRight(given, expected));

    [Theory]
    [InlineData("red", "the red circle")]
    [InlineData("at 6 s", "at 8 s")]
    [InlineData("yes, no", "yes")]
    [InlineData("", "no")]
    [InlineData("cannot tell", "2")]
    [InlineData("7", "8")]
    public void IsRight_refuses_another_answer(string given, string expected) => Assert.False(AnswerKey.IsRight(given, expected));
}
