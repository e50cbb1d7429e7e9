using System.Collections.Immutable;
using Streaming.Models;

namespace Streaming.Perception.Tests;

/// <summary>A tracker with a notebook before which scripted things move, five looks a second.</summary>
internal sealed class Stage(ImmutableArray<Zone> zones = default)
{
    private const double Step = 0.2;

    private readonly ObjectTracker _tracker = new(new TrackerOptions(), zones.IsDefault ? [] : zones);

    public Notebook Book { get; } = new(new NotebookOptions());

    /// <summary>A thing of 0.1 x 0.18 of the picture, cut where it reaches over an edge.</summary>
    public static Observation Thing(string label, double x, double y, ColourName colour = ColourName.Grey, float score = 0.7f)
    {
        Span<int> pixels = stackalloc int[ColourShares.Count];
        pixels.Clear();
        pixels[(int)colour] = 100;
        return new Observation(new Detection(Box.Around((float)x, (float)y, 0.1f, 0.18f).InPicture(), label, score), ColourShares.Of(pixels));
    }

    /// <summary>Plays what is seen at each moment and ends with everything still in view closed.</summary>
    public Stage Play(double from, double to, Func<double, IReadOnlyList<Observation>> seen)
    {
        for (int look = (int)Math.Round(from / Step); look < (int)Math.Round(to / Step); look++)
        {
            double time = look * Step;
            Take(Notes.At(time), _tracker.Observe(Notes.At(time), [.. seen(time).Where(one => one.Box is { Width: > 0.01f, Height: > 0.01f })]));
        }
        return this;
    }

    public void Rest(double from, double to)
    {
        for (double time = from; time < to; time += Step)
            Take(Notes.At(time), _tracker.Rest(Notes.At(time)));
    }

    /// <summary>Notes of a kind; stays that go on are among them.</summary>
    public IReadOnlyList<Note> Of(FactKind kind) => [.. Book.Snapshot.Notes.Concat(Book.Snapshot.InView).Where(note => note.Fact.Kind == kind)];

    public Note Only(FactKind kind) => Assert.Single(Of(kind));

    private void Take(TimeSpan time, TrackerReport report)
    {
        foreach (Thing renamed in report.Renamed)
            Book.Rename(renamed.Number, renamed.Label);
        Book.Write(report.Notes);
        Book.See(time, report.InView, report.Hidden);
    }
}
