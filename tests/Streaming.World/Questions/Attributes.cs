namespace Streaming.World.Questions;

/// <summary>What a thing is like: its colour, shape and size, now or when it was last seen.</summary>
public static class Attributes
{
    public static Question? Colour(Window window, Dice dice)
    {
        Split split = window.Film.Split;
        if (dice.Chance(Absent.Share))
        {
            return Absent.OneShape(window, dice) is { } absent
                ? new Question("colour", Phrasings.Pick(dice.Chance(0.5) ? "colour" : "colour.past", split, dice, ("shape", absent)), Question.CannotTell, false)
                : null;
        }
        Life[] alone = [.. window.Lives.Where(l => l.IsSeen && l.IsClear && IsOnlyOfItsShape(window, l.Thing))];
        if (alone.Length == 0)
            return null;
        Life life = dice.Pick(alone);
        string form = life.Left ? "colour.past" : "colour";
        Colour colour = window.Scenes[life.Last].Things[life.Thing.Id].Colour;
        bool asksForTheOldColour = life.Left && life.Changed is not null;
        if (asksForTheOldColour || (!life.Left && window.Now.Things[life.Thing.Id].Visible < Window.Seen))
            return null;
        return new Question("colour", Phrasings.Pick(form, split, dice, ("shape", Words.Of(life.Thing.Shape))), Words.Of(colour));
    }

    public static Question? Shape(Window window, Dice dice)
    {
        Split split = window.Film.Split;
        if (dice.Chance(Absent.Share))
        {
            return Absent.OneColour(window, dice) is { } absent
                ? new Question("shape", Phrasings.Pick("shape", split, dice, ("colour", absent)), Question.CannotTell, false)
                : null;
        }
        Sighting[] alone = [.. window.Present.Where(s => IsOnlyOfItsColour(window, s))];
        if (!window.NowIsClear || alone.Length == 0)
            return null;
        Sighting seen = dice.Pick(alone);
        return new Question("shape", Phrasings.Pick("shape", split, dice, ("colour", Words.Of(seen.Colour))), Words.Of(seen.Thing.Shape));
    }

    public static Question? Size(Window window, Dice dice)
    {
        Split split = window.Film.Split;
        if (dice.Chance(Absent.Share))
            return Absent.Thing(window, dice) is { } absent ? new Question("size", Phrasings.Pick("size", split, dice, ("thing", absent)), Question.CannotTell, false) : null;
        Sighting[] present = [.. window.Present.Where(s => s.Visible > 0.7)];
        if (present.Length == 0)
            return null;
        Sighting seen = dice.Pick(present);
        return new Question("size", Phrasings.Pick("size", split, dice, ("thing", Words.Name(seen))), Words.Of(seen.Thing.Size));
    }

    private static bool IsOnlyOfItsShape(Window window, Thing thing) =>
        window.Scenes.All(scene => scene.Things.All(s => s.Thing.Id == thing.Id || s.Thing.Shape != thing.Shape || s.Visible <= Window.Unseen));

    private static bool IsOnlyOfItsColour(Window window, Sighting seen) =>
        window.Scenes.All(scene => scene.Things.All(s => s.Thing.Id == seen.Thing.Id || s.Colour != seen.Colour || s.Visible <= Window.Unseen));
}
