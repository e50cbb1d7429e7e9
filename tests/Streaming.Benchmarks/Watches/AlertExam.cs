using Streaming.World;
using Streaming.World.Questions;

namespace Streaming.Benchmarks.Watches;

/// <summary>A question that stands, with what there is to be told.</summary>
/// <param name="IsLookAlike">Nothing like it ever comes, though its shape and its colour do.</param>
public sealed record AlertQuestion(string Text, string FiresOn, AlertTruth Truth, bool IsLookAlike);

/// <param name="Path">Of the film.</param>
public sealed record AlertPaper(string Path, double Seconds, IReadOnlyList<AlertQuestion> Questions);

/// <summary>Films with questions that stand: when each thing is there, when its look-alikes are, and when it is night.</summary>
public static class AlertExam
{
    /// <summary>Twice the longest film that the shipped model was trained with: time enough for nothing to happen.</summary>
    private const double FilmSeconds = 32;

    private const int MostThings = 4, MostLookAlikes = 3;

    /// <param name="folder">Where a film lies while it is watched; it is deleted afterwards.</param>
    public static IEnumerable<AlertPaper> Papers(string folder, ulong seed, int films, Split split)
    {
        for (ulong i = 0; i < (ulong)films; i++)
        {
            Film film = Director.Direct((seed * 1_000_000) + 500_000 + i, split, FilmSeconds);
            string path = Path.Combine(folder, $"watched_{i:0000}.mp4");
            FilmFile.Write(film, path);
            yield return new AlertPaper(path, FilmSeconds, Questions(Footage.Of(film)));
            File.Delete(path);
            File.Delete(Path.ChangeExtension(path, ".json"));
        }
    }

    /// <summary>One about each of some things, of some look-alikes, and about the night.</summary>
    public static IReadOnlyList<AlertQuestion> Questions(Footage footage)
    {
        Film film = footage.Film;
        var dice = new Dice(film.Seed ^ 0xA1E27);
        (Shape Shape, Colour Colour)[] looks = [.. film.Things.SelectMany(thing => Looks(thing)).Distinct()];
        var others = from shape in looks.Select(look => look.Shape).Distinct()
                     from colour in looks.Select(look => look.Colour).Distinct()
                     where !looks.Contains((shape, colour))
                     select (shape, colour);
        return
        [
            .. dice.Shuffle(looks).Take(MostThings).Select(look => About(footage, look.Shape, look.Colour, dice, isLookAlike: false)),
            .. dice.Shuffle(others).Take(MostLookAlikes).Select(look => About(footage, look.shape, look.colour, dice, isLookAlike: true)),
            new AlertQuestion(Phrasings.Pick("light", film.Split, dice), "night", TruthOf(footage.Scenes, scene => scene.IsDark ? 1 : 0), false),
        ];
    }

    /// <summary>Beginnings: the first sample that shows it plainly after one that did not show it at all. What is never plain for two samples is unclear.</summary>
    /// <param name="visible">How much of it is to be seen, 0 to 1.</param>
    public static AlertTruth TruthOf(IReadOnlyList<Scene> scenes, Func<Scene, double> visible)
    {
        List<double> truth = [], unclear = [];
        for (int start = 0, end; start < scenes.Count; start = end)
        {
            end = start + 1;
            if (visible(scenes[start]) <= Window.Unseen)
                continue;
            while (end < scenes.Count && visible(scenes[end]) > Window.Unseen)
                end++;
            Scene[] occurrence = [.. scenes.Skip(start).Take(end - start)], plain = [.. occurrence.Where(scene => visible(scene) >= Window.Seen)];
            if (plain.Length >= 2)
                truth.Add(plain[0].Seconds);
            else
                unclear.AddRange(occurrence.Select(scene => scene.Seconds));
        }
        return new AlertTruth(truth, unclear);
    }

    private static AlertQuestion About(Footage footage, Shape shape, Colour colour, Dice dice, bool isLookAlike) => new(
        Phrasings.Pick("exists", footage.Film.Split, dice, ("thing", $"{Words.Of(colour)} {Words.Of(shape)}")), "yes",
        TruthOf(footage.Scenes, scene => scene.Things.Where(thing => thing.Thing.Shape == shape && thing.Colour == colour).Select(thing => thing.Visible).DefaultIfEmpty().Max()), isLookAlike);

    private static IEnumerable<(Shape, Colour)> Looks(Thing thing) =>
        thing.Change is { } change ? [(thing.Shape, thing.FirstColour), (thing.Shape, change.To)] : [(thing.Shape, thing.FirstColour)];
}
