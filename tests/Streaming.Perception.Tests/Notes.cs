namespace Streaming.Perception.Tests;

/// <summary>Notes for tests.</summary>
internal static class Notes
{
    private static readonly string[] Labels = ["car", "person", "traffic light", "cell phone", "thing"];
    private static readonly string[] Texts = ["", "SALE 50%", "a \"b\" \\ c", "two\nlines", "at @5", "🙂 \ud800", "12:30:05\u2028", "x\\n"];

    public static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    public static Note Any(Random random)
    {
        var kind = (FactKind)random.Next((int)FactKind.Say + 1);
        TimeSpan from = TimeSpan.FromMilliseconds(random.Next(2) == 0 ? random.Next(1_000_000) : random.Next(1000) * 1000);
        TimeSpan to = from + TimeSpan.FromMilliseconds(random.Next(3) * random.Next(100_000));
        Thing? thing = !FactWords.HasThing(kind) ? null
            : random.Next(2) == 0 ? Thing.One(Labels[random.Next(Labels.Length)], random.Next(1, 1000)) : Thing.Several(Labels[random.Next(Labels.Length)], random.Next(1, 1000));
        string detail = FactWords.IsQuoted(kind) ? Texts[random.Next(Texts.Length)] : random.Next(2) == 0 ? "" : "left going up right";
        Sights? sights = random.Next(2) == 0 ? null : new Sights(from, from + (to - from) / 2, to);
        return new Note(from, to, (NoteSource)random.Next(4), random.Next(101), new Fact(kind, thing, detail), sights);
    }

    public static Note Arrival(string label, int number, double time) =>
        new(At(time), At(time), NoteSource.Perception, 80, new Fact(FactKind.Enter, Thing.One(label, number), "left going right"));

    public static Note Leave(string label, int number, double time) =>
        new(At(time), At(time), NoteSource.Perception, 80, new Fact(FactKind.Leave, Thing.One(label, number), "right going right"));

    public static Note Visit(string label, int number, double from, double to) =>
        new(At(from), At(to), NoteSource.Perception, 80, new Fact(FactKind.Visit, Thing.One(label, number), "red 60% left to right"));

    public static Note Read(string text, double time) =>
        new(At(time), At(time), NoteSource.Perception, 80, new Fact(FactKind.Text, null, text));
}
