using Streaming.Server.Evaluation;

namespace Streaming.Server.Tests.Evaluation;

public sealed class OptionLetterTests
{
    [Theory]
    [InlineData("B", "B")]
    [InlineData(" B\n", "B")]
    [InlineData("B.", "B")]
    [InlineData("(B)", "B")]
    [InlineData("B) red", "B")]
    [InlineData("B: red", "B")]
    [InlineData("B. A person", "B")]
    [InlineData("The answer is B.", "B")]
    [InlineData("Answer: (D)", "D")]
    [InlineData("The correct option is C", "C")]
    public void Parse_reply_that_is_a_letter_gives_it(string reply, string expected) =>
        Assert.Equal(expected, OptionLetter.Parse(reply, options: 4));

    [Theory]
    [InlineData("")]
    [InlineData("A person walks")]
    [InlineData("Blue")]
    [InlineData("b")]
    [InlineData("I think it is red.")]
    [InlineData("E")]
    [InlineData("Neither A nor B")]
    [InlineData("A/B")]
    [InlineData("Answers vary")]
    public void Parse_reply_that_chooses_nothing_gives_null(string reply) => Assert.Null(OptionLetter.Parse(reply, options: 4));

    [Fact]
    public void Ask_with_options_letters_them_in_order() => Assert.Equal(
        "What colour?\nA. red\nB. blue\nAnswer with the option's letter from the given choices directly.", OptionLetter.Ask("What colour?", ["red", "blue"]));

    [Theory]
    [InlineData("B. red", "red")]
    [InlineData("(B) red", "red")]
    [InlineData("B: red", "red")]
    [InlineData("Bred", "Bred")]
    [InlineData("A person", "A person")]
    public void Strip_takes_away_a_letter_and_nothing_else(string option, string expected) => Assert.Equal(expected, OptionLetter.Strip(option));
}
