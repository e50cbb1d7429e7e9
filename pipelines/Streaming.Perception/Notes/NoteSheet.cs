using System.Collections.Immutable;

namespace Streaming.Perception;

/// <summary>
/// What a language model reads of a notebook about a stretch of a stream: the account of each class, then what happened line by line in
/// order of time, then who is there at the end. Nothing that began later is in it; but a class, a colour, a reading is told as the notebook has
/// it, which may have learned it later. Immutable.
/// </summary>
/// <remarks>
/// The facts and words are those of <see cref="NoteLine"/>, told in fewer tokens: whole seconds, a thing by its colour and class, the length
/// of its stay where it leaves, and instead of per cent the word "maybe" before what perception is hardly sure of.
/// <code>
/// sheet = total* said* event* now                           now, and "nothing is there", only where perception looked
/// said  = "user says " text                                 undated: it holds until the user says otherwise
/// total = label " x" times " in all: now " n ", most " n ", first " s " s, last " s " s, longest " s " s, busiest at " s " s with " n
/// event = "at " s " s" [" to " s " s"] ": " ["maybe "] [source " "] fact
/// fact  = that of NoteLine without a share; after "leaves", "after " s " s"
///       | "nothing is there"                               for three seconds or more
/// thing = [colour " "] label " #" n [" (maybe " colour ")"]  a colour in brackets only where the thing comes, and now
/// now   = "now: " ("nothing" | thing (", " thing)*)
/// </code>
/// Example: <c>at 12 s: red car #3 enters left going right</c>.
/// </remarks>
public sealed record NoteSheet(ImmutableArray<SheetLine> Lines)
{
    /// <summary>The most lines: some 600 tokens of the shipped model, which is trained with as many.</summary>
    public const int MostLines = 40;

    /// <summary>The most lines of totals among them; classes that were seen less often are left out.</summary>
    public const int MostTotals = 8;

    /// <summary>The line above the others: what they are.</summary>
    public const string Heading = "What was seen so far:";

    /// <summary>Surer than this is told as a fact, in per cent. What is no thing at all stays below 30, people have 48 to 66
    /// (<see cref="TrackerOptions.MovingScore"/>); between lies what may be either.</summary>
    public const int SureFrom = 45;

    public static NoteSheet Empty { get; } = new([]);

    public bool IsEmpty => Lines.IsEmpty;

    /// <summary>Heading and lines, each ended by a line feed; empty where there are none.</summary>
    public string Text => IsEmpty ? "" : string.Concat(Lines.Select(line => line.Text).Prepend(Heading).Select(line => line + "\n"));

    /// <param name="from">The first moment.</param>
    /// <param name="until">The last moment, included.</param>
    /// <param name="tell">The whole second by which a moment is called; null: the seconds since the start of the stream, rounded down.</param>
    /// <param name="asked">What a question asks about: nothing else is told. Where there are too many lines, those that go less well with its
    /// words are left out first, then the oldest. Null: nobody asks, all is told.</param>
    /// <returns>Empty where nothing was noted in the stretch.</returns>
    public static NoteSheet Of(NotebookSnapshot book, TimeSpan from, TimeSpan until, Func<TimeSpan, long>? tell = null, NoteFocus? asked = null)
    {
        var stretch = new SheetStretch(book, from, until);
        if (stretch.IsEmpty)
            return Empty;
        var told = new SheetWords(stretch, tell ?? (time => (long)Math.Floor(time.TotalSeconds)));
        NoteSheet whole = new([.. stretch.Totals.Select(told.Total), .. told.Events(), .. stretch.IsWatched ? [told.Now()] : Array.Empty<SheetLine>()]);
        return (asked is null ? whole : asked.Of(whole)).Fitting(asked);
    }

    private NoteSheet Fitting(NoteFocus? asked)
    {
        SheetLine[] totals = [.. Lines.Where(line => line.Kind == FactKind.Total).Take(MostTotals)];
        SheetLine[] events = [.. Lines.Where(line => line.Kind != FactKind.Total && !line.IsNow)];
        int room = MostLines - totals.Length - 1;
        if (events.Length > room)
        {
            HashSet<SheetLine> kept = new(
                events.Zip(asked?.Score(events) ?? new double[events.Length]).Reverse().OrderByDescending(pair => pair.Second).Take(room).Select(pair => pair.First),
                ReferenceEqualityComparer.Instance);
            events = [.. events.Where(kept.Contains)];
        }
        return new NoteSheet([.. totals, .. events, .. Lines.Where(line => line.IsNow)]);
    }
}

/// <param name="Kind">What kind of fact it tells; null of what follows from others: that nothing is there, and who is there now.</param>
/// <param name="Label">The class that it is about; null: no one class.</param>
/// <param name="From">When what it tells began, in the stream's own time.</param>
/// <param name="Sights">The frames that show it.</param>
public sealed record SheetLine(string Text, FactKind? Kind, string? Label, TimeSpan From, TimeSpan To, Sights Sights)
{
    /// <summary>Somebody said it; no picture shows it.</summary>
    public bool IsSaid { get; init; }

    /// <summary>Who is there now.</summary>
    internal bool IsNow => Kind is null && Text.StartsWith(SheetWords.There, StringComparison.Ordinal);
}
