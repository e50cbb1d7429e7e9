using Streaming.Models;

namespace Streaming.Perception.Tests;

public sealed class ObjectTrackerTests
{
    [Theory]
    [InlineData(-0.1, 0.5, 0.25, 0, "left going right", "right going right")]
    [InlineData(1.1, 0.5, -0.25, 0, "right going left", "left going left")]
    [InlineData(0.5, -0.1, 0, 0.25, "top going down", "bottom going down")]
    [InlineData(0.5, 1.1, 0, -0.25, "bottom going up", "top going up")]
    public void Thing_that_crosses_the_picture_enters_and_leaves_over_its_edges(double x, double y, double vx, double vy, string enters, string leaves)
    {
        var stage = new Stage();
        stage.Play(0, 8, t => t < 1 ? [] : [Stage.Thing("car", x + vx * (t - 1), y + vy * (t - 1))]);
        Assert.Equal(enters, stage.Only(FactKind.Enter).Fact.Detail);
        Assert.Equal(leaves, stage.Only(FactKind.Leave).Fact.Detail);
        Note visit = stage.Only(FactKind.Visit);
        Assert.InRange(visit.To - visit.From, Notes.At(3), Notes.At(5));
        Assert.Equal(1, stage.Book.Snapshot.Totals["car"].SoFar);
        Assert.Equal(0, stage.Book.Snapshot.Totals["car"].Now);
    }

    [Fact]
    public void Thing_hidden_for_three_seconds_on_its_way_stays_the_same()
    {
        var stage = new Stage();
        stage.Play(0, 12, t => t is > 4 and < 7 ? [] : [Stage.Thing("person", 0.05 + 0.08 * t, 0.5)]);
        Assert.Equal(1, stage.Book.Snapshot.Totals["person"].SoFar);
        Assert.Empty(stage.Of(FactKind.Leave));
    }

    [Fact]
    public void Thing_hidden_while_it_stands_is_known_again_by_its_colour()
    {
        var stage = new Stage();
        stage.Play(0, 20, t => t < 5 ? [Stage.Thing("person", 0.2 + 0.06 * t, 0.5, ColourName.Red)]
            : t < 10 ? [] : [Stage.Thing("person", 0.5 - 0.06 * (t - 10), 0.5, ColourName.Red), Stage.Thing("person", 0.9, 0.5, ColourName.Green)]);
        Assert.Equal(2, stage.Book.Snapshot.Totals["person"].SoFar);
    }

    [Fact]
    public void Things_that_pass_each_other_keep_their_numbers()
    {
        var stage = new Stage();
        var boxes = stage.Play(0, 10, t => [Stage.Thing("person", 0.05 + 0.09 * t, 0.5, ColourName.Red), Stage.Thing("person", 0.95 - 0.09 * t, 0.52, ColourName.Blue)]);
        Assert.Equal(2, stage.Book.Snapshot.Totals["person"].SoFar);
        Assert.Equal(["blue 100% right to left", "red 100% left to right"], stage.Of(FactKind.Visit).Select(visit => visit.Fact.Detail).Order());
    }

    [Fact]
    public void Detection_that_flickers_once_is_no_thing()
    {
        var stage = new Stage();
        stage.Play(0, 10, t => t == 4 ? [Stage.Thing("dog", 0.5, 0.5)] : []);
        Assert.Empty(stage.Book.Snapshot.Totals);
    }

    [Fact]
    public void Thing_there_from_the_start_is_present_and_stops_nowhere()
    {
        var stage = new Stage();
        stage.Play(0, 10, _ => [Stage.Thing("car", 0.4, 0.5)]);
        Assert.Equal("middle", stage.Only(FactKind.Present).Fact.Detail);
        Assert.Empty(stage.Of(FactKind.Enter));
        Assert.Empty(stage.Of(FactKind.Stop));
    }

    [Fact]
    public void Thing_that_halts_stops_and_goes_on()
    {
        var stage = new Stage();
        stage.Play(0, 14, t => [Stage.Thing("car", 0.05 + 0.1 * (t < 4 ? t : t < 9 ? 4 : t - 5), 0.5)]);
        Note stop = stage.Only(FactKind.Stop), go = stage.Only(FactKind.Go);
        Assert.InRange(stop.From.TotalSeconds, 3, 5);
        Assert.Equal("middle", stop.Fact.Detail);
        Assert.InRange(go.From.TotalSeconds, 9, 10);
        Assert.Equal("right", go.Fact.Detail);
    }

