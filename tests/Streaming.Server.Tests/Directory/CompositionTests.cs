using Streaming.Server.Questions;

namespace Streaming.Server.Tests;

public sealed class CompositionTests
{
    private static readonly Voice Gate = new("gate", "yes", true), Yard = new("yard", "No.", true), Hall = new("hall", "Yes, one.", true),
        Roof = new("roof", "nothing seen yet", false), Door = new("door", "cannot tell", true);

    [Theory]
    [InlineData("Which camera saw a red car?", "Was there a red car at any time?")]
    [InlineData("which cameras have seen the red circle", "Was there the red circle at any time?")]
    [InlineData("On which camera saw red circle?", "Was there a red circle at any time?")]
    [InlineData("Which stream sees a cyan star now?", "Is there a cyan star now?")]
    [InlineData("Which camera saw a dog now?", "Is there a dog now?")]
    [InlineData("What is the colour of the star?", "What is the colour of the star?")]
    [InlineData("Which thing came in first?", "Which thing came in first?")]
    public void Of_question_after_the_camera_is_asked_of_each_as_whether(string question, string asked) =>
        Assert.Equal(asked, Composition.Of(question).Question);

    [Fact]
    public void Answer_to_which_camera_leads_with_the_names_that_say_yes() => Assert.Equal(
        "gate, hall\ngate: yes\nhall: Yes, one.\ndoor: cannot tell\nyard: No.\nroof: nothing seen yet",
        Composition.Of("which camera saw a car?").Answer([Roof, Yard, Gate, Door, Hall]));

    [Fact]
    public void Answer_to_which_camera_that_none_saw_is_none() =>
        Assert.Equal("none\nyard: No.\nroof: nothing seen yet", Composition.Of("which camera saw a car?").Answer([Roof, Yard]));

    [Fact]
    public void Answer_to_any_other_question_is_a_line_for_each() =>
        Assert.Equal("gate: yes\nyard: No.", Composition.Of("is it day?").Answer([Yard, Gate]));

    [Fact]
    public void RestsOn_yes_where_there_is_one_and_else_on_all_that_saw()
    {
        var composition = Composition.Of("is it day?");
        Voice[] some = [Gate, Yard, Roof], none = [Yard, Roof];
        Assert.Equal([true, false, false], some.Select(voice => composition.RestsOn(voice, some)));
        Assert.Equal([true, false], none.Select(voice => composition.RestsOn(voice, none)));
    }
}
