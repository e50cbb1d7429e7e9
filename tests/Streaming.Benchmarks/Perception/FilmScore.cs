using Streaming.Models;
using Streaming.Perception;

namespace Streaming.Benchmarks.Perception;

/// <summary>How a film was perceived, next to what happened in it.</summary>
/// <param name="CountingError">Difference between the people counted and those who were there.</param>
/// <param name="Pure">Boxes of tracks that lie on the one whom most boxes of their track lie on.</param>
/// <param name="Boxes">Boxes of tracks that lie on anybody.</param>
internal sealed record FilmScore(int CountingError, int Pure, int Boxes, int RightEvents, int ToldEvents, int TrueEvents)
{
    private const float OnHim = 0.3f;
    private const double Within = 1;

    public static FilmScore Of(CutOutFilm film, NotebookSnapshot notes, IReadOnlyList<(IReadOnlyList<(int Walker, Box Box)> True, IReadOnlyList<(int Number, Box Box)> Tracked)> frames)
    {
        int counted = notes.Totals.Values.Where(total => total.Label is "person" or TrackerOptions.Unnamed).Sum(total => total.SoFar);
        int there = frames.SelectMany(frame => frame.True.Select(one => one.Walker)).Distinct().Count();
        var owners = frames.SelectMany(frame => frame.Tracked.Select(track => (track.Number, Owner: OwnerOf(track.Box, frame.True))))
            .Where(box => box.Owner >= 0).GroupBy(box => box.Number).Select(track => track.GroupBy(box => box.Owner).Select(owner => owner.Count()).ToArray()).ToArray();
        var (right, told, real) = Events(film, notes);
        return new FilmScore(Math.Abs(counted - there), owners.Sum(track => track.Max()), owners.Sum(track => track.Sum()), right, told, real);
    }

    private static int OwnerOf(Box box, IReadOnlyList<(int Walker, Box Box)> truth) =>
        truth.Where(one => one.Box.Overlap(box) >= OnHim).OrderByDescending(one => one.Box.Overlap(box)).Select(one => one.Walker).DefaultIfEmpty(-1).First();

    /// <summary>Each true event is told by one note of its kind at most, and each note tells one.</summary>
    private static (int Right, int Told, int True) Events(CutOutFilm film, NotebookSnapshot notes)
    {
        var told = notes.Notes.Where(note => note.Fact.Thing is { Label: "person" or TrackerOptions.Unnamed } && note.Fact.Kind is FactKind.Present or FactKind.Enter or FactKind.Leave or FactKind.Stop or FactKind.Go)
            .Select(note => (Kind: note.Fact.Kind == FactKind.Present ? FactKind.Enter : note.Fact.Kind, note.From.TotalSeconds)).Where(note => note.TotalSeconds < CutOutFilm.Seconds - 1).ToList();
        int all = told.Count, right = 0, real = 0;
        foreach (TrueEvent happened in film.Events.OrderBy(one => one.Seconds))
        {
            real++;
            int nearest = told.Select((note, i) => (note, i)).Where(one => one.note.Kind == happened.Kind && Math.Abs(one.note.TotalSeconds - happened.Seconds) <= Within)
                .OrderBy(one => Math.Abs(one.note.TotalSeconds - happened.Seconds)).Select(one => one.i).DefaultIfEmpty(-1).First();
            if (nearest < 0)
                continue;
            right++;
            told.RemoveAt(nearest);
        }
        return (right, all, real);
    }
}
