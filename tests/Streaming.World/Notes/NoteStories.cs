using Streaming.Perception;
using Streaming.World.Questions;

namespace Streaming.World.Notes;

/// <summary>Questions about one thing or event: who came when and after whom, its looks, its way, where it stopped, what is written.</summary>
public static class NoteStories
{
    /// <summary>What has not happened until now.</summary>
    private const string NotYet = "not yet";

    /// <summary>More is a list, not a short answer.</summary>
    private const int LongestSummary = 4;

    private static IEnumerable<Actor> Came(NoteScene scene) => scene.Actors.Where(a => !a.WasThere);

    private static IEnumerable<Actor> Left(NoteScene scene) => scene.Actors.Where(a => a.Until is not null).OrderBy(a => a.Until);

    public static Question? First(NoteScene scene, Dice dice, Split split) => Extreme("first", scene, dice, split, Came(scene).FirstOrDefault());

    public static Question? Last(NoteScene scene, Dice dice, Split split) => Extreme("last", scene, dice, split, Came(scene).LastOrDefault());

    public static Question? LeftFirst(NoteScene scene, Dice dice, Split split) => Extreme("left.first", scene, dice, split, Left(scene).FirstOrDefault());

    private static Question? Extreme(string form, NoteScene scene, Dice dice, Split split, Actor? actor) =>
        actor is null && !dice.Chance(0.4) ? null : new Question(form, NotePhrasings.Pick(form, split, dice), actor is null ? "nothing" : NoteCast.Name(actor));

    public static Question? Order(NoteScene scene, Dice dice, Split split)
    {
        if (NoteCast.Draw(scene, dice, a => !a.WasThere, mayBeCounted: false) is not var (one, name)
            || NoteCast.Draw(scene, dice, a => !a.WasThere && NoteCast.Looks(a) != NoteCast.Looks(one) && NoteScene.Told(a.From) != NoteScene.Told(one.From), mayBeCounted: false) is not var (other, otherName))
            return null;
        if (dice.Chance(Absent.Share))
        {
            string[] pair = dice.Shuffle([name, NoteCast.Absent(scene, dice)]);
            return new Question("order", Ask(pair[0], pair[1]), Question.CannotTell, false);
        }
        bool isFirst = one.From < other.From, doubtful = !one.IsSure || !other.IsSure;
        (string a, string b) = dice.Chance(0.5) ? (name, otherName) : (otherName, name);
        return new Question("order", Ask(a, b), $"{(doubtful ? "maybe " : "")}the {(isFirst ? name : otherName)}");

        string Ask(string x, string y) => NotePhrasings.Pick("order", split, dice, ("x", $"the {x}"), ("y", $"the {y}"));
    }

    public static Question? Neighbour(NoteScene scene, Dice dice, Split split)
    {
        bool isBefore = dice.Chance(0.5);
        string form = isBefore ? "before" : "after";
        Actor[] came = [.. Came(scene)];
        if (NoteCast.Draw(scene, dice, a => !a.WasThere) is not var (actor, name))
            return null;
        if (dice.Chance(Absent.Share))
            return new Question(form, NotePhrasings.Pick(form, split, dice, ("x", NoteCast.Absent(scene, dice))), Question.CannotTell, false);
        int at = Array.IndexOf(came, actor) + (isBefore ? -1 : 1);
        if ((at < 0 || at == came.Length) && !dice.Chance(0.3))
            return null;
        return new Question(form, NotePhrasings.Pick(form, split, dice, ("x", name)), at < 0 || at == came.Length ? "nothing" : NoteCast.Name(came[at]));
    }

    public static Question? Colour(NoteScene scene, Dice dice, Split split) => About("colour", scene, dice, split, null, mayHaveColour: false, actor =>
        actor.Colour is null ? null : actor.SureColour ?? $"maybe {actor.Colour}", doubts: false);

    public static Question? WhenCame(NoteScene scene, Dice dice, Split split) =>
        About("when.came", scene, dice, split, a => !a.WasThere, true, actor => NoteCounts.At(actor.From));

    public static Question? WhenLeft(NoteScene scene, Dice dice, Split split) =>
        About("when.left", scene, dice, split, a => a.Until is not null || dice.Chance(0.4), true, actor => actor.Until is { } left ? NoteCounts.At(left) : NotYet);

    public static Question? Stay(NoteScene scene, Dice dice, Split split) => About("stay", scene, dice, split, a => a.Until is not null, true, actor =>
        $"{(long)Math.Round(TimeSpan.FromMilliseconds(Math.Round((actor.Until!.Value - actor.From) * 1000)).TotalSeconds)} s");

    public static Question? To(NoteScene scene, Dice dice, Split split) =>
        About("to", scene, dice, split, a => a.Until is not null || dice.Chance(0.3), true, actor => actor.Until is null ? NotYet : actor.LeaveEdge);

    public static Question? From(NoteScene scene, Dice dice, Split split) => About("from", scene, dice, split, a => !a.WasThere, true, actor => actor.Edge);

    public static Question? Stopped(NoteScene scene, Dice dice, Split split)
    {
        bool yes = dice.Chance(0.5);
        return About("stopped", scene, dice, split, a => a.Deeds.Any(d => d.Kind == FactKind.Stop) == yes, true, _ => yes ? "yes" : "no", doubts: false);
    }

