using Streaming.Perception;

namespace Streaming.World.Notes;

/// <summary>One thing of a scene of notes, as the notes tell it. Times are seconds since the start of the stream.</summary>
/// <param name="Colour">Null where perception could not name one.</param>
/// <param name="Sure">Per cent.</param>
/// <param name="WasThere">It was there when the stretch began; <paramref name="From"/> may lie before.</param>
/// <param name="Edge">Where it came in; the place where it stood if it was there when the stream began.</param>
/// <param name="Until">When it left; null if it is still there at the end.</param>
public sealed record Actor(
    string Label, int Number, string? Colour, int ColourShare, int Sure, double From, bool WasThere, string Edge, string Way,
    double? Until, string LeaveEdge, string LeaveWay, IReadOnlyList<ActorDeed> Deeds)
{
    public bool IsSure => Sure >= NoteSheet.SureFrom;

    /// <summary>The colour, if it is told without doubt.</summary>
    public string? SureColour => ColourShare >= 40 ? Colour : null;

    public bool IsThere => Until is null;
}

/// <summary>What a thing does while it is there: it stops, goes on, crosses a line, enters or leaves a zone.</summary>
public sealed record ActorDeed(FactKind Kind, double Time, string Detail);

/// <param name="IsClock">A clock that is laid over the picture.</param>
public sealed record Print(string Text, double From, double To, bool IsClock);

/// <summary>A stretch of a stream as perception might have noted it, with what is true of it.</summary>
/// <param name="Actors">In order of their coming.</param>
/// <param name="Zones">Names of the stream's lines and areas.</param>
/// <param name="Book">What the notebook holds after it, written by the service's own types.</param>
/// <param name="Sheet">What a model reads of it.</param>
public sealed record NoteScene(
    double From, double Until, IReadOnlyList<Actor> Actors, IReadOnlyList<string> Zones, IReadOnlyList<Print> Prints, NotebookSnapshot Book, NoteSheet Sheet)
{
    /// <summary>The second by which a sheet calls a moment.</summary>
    public static long Told(double seconds) => (long)Math.Floor(Math.Round(seconds, 3));

    /// <summary>What the notebook counts of each class in the stretch.</summary>
    public IReadOnlyList<ClassTotal> Totals { get; } = Book.TotalsBetween(TimeSpan.FromSeconds(From), TimeSpan.FromSeconds(Until) + TimeSpan.FromTicks(1));

    /// <summary>The stretches of three seconds and more in which nothing was there.</summary>
    public IEnumerable<(double From, double To)> Gaps()
    {
        double empty = From;
        foreach ((double from, double to) in Actors.Select(a => (a.From, a.Until ?? Until)).OrderBy(stay => stay.From).Append((Until, Until)))
        {
            if (Math.Round(from - empty, 3) >= 3)
                yield return (empty, from);
            empty = Math.Max(empty, to);
        }
    }
}
