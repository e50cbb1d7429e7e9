namespace Streaming.World.Tests;

public sealed class FilmFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("world").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_twice_gives_the_same_bytes()
    {
        Film film = Director.Direct(11, Split.Test, seconds: 4);
        string one = Path.Combine(_folder, "one.mp4"), two = Path.Combine(_folder, "two.mp4");
        FilmFile.Write(film, one);
        FilmFile.Write(film, two);
        Assert.Equal(File.ReadAllBytes(one), File.ReadAllBytes(two));
        Assert.Equal(File.ReadAllText(Path.ChangeExtension(one, ".json")), File.ReadAllText(Path.ChangeExtension(two, ".json")));
    }

    [Fact]
    public void Written_film_decodes_to_what_its_facts_say()
    {
        for (ulong seed = 20; seed < 26; seed++)
        {
            Film film = Director.Direct(seed, Split.Test, seconds: 6);
            string path = Path.Combine(_folder, $"{seed}.mp4");
            FilmFile.Write(film, path);
            byte[] decoded = Decode(path);
            Assert.Equal(film.Samples * Film.Side * Film.Side * 3, decoded.Length);
            var painted = new byte[Film.Side * Film.Side * 3];
            foreach ((Scene scene, int sample) in Footage.Of(film).Scenes.Select((s, i) => (s, i)))
            {
                new Painter(film).Paint(scene.Seconds, painted);
                ReadOnlySpan<byte> picture = decoded.AsSpan(sample * painted.Length, painted.Length);
                foreach (Sighting seen in scene.Things.Where(s => s.Visible > 0.95 && s.Thing.Shape != Shape.Ring))
                    AssertSameColour(painted, picture, (int)seen.X, (int)seen.Y);
            }
        }
    }

    /// <summary>The coded picture may differ by noise and rounding, not by a colour: 40 of 255 grey levels.</summary>
    private static void AssertSameColour(ReadOnlySpan<byte> painted, ReadOnlySpan<byte> decoded, int x, int y)
    {
        int at = (Math.Clamp(y, 0, Film.Side - 1) * Film.Side + Math.Clamp(x, 0, Film.Side - 1)) * 3;
        for (int c = 0; c < 3; c++)
            Assert.InRange(Math.Abs(painted[at + c] - decoded[at + c]), 0, 40);
    }

    private byte[] Decode(string path)
    {
        string raw = path + ".rgb";
        Ffmpeg.Run(["-i", path, "-vf", $"select=not(mod(n\\,{Film.FramesPerSecond / Film.SamplesPerSecond}))", "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "rgb24", raw]);
        return File.ReadAllBytes(raw);
    }

    [Fact]
    public void Director_film_of_any_length_can_be_painted_to_its_end()
    {
        var rgb = new byte[Film.Side * Film.Side * 3];
        for (ulong seed = 0; seed < 40; seed++)
            Assert.Equal(64, new Painter(Director.Direct(seed, Split.Test, seconds: 64)).Paint(64, rgb).Seconds);
    }
}
