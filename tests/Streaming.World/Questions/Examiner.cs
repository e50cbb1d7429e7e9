namespace Streaming.World.Questions;

/// <summary>Draws up the questions about a film: several windows, and a mix of all tasks in each.</summary>
public static class Examiner
{
    private static readonly (string Task, Func<Window, Dice, Question?> Ask)[] Asks =
    [
        ("colour", Attributes.Colour), ("shape", Attributes.Shape), ("size", Attributes.Size),
        ("exists", Presence.Exists), ("count.now", Presence.CountNow), ("count.all", Presence.CountAll),
        ("place", Places.Place), ("relation", Places.Relation), ("direction", Places.Direction), ("moving", Places.Moving), ("predict", Places.Prediction),
        ("order", Events.Order), ("first", Events.First), ("first", Events.LeftFirst), ("last", Events.Last), ("when", Events.When), ("summary", Events.Summary),
        ("change", Changes.Turned), ("change", Changes.AnyChange), ("light", Changes.DayOrNight), ("text", Changes.Text),
    ];

    /// <summary>The tasks in the order in which tables list them.</summary>
    public static IReadOnlyList<string> Tasks { get; } = [.. Asks.Select(a => a.Task).Distinct()];

    /// <summary>The shortest window that is asked about: two seconds.</summary>
    private const int ShortestWindow = 4;

    /// <summary>The tasks that few windows allow or that take long to learn; training asks them more often.</summary>
    private static readonly HashSet<string> Drilled = ["count.now", "count.all", "relation", "order", "when", "summary", "text"];

    /// <summary>How often training tries to ask each of them about a window, besides once.</summary>
    private const int Drills = 3;

    /// <summary>The whole film and two stretches of it.</summary>
    public static IReadOnlyList<(Window Window, IReadOnlyList<Question> Questions)> Examine(Footage footage) => Examine(footage, Asks);

    /// <summary>The same stretches with more questions of the tasks that are learnt last.</summary>
    public static IReadOnlyList<(Window Window, IReadOnlyList<Question> Questions)> Drill(Footage footage) =>
        Examine(footage, [.. Asks, .. Enumerable.Repeat(Asks.Where(a => Drilled.Contains(a.Task)), Drills).SelectMany(again => again)]);

    private static IReadOnlyList<(Window Window, IReadOnlyList<Question> Questions)> Examine(
        Footage footage, IReadOnlyList<(string Task, Func<Window, Dice, Question?> Ask)> asks)
    {
        var dice = new Dice(footage.Film.Seed ^ 0xE7A31);
        int samples = footage.Film.Samples;
        var windows = new List<Window> { new(footage, 0, samples - 1) };
        for (int i = 0; i < 2; i++)
        {
            int length = dice.Between(ShortestWindow, samples);
            int from = dice.Chance(0.5) ? 0 : dice.Between(0, samples - length);
            windows.Add(new Window(footage, from, from + length - 1));
        }
        return [.. windows.Select(w => (w, Ask(asks, w, dice)))];
    }

    /// <summary>The questions that the window allows, never the same text twice.</summary>
    private static IReadOnlyList<Question> Ask(IReadOnlyList<(string Task, Func<Window, Dice, Question?> Ask)> asks, Window window, Dice dice) =>
        [.. asks.Select(a => a.Ask(window, dice)).OfType<Question>().DistinctBy(q => q.Text)];
}
