using System.Globalization;

namespace Streaming.Perception.Tests;

public sealed class NoteFocusTests
{
    /// <summary>Each line with a letter, by which the tests name it.</summary>
    private static readonly (char Name, FactKind? Kind, string? Label, string Text)[] Lines =
    [
        ('c', FactKind.Total, "car", "car x2 in all: now 0, most 1"),
        ('d', FactKind.Total, "stop sign", "stop sign x1 in all: now 1, most 1"),
        ('1', FactKind.Enter, "car", "at 3 s: red car #1 enters left going right"),
        ('2', FactKind.Enter, "stop sign", "at 5 s: stop sign #2 enters top"),
        ('x', FactKind.Cross, "car", "at 6 s: red car #1 crosses north gate forwards"),
        ('s', FactKind.Stop, "car", "at 7 s: red car #1 stops middle"),
        ('l', FactKind.Leave, "car", "at 9 s: red car #1 leaves right after 6 s"),
        ('e', null, null, "at 9 s to 14 s: nothing is there"),
        ('t', FactKind.Text, null, "at 10 s: reads \"EXIT\""),
        ('k', FactKind.Clock, null, "at 10 s: clock \"12:01:09\""),
        ('3', FactKind.Enter, "car", "at 14 s: blue car #3 enters left"),
        ('u', FactKind.Say, null, "at 15 s: user says \"the blue one is ours\""),
        ('n', null, null, "now: stop sign #2"),
    ];

    private static readonly NoteSheet Sheet = new([.. Lines.Select((line, i) =>
        new SheetLine(line.Text, line.Kind, line.Label, Notes.At(i), Notes.At(i), Sights.At(Notes.At(i))))]);

    [Theory]
    [InlineData("How many cars were there at most?", "cun")]
    [InlineData("How many red cars were there?", "c13un")]
    [InlineData("How many cars crossed north gate?", "cxun")]
    [InlineData("When did the last car leave?", "c1l3un")]
    [InlineData("How long did the red car stay?", "c1l3un")]
    [InlineData("Where did the car stop?", "c1s3un")]
    [InlineData("What about the cars?", "c1xsl3un")]
    [InlineData("Did a car cross anything?", "c1x3un")]
    [InlineData("When was the car at north gate?", "c1x3un")]
    [InlineData("Was there a stop sign?", "d2un")]
    [InlineData("Was there a giraffe?", "un")]
    [InlineData("When did the orange car come in?", "c13un")]
    [InlineData("Which came in first, the car or the dog?", "c123un")]
    [InlineData("Which thing came in first?", "123un")]
    [InlineData("Who left first?", "lun")]
    [InlineData("What stopped?", "sun")]
    [InlineData("Which came first, the red car or the stop sign?", "cd123un")]
    [InlineData("What came in just after the stop sign?", "d123un")]
    [InlineData("What is written there?", "tun")]
    [InlineData("Say when nothing was there.", "eun")]
    [InlineData("What does the clock show?", "kun")]
    [InlineData("What can you see now?", "cdun")]
    [InlineData("What happened so far?", "cd12xsletk3un")]
    [InlineData("Is the driver tired?", "cd12xsletk3un")]
    public void Of_a_question_keeps_the_lines_that_it_needs(string question, string kept) =>
        Assert.Equal(kept, string.Concat(new NoteFocus(question, question).Of(Sheet).Lines.Select(line => Lines[(int)line.From.TotalSeconds].Name)));

    [Fact]
    public void Of_any_question_keeps_order_and_who_is_there_now()
    {
        var random = new Random(11);
        string[] words = string.Join(' ', Lines.Select(line => line.Text)).Split(' ');
        for (int i = 0; i < 500; i++)
        {
            string question = string.Join(' ', Enumerable.Range(0, random.Next(9)).Select(_ => words[random.Next(words.Length)]));
            SheetLine[] told = [.. new NoteFocus(question, question).Of(Sheet).Lines];
            Assert.True(told.Zip(told.Skip(1)).All(pair => pair.First.From < pair.Second.From), string.Create(CultureInfo.InvariantCulture, $"\"{question}\" mixes the lines up"));
            Assert.Equal(Sheet.Lines[^1], told[^1]);
        }
    }
}
