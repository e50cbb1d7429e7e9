namespace Streaming.Perception.Tests;

public sealed class NoteSheetTests
{
    [Fact]
    public void Of_a_stay_tells_coming_going_and_the_gaps_between()
    {
        Notebook book = Written(Notes.Arrival("car", 1, 12.4), Notes.Leave("car", 1, 40.2), Notes.Visit("car", 1, 12.4, 40.2));
        book.See(Notes.At(12.4), [Notes.Visit("car", 1, 12.4, 12.4)], []);
        book.See(Notes.At(60), [], []);
        Assert.Equal(
            [
                "car x1 in all: now 0, most 1, first 12 s, last 12 s, longest 28 s, busiest at 0 s with 1",
                "at 0 s to 12 s: nothing is there",
                "at 12 s: red car #1 enters left going right",
                "at 40 s: red car #1 leaves right going right after 28 s",
                "at 40 s to 60 s: nothing is there",
                "now: nothing",
            ],
            Lines(NoteSheet.Of(book.Snapshot, TimeSpan.Zero, Notes.At(60))));
    }

    [Fact]
    public void Of_an_earlier_moment_tells_nothing_that_came_later()
    {
        Notebook book = Written(
            Notes.Arrival("car", 1, 5), Notes.Leave("car", 1, 40), Notes.Visit("car", 1, 5, 40), Notes.Arrival("dog", 2, 30), Notes.Leave("dog", 2, 35), Notes.Visit("dog", 2, 30, 35));
        book.See(Notes.At(50), [], []);
        string[] lines = Lines(NoteSheet.Of(book.Snapshot, TimeSpan.Zero, Notes.At(20)));
        Assert.Equal(
            [
                "car x1 in all: now 1, most 1, first 5 s, last 20 s, longest 15 s, busiest at 0 s with 1",
                "at 0 s to 5 s: nothing is there",
                "at 5 s: red car #1 enters left going right",
                "now: red car #1",
            ], lines);
    }

    [Fact]
    public void Of_a_later_stretch_tells_who_was_there_when_it_began()
    {
        Notebook book = Written(Notes.Arrival("car", 1, 5), Notes.Leave("car", 1, 40), Notes.Visit("car", 1, 5, 40));
        book.See(Notes.At(50), [], []);
        Assert.Contains("at 20 s: red car #1 is there", Lines(NoteSheet.Of(book.Snapshot, Notes.At(20), Notes.At(50))));
    }

    [Fact]
    public void Of_an_arrival_shows_the_thing_for_as_long_as_it_stays()
    {
        Notebook book = Written(Notes.Arrival("car", 1, 5), Notes.Leave("car", 1, 40), Notes.Visit("car", 1, 5, 40));
        SheetLine Arrival(double until) => Assert.Single(NoteSheet.Of(book.Snapshot, TimeSpan.Zero, Notes.At(until)).Lines, line => line.Text.Contains(" enters ", StringComparison.Ordinal));
        Assert.Equal((Notes.At(5), Notes.At(40)), (Arrival(50).Sights.First, Arrival(50).Sights.Last));
        Assert.Equal((Notes.At(5), Notes.At(20)), (Arrival(20).Sights.First, Arrival(20).Sights.Last));
    }

    [Fact]
    public void Of_hardly_sure_facts_says_maybe()
    {
        var unsure = new Note(Notes.At(3), Notes.At(3), NoteSource.Perception, NoteSheet.SureFrom - 1, new Fact(FactKind.Enter, Thing.One("dog", 1), "left"));
        var sure = new Note(Notes.At(4), Notes.At(4), NoteSource.Perception, NoteSheet.SureFrom, new Fact(FactKind.Enter, Thing.One("cat", 2), "left"));
        string[] lines = Lines(NoteSheet.Of(Written(unsure, sure).Snapshot, TimeSpan.Zero, Notes.At(9)));
        Assert.Contains("at 3 s: maybe dog #1 enters left", lines);
        Assert.Contains("at 4 s: cat #2 enters left", lines);
    }

    [Fact]
    public void Of_a_colour_that_is_one_among_several_says_maybe_in_brackets_where_the_thing_comes()
    {
        var visit = new Note(Notes.At(5), Notes.At(40), NoteSource.Perception, 80, new Fact(FactKind.Visit, Thing.One("car", 1), "red 39% left to right"));
        string[] lines = Lines(NoteSheet.Of(Written(Notes.Arrival("car", 1, 5), Notes.Leave("car", 1, 40), visit).Snapshot, TimeSpan.Zero, Notes.At(50)));
        Assert.Contains("at 5 s: car #1 (maybe red) enters left going right", lines);
        Assert.Contains("at 40 s: car #1 leaves right going right after 35 s", lines);
    }

    [Fact]
    public void Of_print_cannot_break_a_line_or_end_its_quotes()
    {
        string[] lines = Lines(NoteSheet.Of(Written(Notes.Read("a\n\"b\" " + new string('x', 90), 3)).Snapshot, TimeSpan.Zero, Notes.At(9)));
        Assert.Equal($"at 3 s: reads \"a 'b' {new string('x', 34)}\"", lines[0]);
        Assert.All(lines, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public void Of_more_than_fits_keeps_what_is_asked_and_the_newest()
    {
        Note[] notes = [Notes.Arrival("dog", 1000, 0.5), .. Enumerable.Range(1, 200).Select(i => Notes.Arrival("car", i, i))];
        NoteSheet sheet = NoteSheet.Of(Written(notes).Snapshot, TimeSpan.Zero, Notes.At(300), asked: new NoteFocus("Did the dog meet the cars?", "dog"));
        string[] lines = Lines(sheet);
        Assert.Equal(NoteSheet.MostLines, lines.Length);
        Assert.StartsWith("car x200 in all", lines[0], StringComparison.Ordinal);
        Assert.Contains("at 0 s: dog #1000 enters left going right", lines);
        Assert.Contains("at 200 s: car #200 enters left going right", lines);
        Assert.DoesNotContain("at 100 s: car #100 enters left going right", lines);
    }

    [Fact]
    public void Of_a_stretch_without_notes_is_empty_text()
    {
        NoteSheet sheet = NoteSheet.Of(Written(Notes.Arrival("car", 1, 50)).Snapshot, TimeSpan.Zero, Notes.At(20));
        Assert.True(sheet.IsEmpty);
        Assert.Equal("", sheet.Text);
    }

    [Fact]
    public void Of_any_notes_stays_within_its_lines_and_its_stretch()
    {
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            Note[] notes = [.. Enumerable.Range(0, random.Next(120)).Select(_ => Notes.Any(random)).Where(note => note.Fact.Kind != FactKind.Total)];
            TimeSpan from = TimeSpan.FromSeconds(random.Next(500)), until = from + TimeSpan.FromSeconds(random.Next(500));
            NoteSheet sheet = NoteSheet.Of(Written(notes).Snapshot, from, until);
            Assert.InRange(sheet.Lines.Length, 0, NoteSheet.MostLines);
            Assert.All(sheet.Lines, line => Assert.True(line.Sights.First <= until));
        }
    }

    private static Notebook Written(params Note[] notes)
    {
        var book = new Notebook(new NotebookOptions());
        book.Write(notes);
        return book;
    }

    private static string[] Lines(NoteSheet sheet) => [.. sheet.Lines.Select(line => line.Text)];
}