    [Fact]
    public void Line_and_zone_are_crossed_when_the_foot_does()
    {
        var stage = new Stage([new Zone("gate", [new(0.5f, 0), new(0.5f, 1)]), new Zone("yard", [new(0.6f, 0.2f), new(0.8f, 0.2f), new(0.8f, 0.9f), new(0.6f, 0.9f)])]);
        stage.Play(0, 10, t => [Stage.Thing("person", 0.05 + 0.09 * t, 0.5)]);
        Note cross = stage.Only(FactKind.Cross);
        Assert.Equal("gate backwards", cross.Fact.Detail);
        Assert.InRange(cross.From.TotalSeconds, 5, 5.6);
        Assert.InRange(stage.Only(FactKind.EnterZone).From.TotalSeconds, 6, 6.6);
        Assert.InRange(stage.Only(FactKind.LeaveZone).From.TotalSeconds, 8.2, 8.8);
    }

    [Fact]
    public void Class_is_what_most_detections_say_and_old_notes_follow()
    {
        var stage = new Stage();
        stage.Play(0, 6, t => [Stage.Thing(t < 1 || t is > 3 and < 3.5 ? "car" : "truck", 0.1 + 0.1 * t, 0.5)]);
        Assert.Equal(["truck"], stage.Book.Snapshot.Totals.Keys);
        Assert.Equal(1, stage.Book.Snapshot.Totals["truck"].SoFar);
        Assert.All(stage.Book.Snapshot.Notes, note => Assert.Equal("truck #1", note.Fact.Thing.ToString()));
    }

    [Fact]
    public void Rest_between_looks_keeps_who_is_there()
    {
        var stage = new Stage();
        stage.Play(0, 3, _ => [Stage.Thing("person", 0.4, 0.5)]);
        stage.Rest(3, 300);
        stage.Play(300, 303, _ => [Stage.Thing("person", 0.4, 0.5)]);
        Assert.Equal(1, stage.Book.Snapshot.Totals["person"].SoFar);
        Assert.Equal(1, stage.Book.Snapshot.Totals["person"].Now);
        Assert.InRange(stage.Book.Snapshot.Totals["person"].Longest.TotalSeconds, 302, 303);
    }

    [Fact]
    public void Order_of_detections_in_a_look_changes_nothing()
    {
        static IReadOnlyList<Observation> Crowd(double t) =>
            [.. Enumerable.Range(0, 8).Select(i => Stage.Thing("person", 0.1 * i + 0.03 * t * (i % 3), 0.1 + 0.1 * i, (ColourName)(i + 3)))];
        var one = new Stage();
        var other = new Stage();
        one.Play(0, 10, Crowd);
        other.Play(0, 10, t => [.. Crowd(t).Reverse()]);
        Assert.Equal(one.Book.Snapshot.Totals, other.Book.Snapshot.Totals);
        static IEnumerable<string> Visits(Stage stage) => stage.Of(FactKind.Visit).Select(note => note.Fact.Detail).Order();
        Assert.Equal(Visits(one), Visits(other));
    }

    [Fact]
    public void Noise_of_any_kind_leaves_tracks_bounded_and_accounts_consistent()
    {
        var random = new Random(7);
        var tracker = new ObjectTracker(new TrackerOptions { MostTracks = 50 }, []);
        var book = new Notebook(new NotebookOptions { MostNotes = 1 << 20 });
        // Who was told to have stayed is told ever after, in view, lost for a while, or gone.
        HashSet<int> told = [];
        for (int look = 0; look < 1500; look++)
        {
            TimeSpan time = Notes.At(look * 0.2);
            Observation[] seen = [.. Enumerable.Range(0, random.Next(100)).Select(_ => Stage.Thing(
                random.Next(2) == 0 ? "car" : "person", random.NextDouble(), random.NextDouble(), (ColourName)random.Next(11), (float)random.NextDouble()))];
            TrackerReport report = tracker.Observe(time, seen);
            Assert.True(tracker.Expected(time).Count() <= 50);
            Assert.Equal(report.InView.Count, report.InView.Select(note => note.Fact.Thing!.Value.Number).Distinct().Count());
            foreach (Thing renamed in report.Renamed)
                book.Rename(renamed.Number, renamed.Label);
            book.Write(report.Notes);
            book.See(time, report.InView, report.Hidden);
            HashSet<int> known = [.. Numbers(book.Snapshot.Notes), .. Numbers(book.Snapshot.InView), .. Numbers(book.Snapshot.Hidden)];
            Assert.Superset(told, known);
            told = known;
        }
        Assert.All(book.Snapshot.Totals.Values, total => Assert.True(total.Now <= total.AtMost && total.AtMost <= total.SoFar && total.First <= total.Last));
        Assert.Equal(book.Snapshot.LastNumber, book.Snapshot.Totals.Values.Sum(total => total.SoFar));
        Assert.NotEmpty(told);

        static IEnumerable<int> Numbers(IEnumerable<Note> notes) => notes.Where(note => note.Fact.Kind == FactKind.Visit).Select(note => note.Fact.Thing!.Value.Number);
    }
}
