using Streaming.Perception;
using Streaming.World.Questions;

namespace Streaming.World.Notes;

/// <summary>Questions that the accounts of classes and the last line answer: how many, whether at all, how often, what is there now.</summary>
public static class NoteCounts
{
    public static Question? All(NoteScene scene, Dice dice, Split split) => Count("count.all", scene, dice, split, total => total.SoFar);

    public static Question? Most(NoteScene scene, Dice dice, Split split) => Count("count.most", scene, dice, split, total => total.AtMost);

    public static Question? Now(NoteScene scene, Dice dice, Split split)
    {
        Actor[] there = [.. scene.Actors.Where(a => a.IsThere)];
        string label = there.Length > 0 && dice.Chance(0.65) ? dice.Pick(there).Label : NoteCast.DrawLabel(scene, dice);
        return new Question("count.now", Ask("count.now", label, dice, split), $"{scene.Actors.Count(a => a.IsThere && a.Label == label)}");
    }

    private static Question Count(string form, NoteScene scene, Dice dice, Split split, Func<ClassTotal, int> number)
    {
        string label = NoteCast.DrawLabel(scene, dice);
        ClassTotal? total = Total(scene, label);
        return new Question(form, Ask(form, label, dice, split), $"{(total is null ? 0 : number(total))}");
    }

    /// <summary>"maybe" where all of the class are doubtful; look-alikes are asked for as often as what was there.</summary>
    public static Question? Exists(NoteScene scene, Dice dice, Split split)
    {
        bool yes = scene.Actors.Count > 0 && dice.Chance(0.5);
        string name = yes ? dice.Chance(0.3) ? NoteCast.Looks(dice.Pick(scene.Actors)) : dice.Pick(scene.Actors).Label : NoteCast.Absent(scene, dice);
        Actor[] meant = [.. scene.Actors.Where(a => Is(a, name))];
        return new Question("exists", Ask("exists", name, dice, split), YesOrNo(meant));
    }

    public static Question? ExistsNow(NoteScene scene, Dice dice, Split split)
    {
        Actor[] there = [.. scene.Actors.Where(a => a.IsThere)];
        bool yes = there.Length > 0 && dice.Chance(0.5);
        string name = yes ? dice.Pick(there).Label : NoteCast.DrawLabel(scene, dice, 0.4);
        return new Question("exists.now", Ask("exists.now", name, dice, split), YesOrNo([.. there.Where(a => Is(a, name))]));
    }

    private static bool Is(Actor actor, string name) => actor.Label == name || NoteCast.Looks(actor) == name;

    private static string YesOrNo(Actor[] meant) => meant.Length == 0 ? "no" : meant.Any(a => a.IsSure) ? "yes" : "maybe";

    public static Question? Frequent(NoteScene scene, Dice dice, Split split)
    {
        ClassTotal[] ranked = [.. scene.Totals.OrderByDescending(total => total.SoFar)];
        return ranked.Length == 0 || (ranked.Length > 1 && ranked[0].SoFar == ranked[1].SoFar)
            ? null
            : new Question("frequent", NotePhrasings.Pick("frequent", split, dice), ClassNames.Plural(ranked[0].Label));
    }

    public static Question? Busiest(NoteScene scene, Dice dice, Split split) =>
        FromTotal("busiest", scene, dice, split, total => total.BusiestCount > 0 && (total.BusiestMinute > TimeSpan.Zero || dice.Chance(0.2)) ? At(total.BusiestMinute.TotalSeconds) : null);

    public static Question? Longest(NoteScene scene, Dice dice, Split split) =>
        FromTotal("longest", scene, dice, split, total => $"{(long)Math.Round(total.Longest.TotalSeconds)} s");

    public static Question? SeenFirst(NoteScene scene, Dice dice, Split split) => FromTotal("seen.first", scene, dice, split, total => At(total.First.TotalSeconds));

    public static Question? SeenLast(NoteScene scene, Dice dice, Split split) => FromTotal("seen.last", scene, dice, split, total => At(total.Last.TotalSeconds));

    private static Question? FromTotal(string form, NoteScene scene, Dice dice, Split split, Func<ClassTotal, string?> answer)
    {
        string label = NoteCast.DrawLabel(scene, dice, Absent.Share);
        if (Total(scene, label) is not { } total)
            return new Question(form, Ask(form, label, dice, split), Question.CannotTell, false);
        return answer(total) is { } known ? new Question(form, Ask(form, label, dice, split), known) : null;
    }

    public static Question? ThereNow(NoteScene scene, Dice dice, Split split)
    {
        string[] there = [.. scene.Actors.Where(a => a.IsThere).OrderBy(a => a.Number).Select(NoteCast.Looks)];
        return there.Length > LongestList || (there.Length == 0 && !dice.Chance(0.4))
            ? null
            : new Question("there.now", NotePhrasings.Pick("there.now", split, dice), there.Length == 0 ? "nothing" : string.Join(", ", there.Select(name => $"the {name}")));
    }

    /// <summary>More is a list, not a short answer.</summary>
    private const int LongestList = 3;

    public static Question? EmptyNow(NoteScene scene, Dice dice, Split split)
    {
        bool isEmpty = !scene.Actors.Any(a => a.IsThere);
        return new Question("empty.now", NotePhrasings.Pick("empty.now", split, dice), isEmpty ? "yes" : "no");
    }

    public static Question? EmptyWhen(NoteScene scene, Dice dice, Split split)
    {
        (double From, double To)[] gaps = [.. scene.Gaps()];
        return gaps.Length > LongestList || (gaps.Length == 0 && !dice.Chance(0.4))
            ? null
            : new Question("empty.when", NotePhrasings.Pick("empty.when", split, dice),
                gaps.Length == 0 ? "never" : string.Join(", ", gaps.Select(gap => $"{At(gap.From)} to {NoteScene.Told(gap.To)} s")));
    }

    internal static string At(double seconds) => $"at {NoteScene.Told(seconds)} s";

    private static ClassTotal? Total(NoteScene scene, string label) => scene.Totals.FirstOrDefault(total => total.Label == label);

    private static string Ask(string form, string label, Dice dice, Split split)
    {
        string several = label == "person" && dice.Chance(0.3) ? "persons" : ClassNames.Plural(label);
        return NotePhrasings.Pick(form, split, dice, ("xs", several), ("ax", ClassNames.One(label)), ("x", label));
    }
}
