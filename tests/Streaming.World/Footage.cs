namespace Streaming.World;

/// <summary>The ground truth of a whole film: what is to be seen at each sample.</summary>
public sealed record Footage(Film Film, IReadOnlyList<Scene> Scenes)
{
    /// <summary>Walks through the samples of a film.</summary>
    /// <param name="onPicture">Called with the number of each sample, its painter and its picture (RGB24, reused).</param>
    public static Footage Of(Film film, Action<int, Painter, byte[]>? onPicture = null)
    {
        var painter = new Painter(film);
        var rgb = new byte[Film.Side * Film.Side * 3];
        var scenes = new Scene[film.Samples];
        for (int sample = 0; sample < film.Samples; sample++)
        {
            scenes[sample] = painter.Paint(Film.SecondsOf(sample), rgb);
            onPicture?.Invoke(sample, painter, rgb);
        }
        return new Footage(film, scenes);
    }
}
