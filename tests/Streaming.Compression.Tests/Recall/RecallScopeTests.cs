using System.Globalization;
using Streaming.Compression.Recall;

namespace Streaming.Compression.Tests.Recall;

public class RecallScopeTests
{
    private static readonly RecallOptions Options = new();
    private static readonly StreamClock Berlin = new(
        DateTimeOffset.Parse("2026-10-24T20:00:00Z", CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

    [Theory]
    [InlineData("What is there now?")]
    [InlineData("Is the circle to the left or to the right of the square?")]
    [InlineData("How many people are in the picture?")]
    [InlineData("Which side will the car leave by?")]
    [InlineData("What does the panel say?")]
    public void Opens_question_about_now_does_not(string question) => Assert.False(RecallGate.Opens(question));

    [Theory]
    [InlineData("Was there a red car?")]
    [InlineData("How many things have you seen so far?")]
    [InlineData("What came in first?")]
    [InlineData("Colour of the circle that left?")]
    [InlineData("What happened?")]
    [InlineData("Has anything changed its colour?")]
    [InlineData("Since when is the door open?")]
    public void Opens_question_of_the_past_of_order_or_of_counting_does(string question) => Assert.True(RecallGate.Opens(question));

    [Fact]
    public void Of_stretch_of_a_minute_is_read_whole_whatever_is_asked()
    {
        foreach (string question in (string[])["What is there now?", "What came in first?", "What was there ten seconds ago?"])
            Assert.Equal((RecallKind.Whole, 40d, 100d), Shown(question, 40, 100));
    }

    [Theory]
    [InlineData("What is there now?", RecallKind.Recent, 7184, 7200)]
    [InlineData("What came in first?", RecallKind.Search, 0, 7200)]
    [InlineData("What happened in the last hour?", RecallKind.Search, 3600, 7200)]
    [InlineData("What was there in the past 30 seconds?", RecallKind.Whole, 7170, 7200)]
    [InlineData("Was there a car ten minutes ago?", RecallKind.Search, 6540, 6660)]
    [InlineData("What was there 50 seconds ago?", RecallKind.Whole, 7142, 7158)]
    [InlineData("Who was there at 90 s?", RecallKind.Whole, 82, 98)]
    [InlineData("What happened in the last 24 hours?", RecallKind.Search, 0, 7200)]
    public void Of_long_stretch_is_narrowed_by_what_the_question_says(string question, RecallKind kind, double from, double until) =>
        Assert.Equal((kind, from, until), Shown(question, 0, 7200));

    [Theory]
    [InlineData("What was there at 22:30?", "22:30:00", "22:31:00")]
    [InlineData("What was there at 10:30:05 pm?", "22:30:05", "22:30:06")]
    [InlineData("Did a car come between 22:15 and 22:45?", "22:15:00", "22:45:00")]
    [InlineData("Did a car come after 11 pm?", "23:00:00", "23:59:00")]
    [InlineData("How many cars came before 22:30?", "22:00:00", "22:30:00")]
    [InlineData("What happened this evening?", "22:00:00", "23:59:00")]
    public void Of_time_of_day_is_that_of_the_camera_s_time_zone(string question, string from, string until)
    {
        // Second 0 is 22:00 in Berlin, in summer time.
        RecallScope scope = RecallScope.Of(question, TimeSpan.Zero, TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(119), Berlin, Options);
        Assert.Equal((from, until), (Berlin.Local(scope.From).ToString("HH:mm:ss", CultureInfo.InvariantCulture), Berlin.Local(scope.Until).ToString("HH:mm:ss", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Of_time_of_day_across_the_change_of_clocks_is_the_clock_s()
    {
        // 12 hours after 22:00 in summer time it is 9:00 in winter time.
        RecallScope scope = RecallScope.Of("What was there at 8:30?", TimeSpan.Zero, TimeSpan.FromHours(12), TimeSpan.FromHours(12), Berlin, Options);
        Assert.Equal(TimeSpan.FromHours(11.5), scope.From);
        Assert.Equal(TimeSpan.FromHours(4), Berlin.At(new DateTime(2026, 10, 25, 2, 0, 0)));
        Assert.Equal(new DateTime(2026, 10, 25, 2, 0, 0), Berlin.Local(TimeSpan.FromHours(5)));
    }

    [Fact]
    public void Of_time_of_day_that_is_still_to_come_is_yesterday_s()
    {
        RecallScope scope = RecallScope.Of("Who was there at 22:30?", TimeSpan.Zero, TimeSpan.FromHours(23), TimeSpan.FromHours(23), Berlin, Options);
        Assert.Equal((TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(31)), (scope.From, scope.Until));
        RecallScope never = RecallScope.Of("Who was there at 21:30?", TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromHours(1), Berlin, Options);
        Assert.True(never.From > never.Until);
    }

    private static (RecallKind, double, double) Shown(string question, double from, double until)
    {
        RecallScope scope = RecallScope.Of(question, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(until), TimeSpan.FromSeconds(until), null, Options);
        return (scope.Kind, scope.From.TotalSeconds, scope.Until.TotalSeconds);
    }
}
