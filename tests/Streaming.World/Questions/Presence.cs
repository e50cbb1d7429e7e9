namespace Streaming.World.Questions;

/// <summary>Whether something is or was there, and how many.</summary>
public static class Presence
{
    public static Question? Exists(Window window, Dice dice)
    {
        if (!window.NowIsClear || !window.HistoryIsClear)
            return null;
        bool yes = dice.Chance(0.5), aboutNow = dice.Chance(0.5);
        string? name = (yes, aboutNow) switch
        {
            (true, true) => Draw(window.Present.Select(Words.Name), dice),
            (true, false) => Draw(Seen(window), dice),
            (false, true) when dice.Chance(0.5) => Draw(Seen(window).Except(window.Present.Select(Words.Name)), dice),
            _ => Absent.Thing(window, dice),
        };
        return name is null
            ? null
            : new Question("exists", Phrasings.Pick(aboutNow ? "exists" : "existed", window.Film.Split, dice, ("thing", name)), yes ? "yes" : "no");
    }

    public static Question? CountNow(Window window, Dice dice)
    {
        if (!window.NowIsClear)
            return null;
        Sighting[] present = [.. window.Present];
        if (dice.Chance(0.5))
            return new Question("count.now", Phrasings.Pick("count", window.Film.Split, dice), $"{present.Length}");
        (string plural, int count) = Some(window, dice, present.Select(s => (s.Thing.Shape, s.Colour)));
        return new Question("count.now", Phrasings.Pick("count.some", window.Film.Split, dice, ("plural", plural)), $"{count}");
    }

    public static Question? CountAll(Window window, Dice dice)
    {
        if (!window.HistoryIsClear || window.Lives.Any(l => l.Changed is not null))
            return null;
        Life[] seen = [.. window.Lives.Where(l => l.IsSeen)];
        if (dice.Chance(0.6))
            return new Question("count.all", Phrasings.Pick("count.all", window.Film.Split, dice), $"{seen.Length}");
        (string plural, int count) = Some(window, dice, seen.Select(l => (l.Thing.Shape, window.Scenes[l.First].Things[l.Thing.Id].Colour)));
        return new Question("count.all", Phrasings.Pick("count.all.some", window.Film.Split, dice, ("plural", plural)), $"{count}");
    }

    /// <summary>A shape or a colour to count, mostly one that the window holds.</summary>
    private static (string Plural, int Count) Some(Window window, Dice dice, IEnumerable<(Shape Shape, Colour Colour)> looks)
    {
        (Shape Shape, Colour Colour)[] all = [.. looks];
        Life[] glimpsed = [.. window.Lives.Where(l => l.IsSeen)];
        bool held = glimpsed.Length > 0 && dice.Chance(0.8);
        if (dice.Chance(0.5))
        {
            Shape shape = held ? dice.Pick(glimpsed).Thing.Shape : dice.Pick(Enum.GetValues<Shape>());
            return (Words.Plural(shape), all.Count(l => l.Shape == shape));
        }
        Life picked = held ? dice.Pick(glimpsed) : null!;
        Colour colour = held ? window.Scenes[picked.Last].Things[picked.Thing.Id].Colour : dice.Pick(Enum.GetValues<Colour>());
        return ($"{Words.Of(colour)} things", all.Count(l => l.Colour == colour));
    }

    /// <summary>The looks of the things that kept them while they were seen.</summary>
    private static IEnumerable<string> Seen(Window window) =>
        window.Lives.Where(l => l is { IsSeen: true, Changed: null }).Select(l => Words.Name(window.Scenes[l.First].Things[l.Thing.Id]));

    private static string? Draw(IEnumerable<string> names, Dice dice)
    {
        string[] all = [.. names];
        return all.Length == 0 ? null : dice.Pick(all);
    }
}
