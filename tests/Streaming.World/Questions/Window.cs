namespace Streaming.World.Questions;

/// <summary>A stretch of a film as somebody saw it who saw nothing before and nothing after; "now" is its last sample.</summary>
public sealed class Window
{
    /// <summary>A thing counts as seen from this share of its area on.</summary>
    public const double Seen = 0.5;

    /// <summary>Up to this share of its area nobody can be expected to see it. Between the two, nothing is asked.</summary>
    public const double Unseen = 0.08;

    public Window(Footage footage, int from, int to)
    {
        From = from;
        To = to;
        Scenes = [.. footage.Scenes.Skip(from).Take(to - from + 1)];
        Film = footage.Film;
        Lives = [.. Film.Things.Select(Follow)];
    }

    public int From { get; }

    /// <summary>The last sample, included.</summary>
    public int To { get; }

    public Film Film { get; }

    public IReadOnlyList<Scene> Scenes { get; }

    public IReadOnlyList<Life> Lives { get; }

    public Scene Now => Scenes[^1];

    /// <summary>The things to be seen now; only meaningful where <see cref="NowIsClear"/>.</summary>
    public IEnumerable<Sighting> Present => Now.Things.Where(s => s.Visible >= Seen);

    /// <summary>No thing is half in sight now.</summary>
    public bool NowIsClear => Now.Things.All(s => s.Visible is >= Seen or <= Unseen);

    /// <summary>Everything in the window was either plainly seen, for at least two samples, or not at all.</summary>
    public bool HistoryIsClear => Lives.All(l => l.IsClear);

    /// <summary>The looks that somebody may have noticed in the window.</summary>
    public bool WasGlimpsed(Shape shape, Colour colour) =>
        Scenes.Any(scene => scene.Things.Any(s => s.Thing.Shape == shape && s.Colour == colour && s.Visible > Unseen));

    public bool WasGlimpsed(Shape shape) => Scenes.Any(scene => scene.Things.Any(s => s.Thing.Shape == shape && s.Visible > Unseen));

    public bool WasGlimpsed(Colour colour) => Scenes.Any(scene => scene.Things.Any(s => s.Colour == colour && s.Visible > Unseen));

    private Life Follow(Thing thing)
    {
        int[] seen = [.. Enumerable.Range(0, Scenes.Count).Where(i => Scenes[i].Things[thing.Id].Visible >= Seen)];
        bool glimpsed = Scenes.Any(scene => scene.Things[thing.Id].Visible > Unseen);
        if (seen.Length == 0)
            return new Life(thing, IsSeen: false, IsClear: !glimpsed, 0, 0, Entered: false, Left: false, Changed: null);
        int first = seen[0], last = seen[^1];
        int? changed = null;
        for (int i = first + 1; i <= last && changed is null; i++)
        {
            if (Scenes[i].Things[thing.Id].Colour != Scenes[i - 1].Things[thing.Id].Colour)
                changed = i;
        }
        // A glimpse at the very edge of the window says neither that it came in nor that it did not.
        bool entered = first > 0 && Scenes[0].Things[thing.Id].Visible <= Unseen;
        bool left = last < Scenes.Count - 1 && Now.Things[thing.Id].Visible <= Unseen && !IsHiddenNow(thing);
        bool clear = seen.Length >= 2 && (first == 0 || entered) && (last == Scenes.Count - 1 || left);
        return new Life(thing, IsSeen: true, clear, first, last, entered, left, changed);
    }

    /// <summary>In the picture but behind another thing.</summary>
    private bool IsHiddenNow(Thing thing)
    {
        Sighting s = Now.Things[thing.Id];
        return s.X > -thing.Radius / 2.0 && s.X < Film.Side + thing.Radius / 2.0 && s.Y > -thing.Radius / 2.0 && s.Y < Film.Side + thing.Radius / 2.0;
    }
}

/// <summary>What happened to a thing in a window; samples are counted from the window's start.</summary>
/// <param name="IsClear">Nobody could disagree about what is said here.</param>
/// <param name="Entered">It came in during the window, at <paramref name="First"/>.</param>
/// <param name="Left">It went out during the window, after <paramref name="Last"/>.</param>
/// <param name="Changed">The first sample with its new colour; null if it kept its colour while seen.</param>
public sealed record Life(Thing Thing, bool IsSeen, bool IsClear, int First, int Last, bool Entered, bool Left, int? Changed);
