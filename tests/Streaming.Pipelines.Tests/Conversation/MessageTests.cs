using Streaming.Pipelines.Conversation;

namespace Streaming.Pipelines.Tests.Conversation;

public class MessageTests
{
    [Theory]
    [InlineData("The red car is Bob's.")]
    [InlineData("My name is Ann.")]
    [InlineData("Remember that the parcel belongs to Ann.")]
    [InlineData("Bob's car has a broken light.")]
    [InlineData("Actually, the gate code is 4.5.")]
    public void Of_statement_is_noted_and_nothing_is_asked(string text)
    {
        var message = Message.Of(text, []);
        Assert.Equal([text], message.Statements);
        Assert.Equal("", message.Question);
    }

    [Theory]
    [InlineData("The circle, what colour is it now?")]
    [InlineData("Tell me the colour of the circle.")]
    [InlineData("Say which size the red circle is.")]
    [InlineData("I want to know if a circle is there.")]
    [InlineData("Name the side by which the circle will go out.")]
    [InlineData("List what happened.")]
    [InlineData("Count the things that are there now.")]
    [InlineData("what is there")]
    [InlineData("the colour of the circle")]
    public void Of_question_or_order_is_asked_as_it_was_written(string text)
    {
        var message = Message.Of(text, []);
        Assert.Empty(message.Statements);
        Assert.Equal(text, message.Question);
    }

    [Fact]
    public void Of_both_is_told_apart_and_it_is_named()
    {
        var message = Message.Of("The red car is Bob's. It has a broken light. Where is it?", []);
        Assert.Equal(["The red car is Bob's.", "The red car has a broken light."], message.Statements);
        Assert.Equal("Where is it?", message.Question);
        Assert.Equal(["No, the red car is Ann's."], Message.Of("No, it is Ann's.", [new Turn("The red car is Bob's.", "noted", [])]).Statements);
    }
}
