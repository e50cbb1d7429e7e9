using Streaming.Contracts;

namespace Streaming.Server.Tests;

public sealed class MomentTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("12.5", 12.5)]
    [InlineData("-120", 480)]
    [InlineData("-120s", 480)]
    [InlineData("2026-11-21T10:01:00+01:00", 60)]
    [InlineData("2026-11-21T09:01:00Z", 60)]
    public void Parse_moment_lies_where_it_says(string text, double seconds) =>
        Assert.Equal(seconds, Moment.Parse(text)!.Value.Within(Start, TimeSpan.FromSeconds(600)).TotalSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("NaN")]
    [InlineData("1e300")]
    [InlineData("2026-11-21T09:01:00")]
    public void Parse_text_that_is_no_moment_is_null(string text) => Assert.Null(Moment.Parse(text));
}
