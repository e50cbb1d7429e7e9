using Streaming.Models;

namespace Streaming.Perception.Tests;

public sealed class TextWatchTests
{
    private static readonly Box Corner = new(0.7f, 0.02f, 0.98f, 0.08f), Wall = new(0.2f, 0.4f, 0.5f, 0.5f);

    private readonly TextWatch _watch = new();

    [Theory]
    [InlineData("12:30:05", true)]
    [InlineData("2026-11-21 12:30", true)]
    [InlineData("Sat 21.11.2026 12.30.05", true)]
    [InlineData("11/21/26 9:05 PM", true)]
    [InlineData("SALE 50%", false)]
    [InlineData("Platform 12", false)]
    [InlineData("open daily from 9:00 in the morning", false)]
    public void IsClock_of_a_text_tells_times_and_dates_from_words(string text, bool isClock) => Assert.Equal(isClock, Readings.IsClock(text));

    [Fact]
    public void Medoid_of_misreadings_is_what_most_are_near_to() =>
        Assert.Equal("PLATFORM 2", Readings.Medoid([("PLATF0RM 2", 0.7f), ("PLATFORM 2", 0.8f), ("PLATFORM2", 0.9f), ("PLTFORM 7", 0.6f), ("PLATFORM 2", 0.7f)]));

    [Fact]
    public void Text_read_several_times_is_noted_once_with_its_span_when_it_is_gone()
    {
        var notes = new List<Note>();
        foreach (var (time, text) in new[] { (0, "SALE 5O%"), (5, "SALE 50%"), (10, "SALE50%"), (15, ""), (20, ""), (25, "") })
            notes.AddRange(_watch.Observe(Notes.At(time), text.Length > 0 ? [new TextLine(Wall, text, 0.8f)] : []));
        Note note = Assert.Single(notes);
        Assert.Equal((FactKind.Text, "SALE 50%"), (note.Fact.Kind, note.Fact.Detail));
        Assert.Equal((Notes.At(0), Notes.At(10)), (note.From, note.To));
        Assert.Empty(_watch.End());
    }

    [Fact]
    public void Clock_that_ticks_is_one_clock_and_no_text()
    {
        for (int i = 0; i < 20; i++)
            Assert.Empty(_watch.Observe(Notes.At(5 * i), [new TextLine(Corner, $"12:30:{5 * i % 60:00}", 0.95f)]));
        Assert.Equal(FactKind.Clock, Assert.Single(_watch.InView).Fact.Kind);
        Note note = Assert.Single(_watch.End());
        Assert.Equal((FactKind.Clock, "12:30:35", Notes.At(95)), (note.Fact.Kind, note.Fact.Detail, note.To));
    }

    [Fact]
    public void Text_replaced_at_its_place_is_another_and_unsure_ones_are_not_noted()
    {
        _watch.Observe(Notes.At(0), [new TextLine(Wall, "OPEN", 0.95f), new TextLine(Corner, "xj;", 0.65f)]);
        _watch.Observe(Notes.At(5), [new TextLine(Wall, "CLOSED", 0.95f)]);
        Assert.Equal(["OPEN", "CLOSED"], _watch.End().Select(note => note.Fact.Detail));
    }

    [Fact]
    public void Wants_a_reading_rarely_where_nothing_moves_or_nothing_is_to_be_read()
    {
        int asked = Enumerable.Range(0, 300).Count(i => _watch.Wants(Notes.At(i * 0.2), moved: true));
        Assert.Equal(12, asked);
        Assert.Equal(2, Enumerable.Range(0, 300).Count(i => _watch.Wants(Notes.At(100 + i * 0.2), moved: false)));
        for (int i = 0; i < 3; i++)
            _watch.Observe(Notes.At(200 + i), []);
        Assert.Equal(2, Enumerable.Range(0, 300).Count(i => _watch.Wants(Notes.At(300 + i * 0.2), moved: true)));
    }
}
