using System.Text.Json;
using Streaming.World.Questions;

namespace Streaming.World;

/// <summary>
/// Films as arrays for training: <c>frames.u8</c> [F,128,128,3] after H.264, <c>patches.u8</c> [F,64,2] (index + 1 of the thing that
/// covers most of a patch of 16 x 16 pixels, and how much of it, 0..255), <c>chars.u8</c> [F,64] (index + 1 in A-Z0-9 of the panel
/// character whose middle lies in the patch), <c>films.jsonl</c> (facts and questions of each film).
/// </summary>
public static class TrainingShard
{
    private const int Patch = 16, Grid = Film.Side / Patch, FrameBytes = Film.Side * Film.Side * 3;

    /// <summary>A thing labels a patch from this share of its pixels on.</summary>
    private const double LeastCoverage = 0.12;

    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static void Write(string folder, ulong seed, Split split, int films)
    {
        Directory.CreateDirectory(folder);
        string encoded = Path.Combine(folder, "frames.mkv");
        using (FileStream patches = File.Create(Path.Combine(folder, "patches.u8")), chars = File.Create(Path.Combine(folder, "chars.u8")))
        using (StreamWriter lines = File.CreateText(Path.Combine(folder, "films.jsonl")))
        {
            // Quality differs from shard to shard, as cameras do.
            Ffmpeg.EncodeH264(encoded, Film.SamplesPerSecond, 19 + (int)(seed % 9), stdin =>
            {
                int frame = 0;
                foreach (Reel reel in Enumerable.Range(0, films).AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered)
                    .Select(i => Shoot(seed * 1_000_000 + (ulong)i, split)))
                {
                    stdin.Write(reel.Pictures);
                    patches.Write(reel.Patches);
                    chars.Write(reel.Chars);
                    lines.WriteLine(Describe(reel.Footage, frame));
                    frame += reel.Footage.Film.Samples;
                }
            });
        }
        Ffmpeg.Run(["-i", encoded, "-f", "rawvideo", "-pix_fmt", "rgb24", Path.Combine(folder, "frames.u8")]);
        File.Delete(encoded);
    }

    private sealed record Reel(Footage Footage, byte[] Pictures, byte[] Patches, byte[] Chars);

    private static Reel Shoot(ulong seed, Split split)
    {
        Film film = Director.Direct(seed, split);
        var pictures = new byte[film.Samples * FrameBytes];
        var patches = new byte[film.Samples * Grid * Grid * 2];
        var chars = new byte[film.Samples * Grid * Grid];
        Footage footage = Footage.Of(film, (sample, painter, rgb) =>
        {
            rgb.CopyTo(pictures, sample * FrameBytes);
            LabelThings(painter.Owners, patches.AsSpan(sample * Grid * Grid * 2));
            LabelCharacters(film, Film.SecondsOf(sample), painter.Owners, chars.AsSpan(sample * Grid * Grid));
        });
        return new Reel(footage, pictures, patches, chars);
    }

    private static void LabelThings(byte[] owners, Span<byte> labels)
    {
        Span<int> pixels = stackalloc int[16];
        for (int patch = 0; patch < Grid * Grid; patch++)
        {
            pixels.Clear();
            for (int i = 0; i < Patch * Patch; i++)
                pixels[owners[(patch / Grid * Patch + i / Patch) * Film.Side + patch % Grid * Patch + i % Patch]]++;
            pixels[0] = 0;
            int most = pixels.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<int>(pixels));
            if (pixels[most] < LeastCoverage * Patch * Patch)
                continue;
            labels[patch * 2] = (byte)most;
            labels[patch * 2 + 1] = (byte)(pixels[most] * 255 / (Patch * Patch));
        }
    }

    private static void LabelCharacters(Film film, double seconds, byte[] owners, Span<byte> labels)
    {
        if (film.Panel is not { } panel)
            return;
        int pan = (int)Math.Round(film.Backdrop.PanVelocity * seconds);
        for (int i = 0; i < panel.Text.Length; i++)
        {
            (int x, int y) = PanelPainter.Centre(panel, i);
            x += pan;
            if (x is < 6 or >= Film.Side - 6 || IsCovered(owners, x, y))
                continue;
            labels[y / Patch * Grid + x / Patch] = (byte)(Characters.IndexOf(panel.Text[i]) + 1);
        }
    }

    private static bool IsCovered(byte[] owners, int x, int y)
    {
        for (int row = y - 7; row < y + 7; row++)
        {
            if (owners.AsSpan(row * Film.Side + x - 5, 10).ContainsAnyExcept((byte)0))
                return true;
        }
        return false;
    }

    internal static string Describe(Footage footage, int firstFrame)
    {
        ILookup<int, string> events = Events.All(new Window(footage, 0, footage.Film.Samples - 1)).ToLookup(e => e.Sample, e => e.Text);
        return JsonSerializer.Serialize(new
        {
            first_frame = firstFrame,
            frames = footage.Film.Samples,
            panel = footage.Film.Panel?.Text,
            states = footage.Scenes.Select((scene, sample) => new
            {
                dark = scene.IsDark,
                things = scene.Things.Select(s => new
                {
                    id = s.Thing.Id,
                    shape = s.Thing.Shape,
                    colour = s.Colour,
                    size = s.Thing.Size,
                    x = Math.Round(s.X, 1),
                    y = Math.Round(s.Y, 1),
                    visible = Math.Round(s.Visible, 2),
                    motion = s.Motion,
                }),
                events = events[sample],
            }),
            windows = (footage.Film.Split == Split.Train ? Examiner.Drill(footage) : Examiner.Examine(footage)).Select(e => new { from = e.Window.From, to = e.Window.To, questions = e.Questions.Select(q => new { task = q.Task, question = q.Text, answer = q.Answer, answerable = q.Answerable }) }),
        }, FilmFile.Json);
    }
}
