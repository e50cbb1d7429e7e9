namespace Streaming.World.Questions;

/// <summary>Where things are, how they stand to each other, which way they go and where they will leave.</summary>
public static class Places
{
    private const string Gone = "gone";

    public static Question? Place(Window window, Dice dice)
    {
        if (Missing("place", "place", window, dice) is { } missing)
            return missing;
        if (Pick(window.Present.Where(s => s.Visible > 0.7), dice) is not { } seen || Words.Place(seen.X, seen.Y) is not { } place)
            return null;
        return new Question("place", Phrasings.Pick("place", window.Film.Split, dice, ("thing", Words.Name(seen))), place);
    }

    public static Question? Relation(Window window, Dice dice)
    {
        Sighting[] present = dice.Shuffle(window.Present);
        bool sideways = dice.Chance(0.5);
        string form = sideways ? "relation.x" : "relation.y";
        if (present.Length > 0 && dice.Chance(Absent.Share))
        {
            string? absent = Absent.Thing(window, dice);
            return absent is null ? null : new Question("relation",
                Phrasings.Pick(form, window.Film.Split, dice, ("a", absent), ("b", Words.Name(present[0]))), Question.CannotTell, false);
        }
        if (present.Length < 2)
            return null;
        (Sighting a, Sighting b) = (present[0], present[1]);
        double gap = sideways ? a.X - b.X : a.Y - b.Y;
        if (Math.Abs(gap) < ClearGap)
            return null;
        string answer = sideways ? gap < 0 ? "left" : "right" : gap < 0 ? "above" : "below";
        return new Question("relation", Phrasings.Pick(form, window.Film.Split, dice, ("a", Words.Name(a)), ("b", Words.Name(b))), answer);
    }

    /// <summary>Pixels between two centres from which nobody disputes which is further left: the width of a token.</summary>
    private const double ClearGap = 16;

    public static Question? Direction(Window window, Dice dice)
    {
        if (dice.Chance(0.35))
            return DirectionOfTheGone(window, dice);
        if (Missing("direction", "direction", window, dice) is { } missing)
            return missing;
        return Steady(window, dice) is { } seen
            ? new Question("direction", Phrasings.Pick("direction", window.Film.Split, dice, ("thing", Words.Name(seen))), Words.Of(seen.Motion))
            : null;
    }

    public static Question? Moving(Window window, Dice dice)
    {
        bool yes = dice.Chance(0.5);
        return Steady(window, dice, s => s.Motion != Motion.Still == yes) is { } seen
            ? new Question("moving", Phrasings.Pick("moving", window.Film.Split, dice, ("thing", Words.Name(seen))), yes ? "yes" : "no")
            : null;
    }

    public static Question? Prediction(Window window, Dice dice)
    {
        if (Missing("predict", "predict", window, dice) is { } missing)
            return missing;
        if (Steady(window, dice, s => s.Motion != Motion.Still || dice.Chance(0.3)) is not { } seen)
            return null;
        string answer = seen.Motion switch { Motion.Up => "top", Motion.Down => "bottom", _ => Words.Of(seen.Motion) };
        return new Question("predict", Phrasings.Pick("predict", window.Film.Split, dice, ("thing", Words.Name(seen))), answer);
    }

    private static Question? DirectionOfTheGone(Window window, Dice dice)
    {
        Life[] gone = [.. window.Lives.Where(l => l is { IsSeen: true, IsClear: true, Left: true, Changed: null } && l.Last - l.First >= 2)];
        if (gone.Length == 0)
            return null;
        Life life = dice.Pick(gone);
        Motion[] motions = [.. window.Scenes.Skip(life.First).Take(life.Last - life.First + 1).Select(s => s.Things[life.Thing.Id].Motion).Where(m => m != Motion.Still).Distinct()];
        string name = Words.Name(window.Scenes[life.First].Things[life.Thing.Id]);
        return motions.Length == 1
            ? new Question("direction", Phrasings.Pick("direction.past", window.Film.Split, dice, ("thing", name)), Words.Of(motions[0]))
            : null;
    }

    /// <summary>A question about a thing that was never there (cannot tell) or that has left (gone).</summary>
    private static Question? Missing(string task, string form, Window window, Dice dice)
    {
        if (dice.Chance(Absent.Share) && Absent.Thing(window, dice) is { } absent)
            return new Question(task, Phrasings.Pick(form, window.Film.Split, dice, ("thing", absent)), Question.CannotTell, false);
        Life[] gone = [.. window.Lives.Where(l => l is { IsSeen: true, IsClear: true, Left: true, Changed: null })];
        if (gone.Length == 0 || !dice.Chance(0.15))
            return null;
        Life life = dice.Pick(gone);
        string name = Words.Name(window.Scenes[life.First].Things[life.Thing.Id]);
        return new Question(task, Phrasings.Pick(form, window.Film.Split, dice, ("thing", name)), Gone);
    }

    /// <summary>A thing that has moved alike, in plain sight, for the last three samples.</summary>
    private static Sighting? Steady(Window window, Dice dice, Func<Sighting, bool>? filter = null)
    {
        if (window.Scenes.Count < 3)
            return null;
        return Pick(window.Present.Where(s => (filter?.Invoke(s) ?? true) && window.Scenes.TakeLast(3).All(scene =>
            scene.Things[s.Thing.Id] is var then && then.Motion == s.Motion && then.Colour == s.Colour && then.Visible >= Window.Seen)), dice);
    }

    private static Sighting? Pick(IEnumerable<Sighting> sightings, Dice dice)
    {
        Sighting[] all = [.. sightings];
        return all.Length == 0 ? null : dice.Pick(all);
    }
}