    public static Question? StopWhere(NoteScene scene, Dice dice, Split split) =>
        About("stop.where", scene, dice, split, a => a.Deeds.Any(d => d.Kind == FactKind.Stop), true, actor => actor.Deeds.First(d => d.Kind == FactKind.Stop).Detail);

    public static Question? StopWhen(NoteScene scene, Dice dice, Split split) => About(
        "stop.when", scene, dice, split, a => a.Deeds.Any(d => d.Kind == FactKind.Stop), true, actor => NoteCounts.At(actor.Deeds.First(d => d.Kind == FactKind.Stop).Time));

    /// <summary>A question about a thing that can be named, or, now and then, about one that was not there.</summary>
    /// <param name="answer">Null where the notes do not hold it.</param>
    /// <param name="doubts">Whether the answer is as doubtful as the thing.</param>
    private static Question? About(
        string form, NoteScene scene, Dice dice, Split split, Func<Actor, bool>? fits, bool mayHaveColour, Func<Actor, string?> answer, bool doubts = true)
    {
        if (NoteCast.Draw(scene, dice, fits, mayHaveColour) is not var (actor, name))
            return null;
        if (dice.Chance(Absent.Share))
        {
            string absent = mayHaveColour ? NoteCast.Absent(scene, dice) : NoteCast.AbsentLabel(scene, dice);
            return new Question(form, NotePhrasings.Pick(form, split, dice, ("x", absent)), Question.CannotTell, false);
        }
        string text = NotePhrasings.Pick(form, split, dice, ("x", name));
        return answer(actor) switch
        {
            null => new Question(form, text, Question.CannotTell, false),
            NotYet => new Question(form, text, NotYet),
            { } known => new Question(form, text, doubts && !actor.IsSure ? $"maybe {known}" : known),
        };
    }

    public static Question? Zone(NoteScene scene, Dice dice, Split split)
    {
        if (scene.Zones.Count == 0 || scene.Actors.Count == 0)
            return null;
        string zone = dice.Pick(scene.Zones), label = NoteCast.DrawLabel(scene, dice, 0.2);
        Actor[] crossed = [.. scene.Actors.Where(a => a.Label == label && Crossings(a, zone).Any())];
        string answer = crossed.Length == 0 ? "no" : crossed.Any(a => a.IsSure) ? "yes" : "maybe";
        return new Question("zone", NotePhrasings.Pick("zone", split, dice, ("x", label), ("ax", ClassNames.One(label)), ("z", zone)), answer);
    }

    public static Question? ZoneWhen(NoteScene scene, Dice dice, Split split)
    {
        if (scene.Zones.Count == 0)
            return null;
        string zone = dice.Pick(scene.Zones);
        if (NoteCast.Draw(scene, dice, a => Crossings(a, zone).Any()) is not var (actor, name))
            return null;
        return new Question("zone.when", NotePhrasings.Pick("zone.when", split, dice, ("x", name), ("z", zone)),
            $"{(actor.IsSure ? "" : "maybe ")}{NoteCounts.At(Crossings(actor, zone).First().Time)}");
    }

    public static Question? ZoneCount(NoteScene scene, Dice dice, Split split)
    {
        if (scene.Zones.Count == 0)
            return null;
        string zone = dice.Pick(scene.Zones);
        return new Question("zone.count", NotePhrasings.Pick("zone.count", split, dice, ("z", zone)), $"{scene.Actors.Sum(a => Crossings(a, zone).Count())}");
    }

    private static IEnumerable<ActorDeed> Crossings(Actor actor, string zone) =>
        actor.Deeds.Where(d => d.Kind is FactKind.Cross or FactKind.EnterZone && d.Detail.Split(' ')[0] == zone);

    public static Question? Text(NoteScene scene, Dice dice, Split split)
    {
        string[] texts = [.. scene.Prints.Where(p => !p.IsClock).OrderBy(p => p.From).Select(p => p.Text)];
        return texts.Length == 0 && !dice.Chance(0.08)
            ? null
            : new Question("text", NotePhrasings.Pick("text", split, dice), texts.Length == 0 ? "nothing" : string.Join(", ", texts));
    }

    public static Question? Clock(NoteScene scene, Dice dice, Split split)
    {
        string? clock = scene.Prints.FirstOrDefault(p => p.IsClock)?.Text;
        return clock is null && !dice.Chance(0.05)
            ? null
            : new Question("clock", NotePhrasings.Pick("clock", split, dice), clock ?? Question.CannotTell, clock is not null);
    }

    public static Question? Summary(NoteScene scene, Dice dice, Split split)
    {
        (double Time, string Text)[] events =
        [
            .. Came(scene).Select(a => (a.From, $"{NoteCast.Name(a)} came in")).Concat(Left(scene).Select(a => (a.Until!.Value, $"{NoteCast.Name(a)} left"))).OrderBy(e => e.Item1),
        ];
        return events.Length > LongestSummary || (events.Length == 0 && !dice.Chance(0.3))
            ? null
            : new Question("summary", NotePhrasings.Pick("summary", split, dice), events.Length == 0 ? "nothing happened" : string.Join(", ", events.Select(e => e.Text)));
    }

    /// <summary>What no notes hold.</summary>
    public static Question? Untold(NoteScene scene, Dice dice, Split split) =>
        new("untold", NotePhrasings.Pick("untold", split, dice, ("x", NoteCast.DrawLabel(scene, dice, 0.1))), Question.CannotTell, false);
}
