namespace Streaming.World.Notes;

/// <summary>The names by which a question can mean one thing of a scene and no other, and names of things that it does not hold.</summary>
public static class NoteCast
{
    /// <summary>How an answer names a thing, such as "the red car"; "maybe the car" where perception was not sure of it.</summary>
    public static string Name(Actor actor) => $"{(actor.IsSure ? "" : "maybe ")}the {Looks(actor)}";

    public static string Looks(Actor actor) => actor.SureColour is { } colour ? $"{colour} {actor.Label}" : actor.Label;

    /// <summary>One of the names that mean this thing alone; null if there is none.</summary>
    /// <param name="mayHaveColour">False where the colour is what is asked.</param>
    /// <param name="mayBeCounted">Whether it may be called the first or the last of its class.</param>
    public static string? Refer(NoteScene scene, Actor actor, Dice dice, bool mayHaveColour = true, bool mayBeCounted = true)
    {
        Actor[] alike = [.. scene.Actors.Where(a => a.Label == actor.Label)];
        var names = new List<string>();
        if (alike.Length == 1)
            names.AddRange([actor.Label, actor.Label]);
        bool isOnlyOfItsColour = actor.SureColour is not null && alike.All(a => a == actor || (a.SureColour is { } colour && colour != actor.SureColour));
        if (mayHaveColour && isOnlyOfItsColour)
            names.Add($"{actor.SureColour} {actor.Label}");
        if (!mayBeCounted)
            return names.Count == 0 ? null : dice.Pick(names);
        // Of things that were there from the beginning nobody knows which came first.
        if (alike.Length > 1 && alike[0] == actor && !alike[1].WasThere)
            names.Add($"first {actor.Label}");
        if (alike.Length > 1 && alike[^1] == actor && !actor.WasThere)
            names.Add($"last {actor.Label}");
        return names.Count == 0 ? null : dice.Pick(names);
    }

    /// <summary>A thing of the scene that a question can mean, drawn among those that fit, with its name.</summary>
    public static (Actor Actor, string Name)? Draw(NoteScene scene, Dice dice, Func<Actor, bool>? fits = null, bool mayHaveColour = true, bool mayBeCounted = true)
    {
        foreach (Actor actor in dice.Shuffle(scene.Actors.Where(a => fits?.Invoke(a) ?? true)))
        {
            if (Refer(scene, actor, dice, mayHaveColour, mayBeCounted) is { } name)
                return (actor, name);
        }
        return null;
    }

    /// <summary>A class of which the scene holds none.</summary>
    public static string AbsentLabel(NoteScene scene, Dice dice)
    {
        string label;
        do
            label = NoteStage.DrawLabel(dice);
        while (scene.Actors.Any(a => a.Label == label));
        return label;
    }

    /// <summary>A thing that the scene does not hold: of another class, or of another colour than all of its class.</summary>
    public static string Absent(NoteScene scene, Dice dice)
    {
        Actor[] coloured = [.. scene.Actors.Where(a => scene.Actors.All(b => b.Label != a.Label || b.SureColour is not null))];
        if (coloured.Length == 0 || dice.Chance(0.6))
            return dice.Chance(0.3) ? $"{NoteStage.DrawColour(dice)} {AbsentLabel(scene, dice)}" : AbsentLabel(scene, dice);
        string label = dice.Pick(coloured).Label, colour;
        do
            colour = NoteStage.DrawColour(dice);
        while (scene.Actors.Any(a => a.Label == label && a.SureColour == colour));
        return $"{colour} {label}";
    }

    /// <summary>A class to ask about: mostly one that the scene holds.</summary>
    public static string DrawLabel(NoteScene scene, Dice dice, double absent = 0.15) =>
        scene.Actors.Count == 0 || dice.Chance(absent) ? AbsentLabel(scene, dice) : dice.Pick(scene.Actors).Label;
}
