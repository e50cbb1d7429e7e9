namespace Streaming.Perception.Tests;

public sealed class SayingTests
{
    [Theory]
    [InlineData("The red car is Bob's.", "The red car is Ann's.")]
    [InlineData("The gate code is 1234.", "The gate code is 9999")]
    [InlineData("My dog is called Rex.", "my dog was called Max.")]
    [InlineData("The van is white.", "No, the van is blue.")]
    [InlineData("The van is parked at the gate.", "Actually, the van is not parked at the gate.")]
    [InlineData("The parcel is here.", "The parcel is no longer here.")]
    public void Say_of_the_same_supersedes(string earlier, string later)
    {
        var book = new Notebook(new NotebookOptions());
        book.Say(Notes.At(10), earlier);
        book.Say(Notes.At(20), later);
        Assert.Equal([(earlier, 0, 20d), (later, 100, 20d)], book.Snapshot.Notes.Select(note => (note.Fact.Detail, note.Sure, note.To.TotalSeconds)));
        Assert.Equal([$"user says \"{later}\""], NoteSheet.Of(book.Snapshot, TimeSpan.Zero, Notes.At(60)).Lines.Select(line => line.Text));
    }

    [Theory]
    [InlineData("The red car is Bob's.", "The blue car is Ann's.")]
    [InlineData("The red car is Bob's.", "The red car is parked at the gate.")]
    [InlineData("Bob is my neighbour.", "Bob has a red car.")]
    [InlineData("It rains.", "No, it rains.")]
    public void Say_of_another_leaves_what_was_said(string earlier, string later)
    {
        var book = new Notebook(new NotebookOptions());
        book.Say(Notes.At(10), earlier);
        book.Say(Notes.At(20), later);
        Assert.Equal([100, 100], book.Snapshot.Notes.Select(note => note.Sure));
    }

    [Fact]
    public void Say_superseded_note_survives_the_grammar()
    {
        var book = new Notebook(new NotebookOptions());
        book.Say(Notes.At(10), "The red car is Bob's.");
        book.Say(Notes.At(20), "The red car is Ann's.");
        NotebookSnapshot read = NotebookText.Read(NotebookText.Write(book.Snapshot))!;
        Assert.Equal(book.Snapshot.Notes, read.Notes);
    }
}
