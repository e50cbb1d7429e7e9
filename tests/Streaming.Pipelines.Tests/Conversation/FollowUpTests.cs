using Streaming.Compression.Recall;
using Streaming.Pipelines.Conversation;

namespace Streaming.Pipelines.Tests.Conversation;

public class FollowUpTests
{
    private static readonly Stretch Sight = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData("What colour was it?", "What colour was the red circle?")]
    [InlineData("Where did it go?", "Where did the red circle go?")]
    [InlineData("Is it big or small?", "Is the red circle big or small?")]
    [InlineData("What was its colour?", "What was the red circle's colour?")]
    [InlineData("And what did it do?", "And what did the red circle do?")]
    public void Of_pronoun_is_the_thing_of_the_answer_and_points_to_where_that_was_seen(string question, string text)
    {
        var meant = FollowUp.Of(question, [Turn("Which thing came in last?", "the red circle")]);
        Assert.Equal(text, meant.Text);
        Assert.Equal([Sight], meant.Seen);
    }

    [Theory]
    [InlineData("Is there a red circle?", "yes", "Where is it?", "Where is the red circle?")]
    [InlineData("What happened?", "the red circle came in, the blue square left", "What colour was it?", "What colour was the blue square?")]
    [InlineData("What colour is the circle?", "red", "Is it moving?", "Is the circle moving?")]
    public void Of_pronoun_after_an_answer_without_a_thing_is_the_last_thing_that_was_named(string asked, string answer, string question, string text) =>
        Assert.Equal(text, FollowUp.Of(question, [Turn(asked, answer)]).Text);

    [Theory]
    [InlineData("The square: what colour is it?")]
    [InlineData("Did it get dark?")]
    [InlineData("Was it raining?")]
    [InlineData("How many circles were there?")]
    [InlineData("Which thing came before that car left?")]
    public void Of_question_that_stands_by_itself_stays_as_it_is(string question)
    {
        var meant = FollowUp.Of(question, [Turn("Is there a red circle?", "yes")]);
        Assert.Equal(question, meant.Text);
        Assert.Empty(meant.Seen);
        Assert.Equal((null, null), (meant.From, meant.Before));
    }

    [Theory]
    [InlineData("And before that?", "What happened?")]
    [InlineData("before that?", "What happened?")]
    [InlineData("What was there before that?", "What was there?")]
    [InlineData("And was there a square just before it?", "Was there a square?")]
    public void Of_before_that_means_what_came_before_the_evidence(string question, string text)
    {
        var meant = FollowUp.Of(question, [Turn("What happened?", "the red circle came in")]);
        Assert.Equal((text, Sight.From, RecallEnd.Last), (meant.Text, meant.Before, meant.End));
    }

    [Theory]
    [InlineData("And then?", "What happened at the gate?")]
    [InlineData("What came after that?", "What came?")]
    [InlineData("What came next?", "What came?")]
    public void Of_after_that_means_what_came_after_the_evidence(string question, string text)
    {
        var meant = FollowUp.Of(question, [Turn("What happened at the gate at 14:05?", "a car came")]);
        Assert.Equal((text, Sight.To, RecallEnd.First), (meant.Text, meant.From, meant.End));
    }

    [Theory]
    [InlineData("And the blue one?", "Is there a blue circle?")]
    [InlineData("What about a square?", "Is there a square?")]
    [InlineData("And in the last hour?", "in the last hour: Is there a red circle?")]
    [InlineData("and at 14:05?", "at 14:05: Is there a red circle?")]
    public void Of_part_of_a_question_is_the_last_one_with_that_part(string question, string text) =>
        Assert.Equal(text, FollowUp.Of(question, [Turn("Is there a red circle?", "yes")]).Text);

    [Fact]
    public void Of_and_now_asks_the_same_of_now()
    {
        var meant = FollowUp.Of("And now?", [Turn("How many things were there an hour ago?", "two")]);
        Assert.Equal(("How many things were there?", true), (meant.Text, meant.IsNow));
        Assert.Empty(FollowUp.Of("Is it still there?", [Turn("What came in?", "the red circle")]).Seen);
    }

    [Fact]
    public void Of_evidence_is_that_of_the_last_turn_that_had_some()
    {
        var meant = FollowUp.Of("What colour was it?", [Turn("What came in?", "the circle"), new Turn("The circle is mine.", "noted", [])]);
        Assert.Equal("What colour was the circle?", meant.Text);
        Assert.Equal([Sight], meant.Seen);
        Assert.Equal("What colour was it?", FollowUp.Of("What colour was it?", []).Text);
    }

    private static Turn Turn(string question, string answer) => new(question, answer, [Sight]);
}
