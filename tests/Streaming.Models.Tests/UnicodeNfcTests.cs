using Streaming.Models.Unicode;

namespace Streaming.Models.Tests;

public sealed class UnicodeNfcTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("a\u0302\u0323", "\u1EAD")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\u0301", "\u0301")]
    [InlineData("a\u0301b\u0301", "\u00E1b\u0301")]
    public void Normalise_of_a_sequence_gives_form_c(string text, string expected) => Assert.Equal(expected, UnicodeNfc.Normalise(text));
}
