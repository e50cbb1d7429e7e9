namespace Streaming.Perception;

/// <summary>A dated fact about a stream: from when to when, what, how sure, who says so, and in which frames it can be seen. Immutable.</summary>
/// <remarks>Times are whole milliseconds since the start of the stream, as they are written.</remarks>
public sealed record Note
{
    /// <param name="sure">Per cent, 0..100.</param>
    /// <param name="sights">Null: its first and its last moment.</param>
    public Note(TimeSpan from, TimeSpan to, NoteSource source, int sure, Fact fact, Sights? sights = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sure is >= 0 and <= 100, true, nameof(sure));
        (From, To, Source, Sure, Fact) = (Whole(from), Whole(to), source, sure, fact);
        Sights = sights is { } given ? new Sights(Whole(given.First), Whole(given.Clearest), Whole(given.Last)) : new Sights(From, From, To);
    }

    public TimeSpan From { get; }

    public TimeSpan To { get; }

    public NoteSource Source { get; }

    /// <summary>Per cent.</summary>
    public int Sure { get; }

    public Fact Fact { get; }

    public Sights Sights { get; }

    /// <summary>How many things or events it tells of.</summary>
    public int Times => Fact.Thing?.Times ?? 1;

    /// <summary>The same, about a thing of another name.</summary>
    public Note About(Thing thing) => new(From, To, Source, Sure, Fact.About(thing), Sights);

    private static TimeSpan Whole(TimeSpan time) =>
        new((time.Ticks + TimeSpan.TicksPerMillisecond / 2) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond);
}

/// <summary>Who says so.</summary>
public enum NoteSource : byte { Perception, Model, Transcript, User }

/// <summary>The times of the frames that show a fact: the first, the one that shows it best, and the last.</summary>
public readonly record struct Sights(TimeSpan First, TimeSpan Clearest, TimeSpan Last)
{
    public static Sights At(TimeSpan time) => new(time, time, time);

    /// <summary>The frames of two facts told as one; the clearest is that of the surer.</summary>
    public Sights Join(Sights other, bool isSurer) => new(
        First < other.First ? First : other.First, isSurer ? other.Clearest : Clearest, Last > other.Last ? Last : other.Last);
}
