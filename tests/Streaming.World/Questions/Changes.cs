namespace Streaming.World.Questions;

/// <summary>Changes of colour, day and night, and what is written.</summary>
public static class Changes
{
    public static Question? Turned(Window window, Dice dice)
    {
        Split split = window.Film.Split;
        Life[] changed = [.. window.Lives.Where(l => l is { IsSeen: true, Changed: not null })];
        if (dice.Chance(changed.Length > 0 ? Absent.Share : Absent.Share / 4) && Absent.Thing(window, dice) is { } absent)
            return new Question("change", Phrasings.Pick("turned", split, dice, ("thing", absent)), Question.CannotTell, false);
        if (changed.Length == 0)
            return null;
        Life life = dice.Pick(changed);
        Sighting first = window.Scenes[life.First].Things[life.Thing.Id], last = window.Scenes[life.Last].Things[life.Thing.Id];
        return new Question("change", Phrasings.Pick("turned", split, dice, ("thing", Words.Name(first))), Words.Of(last.Colour));
    }

    public static Question? AnyChange(Window window, Dice dice)
    {
        bool any = window.Lives.Any(l => l.Changed is not null);
        bool unclear = window.Lives.Any(l => l is { IsClear: false, Thing.Change: not null });
        return unclear || (!any && !dice.Chance(0.15))
            ? null
            : new Question("change", Phrasings.Pick("changed", window.Film.Split, dice), any ? "yes" : "no");
    }

    public static Question? DayOrNight(Window window, Dice dice) => window.Now.IsDark || dice.Chance(0.45)
        ? new Question("light", Phrasings.Pick("light", window.Film.Split, dice), window.Now.IsDark ? "night" : "day")
        : null;

    public static Question? Text(Window window, Dice dice)
    {
        string text = Phrasings.Pick("text", window.Film.Split, dice);
        if (window.Film.Panel is not { } panel)
            return dice.Chance(0.08) ? new Question("text", text, Question.CannotTell, false) : null;
        bool legible = window.Scenes.Count(s => s.PanelVisible > 0.99) >= 2;
        return legible ? new Question("text", text, panel.Text) : null;
    }
}
