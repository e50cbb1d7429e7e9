using Streaming.Perception;

namespace Streaming.World.Notes;

/// <summary>Writes what the things of a scene do into a notebook, moment by moment, as the tracker does.</summary>
public static class NoteScribe
{
    public static NotebookSnapshot Write(IReadOnlyList<Actor> actors, IReadOnlyList<Print> prints, double from, double until)
    {
        var notebook = new Notebook(new NotebookOptions());
        (double Time, Note Note)[] all = [.. actors.SelectMany(actor => Notes(actor, from)).Concat(prints.Where(p => p.To < until).Select(p => (p.To, NoteOf(p)))).OrderBy(e => e.Item1)];
        double[] moments = [.. all.Select(e => e.Time).Append(until).Distinct().Order()];
        int next = 0;
        foreach (double moment in moments)
        {
            for (; next < all.Length && all[next].Time <= moment; next++)
                notebook.Write([all[next].Note]);
            notebook.See(At(moment), [.. actors.Where(a => a.From <= moment && (a.Until ?? until) >= moment).Select(a => Stay(a, moment)),
                .. prints.Where(p => p.From <= moment && p.To >= moment).Select(p => NoteOf(p with { To = moment }))], []);
        }
        return notebook.Snapshot;
    }

    private static IEnumerable<(double Time, Note Note)> Notes(Actor actor, double from)
    {
        string going = actor.Way.Length > 0 ? $" going {actor.Way}" : "";
        yield return actor.WasThere && actor.From == from
            ? (actor.From, NoteOf(actor, FactKind.Present, actor.From, actor.Edge))
            : (actor.From, NoteOf(actor, FactKind.Enter, actor.From, actor.Edge + going));
        foreach (ActorDeed deed in actor.Deeds)
            yield return (deed.Time, NoteOf(actor, deed.Kind, deed.Time, deed.Detail));
        if (actor.Until is not { } left)
            yield break;
        string leaving = actor.LeaveWay.Length > 0 ? $" going {actor.LeaveWay}" : "";
        yield return (left, NoteOf(actor, FactKind.Leave, left, actor.LeaveEdge + leaving));
        yield return (left, Stay(actor, left));
    }

    private static Note NoteOf(Actor actor, FactKind kind, double time, string detail) =>
        new(At(time), At(time), NoteSource.Perception, actor.Sure, new Fact(kind, Perception.Thing.One(actor.Label, actor.Number), detail));

    private static Note Stay(Actor actor, double until) => new(
        At(actor.From), At(until), NoteSource.Perception, actor.Sure,
        new Fact(FactKind.Visit, Perception.Thing.One(actor.Label, actor.Number), actor.Colour is { } colour ? $"{colour} {actor.ColourShare}% middle" : "middle"));

    private static Note NoteOf(Print print) =>
        new(At(print.From), At(print.To), NoteSource.Perception, 90, new Fact(print.IsClock ? FactKind.Clock : FactKind.Text, null, print.Text));

    private static TimeSpan At(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
}
