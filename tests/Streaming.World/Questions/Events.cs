namespace Streaming.World.Questions;

/// <summary>What happened, in which order and when.</summary>
public static class Events
{
    /// <summary>Samples between two events from which their order is plain: one second.</summary>
    private const int PlainlyApart = 2;

    public static Question? Order(Window window, Dice dice)
    {
        Split split = window.Film.Split;
        Life[] entered = dice.Shuffle(Entered(window));
        if (entered.Length >= 2 && dice.Chance(Absent.Share))
        {
            string[] pair = dice.Shuffle([Name(window, entered[0]), Absent.Thing(window, dice) ?? ""]);
            return pair.Contains("") ? null : new Question("order", Phrasings.Pick("order", split, dice, ("a", pair[0]), ("b", pair[1])), Question.CannotTell, false);
        }
        if (entered.Length < 2 || Math.Abs(entered[0].First - entered[1].First) < PlainlyApart)
            return null;
        Life first = entered[0].First < entered[1].First ? entered[0] : entered[1];
        return new Question("order",
            Phrasings.Pick("order", split, dice, ("a", Name(window, entered[0])), ("b", Name(window, entered[1]))), $"the {Name(window, first)}");
    }

    public static Question? First(Window window, Dice dice) => Extreme(window, dice, "first", Entered(window), l => l.First);

    public static Question? Last(Window window, Dice dice) => Extreme(window, dice, "last", Entered(window), l => -l.First);

    public static Question? LeftFirst(Window window, Dice dice) =>
        Extreme(window, dice, "left.first", window.Lives.Where(l => l is { Left: true, Changed: null }), l => l.Last);

    private static Question? Extreme(Window window, Dice dice, string form, IEnumerable<Life> lives, Func<Life, int> rank)
    {
        if (!window.HistoryIsClear || window.Lives.Any(l => l.Changed is not null))
            return null;
        Life[] ranked = [.. lives.OrderBy(rank)];
        string task = form == "last" ? "last" : "first";
        if (ranked.Length == 0)
            return dice.Chance(0.25) ? new Question(task, Phrasings.Pick(form, window.Film.Split, dice), "nothing") : null;
        if (ranked.Length > 1 && rank(ranked[1]) - rank(ranked[0]) < PlainlyApart)
            return null;
        return new Question(task, Phrasings.Pick(form, window.Film.Split, dice), $"the {Name(window, ranked[0])}");
    }

    public static Question? When(Window window, Dice dice)
    {
        Split split = window.Film.Split;
        if (dice.Chance(0.2))
        {
            return LightChange(window) is { } changed
                ? new Question("when", Phrasings.Pick("when.light", split, dice), Words.Seconds(window, changed))
                : dice.Chance(0.04) ? new Question("when", Phrasings.Pick("when.light", split, dice), Question.CannotTell, false) : null;
        }
        bool came = dice.Chance(0.6);
        string form = came ? "when.came" : "when.left";
        Life[] lives = [.. came ? Entered(window) : window.Lives.Where(l => l is { IsClear: true, Left: true, Changed: null })];
        if (lives.Length == 0)
            return null;
        if (dice.Chance(Absent.Share) && Absent.Thing(window, dice) is { } absent)
            return new Question("when", Phrasings.Pick(form, split, dice, ("thing", absent)), Question.CannotTell, false);
        Life life = dice.Pick(lives);
        return new Question("when", Phrasings.Pick(form, split, dice, ("thing", Name(window, life))),
            Words.Seconds(window, came ? life.First : life.Last));
    }

    public static Question? Summary(Window window, Dice dice)
    {
        if (!window.HistoryIsClear)
            return null;
        (int Sample, string Text)[] all = [.. All(window).OrderBy(e => e.Sample)];
        bool plain = all.Zip(all.Skip(1)).All(pair => pair.Second.Sample > pair.First.Sample);
        if (all.Length > LongestSummary || !plain || (all.Length == 0 && !dice.Chance(0.3)))
            return null;
        string answer = all.Length == 0 ? "nothing happened" : string.Join(", ", all.Select(e => e.Text));
        return new Question("summary", Phrasings.Pick("summary", window.Film.Split, dice), answer);
    }

    /// <summary>More is a list, not a short answer.</summary>
    private const int LongestSummary = 4;

    /// <summary>Everything that happens, with the first sample in the window that shows it.</summary>
    public static IEnumerable<(int Sample, string Text)> All(Window window)
    {
        foreach (Life life in window.Lives.Where(l => l.IsSeen))
        {
            Sighting first = window.Scenes[life.First].Things[life.Thing.Id], last = window.Scenes[life.Last].Things[life.Thing.Id];
            if (life.Entered)
                yield return (life.First, $"the {Words.Name(first)} came in");
            if (life.Changed is { } changed)
                yield return (changed, $"the {Words.Name(first)} turned {Words.Of(last.Colour)}");
            if (life.Left)
                yield return (life.Last + 1, $"the {Words.Name(last)} left");
        }
        if (LightChange(window) is { } sample)
            yield return (sample, window.Scenes[sample].IsDark ? "it got dark" : "it got light");
    }

    public static int? LightChange(Window window)
    {
        for (int i = 1; i < window.Scenes.Count; i++)
        {
            if (window.Scenes[i].IsDark != window.Scenes[i - 1].IsDark)
                return i;
        }
        return null;
    }

    private static IEnumerable<Life> Entered(Window window) => window.Lives.Where(l => l is { IsClear: true, Entered: true, Changed: null });

    private static string Name(Window window, Life life) => Words.Name(window.Scenes[life.First].Things[life.Thing.Id]);
}
