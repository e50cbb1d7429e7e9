namespace Streaming.Perception.Tests;

public sealed class NoteLineTests
{
    [Theory]
    [InlineData("12.4-13.2 s perception 81%: car #3 enters left going right @12.4,12.8,13.2")]
    [InlineData("0-600 s perception 78%: traffic light x14 is seen red")]
    [InlineData("1-1 s perception 50%: person #1 crosses gate forwards")]
    [InlineData("1-2.001 s perception 50%: person #1 enters zone door")]
    [InlineData("3-3 s perception 100%: cut")]
    [InlineData("3-9 s transcript 60%: says \"he said \\\"go\\\" @5\\n\"")]
    [InlineData("3-9 s user 100%: says \"\"")]
    [InlineData("0-8 s perception 90%: clock \"12:30:05\" @0,4,8")]
    [InlineData("0-80 s perception 85%: car x5 in all now 2, most 3, first 0 s, last 80 s, longest 30 s, busiest 60 s with 4")]
    public void Line_of_the_grammar_is_written_as_it_was_read(string line) => Assert.Equal(line, NoteLine.Write(NoteLine.Read(line)!));

    [Theory]
    [InlineData("")]
    [InlineData("12.4-11 s perception 81%: car #3 enters left")]
    [InlineData("1-2 s perception 101%: car #3 enters left")]
    [InlineData("1-2 s somebody 81%: car #3 enters left")]
    [InlineData("1-2 s perception 81%: car enters left")]
    [InlineData("1-2 s perception 81%: car #0 enters left")]
    [InlineData("1-2 s perception 81%: car x0 enters left")]
    [InlineData("1-2 s perception 81%: enters left")]
    [InlineData("1-2 s perception 81%: car #3 flies left")]
    [InlineData("1-2 s perception 81%: car #3 cut")]
    [InlineData("1-2 s perception 81%: says hello")]
    [InlineData("1-2 s perception 81%: says \"a\"b\"")]
    [InlineData("1-2 s perception 81%: car #3 enters left @1,2")]
    [InlineData("1.2.3-9 s perception 81%: cut")]
    [InlineData("1-2 s perception 81%: cut\n")]
    [InlineData("1-9999999999999999999999999999 s perception 81%: cut")]
    public void Line_outside_the_grammar_is_no_note(string line) => Assert.Null(NoteLine.Read(line));

    [Fact]
    public void Note_of_any_kind_written_and_read_is_equal()
    {
        var random = new Random(5);
        for (int i = 0; i < 4000; i++)
        {
            Note note = Notes.Any(random);
            string line = NoteLine.Write(note);
            Assert.Equal(note, NoteLine.Read(line));
            Assert.DoesNotContain('\n', line);
        }
    }

    [Fact]
    public void Line_with_any_character_changed_reads_without_an_exception()
    {
        var random = new Random(6);
        for (int i = 0; i < 4000; i++)
        {
            char[] line = NoteLine.Write(Notes.Any(random)).ToCharArray();
            line[random.Next(line.Length)] = (char)random.Next(32, 127);
            if (NoteLine.Read(new string(line)) is { } note)
                Assert.Equal(note, NoteLine.Read(NoteLine.Write(note)));
        }
    }

    [Fact]
    public void Total_as_a_note_is_read_back()
    {
        var total = new ClassTotal("traffic light", 2, 5, 3, Notes.At(1.5), Notes.At(80), Notes.At(30), Notes.At(60), 4);
        Assert.Equal(total, ClassTotal.Of(NoteLine.Read(NoteLine.Write(total.ToNote(90)))!));
    }
}
