namespace Streaming.Perception.Tests;

public sealed class NotebookTests
{
    private static readonly NotebookOptions Small = new() { MostNotes = 1024, RecentNotes = 256 };

    [Fact]
    public void Notebook_of_many_visits_stays_bounded_and_counts_exactly()
    {
        var book = new Notebook(Small);
        var random = new Random(1);
        var real = new Dictionary<string, int>();
        double time = 0;
        for (int number = 1; number <= 6000; number++)
        {
            string label = random.Next(3) switch { 0 => "car", 1 => "person", _ => "dog" };
            double from = time += random.NextDouble() * 40, to = from + random.NextDouble() * 30;
            book.Write([Notes.Arrival(label, number, from), Notes.Leave(label, number, to), Notes.Visit(label, number, from, to)]);
            real[label] = real.GetValueOrDefault(label) + 1;
            Assert.True(book.Snapshot.Notes.Count <= Small.MostNotes);
        }
        NotebookSnapshot read = book.Snapshot;
        foreach (var (label, count) in real)
        {
            Assert.Equal(count, read.Totals[label].SoFar);
            Assert.Equal(count, read.History[label].Entered);
            foreach (FactKind kind in (ReadOnlySpan<FactKind>)[FactKind.Enter, FactKind.Leave, FactKind.Visit])
                Assert.Equal(count, read.Notes.Where(note => note.Fact.Kind == kind && note.Fact.Thing?.Label == label).Sum(note => note.Times));
        }
        Assert.Equal(0, read.Forgotten);
        Assert.Equal(read.Notes.OrderBy(note => note.From).Select(note => note.From), read.Notes.Select(note => note.From));
    }

    [Fact]
    public void Notebook_of_many_words_forgets_the_oldest_words_and_no_thing()
    {
        var book = new Notebook(Small);
        book.Write([Notes.Arrival("car", 1, 0), new Note(default, default, NoteSource.User, 100, new Fact(FactKind.Say, null, "mine"))]);
        for (int i = 0; i < 3000; i++)
            book.Write([Notes.Read($"text {i}", i)]);
        NotebookSnapshot read = book.Snapshot;
        Assert.True(read.Notes.Count <= Small.MostNotes);
        Assert.Equal(3002, read.Notes.Count + read.Forgotten);
        Assert.Contains(read.Notes, note => note.Fact.Thing?.Label == "car");
        Assert.Contains(read.Notes, note => note.Fact.Detail == "mine");
        Assert.Contains(read.Notes, note => note.Fact.Detail == "text 2999");
        Assert.DoesNotContain(read.Notes, note => note.Fact.Detail == "text 0");
    }

    [Fact]
    public void Total_of_a_class_knows_first_last_longest_most_and_busiest()
    {
        var book = new Notebook(new NotebookOptions());
        book.Write([Notes.Arrival("car", 1, 10), Notes.Arrival("car", 2, 70), Notes.Arrival("car", 3, 75)]);
        book.See(Notes.At(76), [Notes.Visit("car", 2, 70, 76), Notes.Visit("car", 3, 75, 76)], []);
        book.Write([Notes.Visit("car", 1, 10, 50), Notes.Leave("car", 1, 50)]);
        book.See(Notes.At(80), [Notes.Visit("car", 3, 75, 80)], []);
        Assert.Equal(
            new ClassTotal("car", 1, 3, 2, Notes.At(10), Notes.At(80), Notes.At(40), Notes.At(60), 2), book.Snapshot.Totals["car"]);
    }

    [Fact]
    public void Thing_that_turns_out_to_be_another_is_counted_there_only()
    {
        var book = new Notebook(new NotebookOptions());
        book.Write([Notes.Arrival("car", 1, 10), Notes.Arrival("car", 2, 20), Notes.Arrival("cat", 3, 30)]);
        book.Rename(2, "truck");
        book.Rename(3, "dog");
        Assert.Equal(["car", "dog", "truck"], book.Snapshot.Totals.Keys);
        Assert.All(book.Snapshot.Totals.Values, total => Assert.Equal(1, total.SoFar));
        Assert.Equal(["car #1", "truck #2", "dog #3"], book.Snapshot.Notes.Select(note => note.Fact.Thing.ToString()));
    }

    [Fact]
    public void Notebook_written_as_text_and_read_is_the_same()
    {
        var book = new Notebook(Small);
        var random = new Random(2);
        for (int i = 1; i < 3000; i++)
            book.Write([Notes.Arrival("car", i, i * 9), Notes.Read($"\"{i % 7}\"\n", i * 9), Notes.Visit("car", i, i * 9, i * 9 + random.Next(30))]);
        NotebookSnapshot written = book.Snapshot;
        NotebookSnapshot read = NotebookText.Read(NotebookText.Write(written))!;
        Assert.Equal(written.Notes, read.Notes);
        Assert.Equal(written.Totals, read.Totals);
        Assert.Equal(written.History["car"].Buckets, read.History["car"].Buckets);
        Assert.Equal((written.SeenUntil, written.LastNumber, written.Forgotten), (read.SeenUntil, read.LastNumber, read.Forgotten));
    }

    [Fact]
    public void Notebook_text_tells_of_who_is_in_view_or_waited_for_and_of_nobody_twice()
    {
        var book = new Notebook(Small);
        book.Write([Notes.Arrival("car", 1, 1), Notes.Arrival("car", 2, 2)]);
        book.See(TimeSpan.FromSeconds(9), [Notes.Visit("car", 1, 1, 9), Text("OPEN"), Text("EXIT")], [Notes.Visit("car", 2, 2, 5)]);
        book.Write([Notes.Visit("car", 1, 1, 9), Text("OPEN")]);
        NotebookSnapshot read = NotebookText.Read(NotebookText.Write(book.Snapshot))!;
        Assert.Equal([1, 2], read.Notes.Where(note => note.Fact.Kind == FactKind.Visit).Select(note => note.Fact.Thing!.Value.Number));
        Assert.Equal(["EXIT", "OPEN"], read.Notes.Where(note => note.Fact.Kind == FactKind.Text).Select(note => note.Fact.Detail).Order());
        Assert.Empty(read.InView.Concat(read.Hidden));

        static Note Text(string words) => new(Notes.At(3), Notes.At(9), NoteSource.Perception, 90, new Fact(FactKind.Text, detail: words));
    }

    [Fact]
    public void Notebook_text_with_damaged_lines_reads_the_others()
    {
        var book = new Notebook(Small);
        book.Write([Notes.Arrival("car", 1, 1), Notes.Arrival("car", 2, 2)]);
        string[] lines = [.. NotebookText.Write(book.Snapshot)];
        lines[^1] = lines[^1][..5];
        NotebookSnapshot read = NotebookText.Read(lines)!;
        Assert.Equal([1], read.Notes.Select(note => note.Fact.Thing!.Value.Number));
        Assert.Equal(2, read.Totals["car"].SoFar);
        Assert.Null(NotebookText.Read(["something else"]));
        Assert.Null(NotebookText.Read([]));
    }

    [Fact]
    public void TotalsBetween_of_a_stretch_uses_nothing_from_outside()
    {
        var book = new Notebook(new NotebookOptions());
        book.Write([
            Notes.Arrival("car", 1, 10), Notes.Visit("car", 1, 10, 30), Notes.Arrival("car", 2, 20), Notes.Visit("car", 2, 20, 40),
            Notes.Arrival("car", 3, 50), Notes.Visit("car", 3, 50, 60)]);
        book.See(Notes.At(100), [], []);
        ClassTotal early = Assert.Single(book.Snapshot.TotalsBetween(default, Notes.At(25)));
        Assert.Equal((2, 2, 2, Notes.At(10), Notes.At(25)), (early.Now, early.SoFar, early.AtMost, early.First, early.Last));
        ClassTotal middle = Assert.Single(book.Snapshot.TotalsBetween(Notes.At(35), Notes.At(70)));
        Assert.Equal((0, 2, 1, Notes.At(35), Notes.At(60)), (middle.Now, middle.SoFar, middle.AtMost, middle.First, middle.Last));
        Assert.Empty(book.Snapshot.TotalsBetween(Notes.At(61), Notes.At(70)));
        Assert.Equal(3, Assert.Single(book.Snapshot.TotalsBetween(default, Notes.At(1000))).SoFar);
    }
}
