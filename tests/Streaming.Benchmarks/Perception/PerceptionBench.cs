using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Perception;

namespace Streaming.Benchmarks.Perception;

/// <summary>How well people in films composed of cut-outs are counted, followed and told of, how well print is read, and what that costs.</summary>
internal static class PerceptionBench
{
    private const int Films = 60, ReadPictures = 20, RestFrames = 500;

    // The measure of cost: four busy streams at two and a half looks a second.
    private const double BusyLooksPerSecond = 4 * 2.5;

    public static Bench Bench { get; } = new("perception", "how well things are counted, followed and read, and what that costs", Measure);

    private static Task<IReadOnlyList<BenchResult>> Measure(BenchRun run, CancellationToken cancellation)
    {
        using IObjectDetector detector = LoadDetector();
        using ITextReader reader = LoadReader();
        CutOuts footage = CutOuts.Read(detector);
        var scores = new List<FilmScore>();
        TimeSpan spent = TimeSpan.Zero;
        int looks = 0, films = run.Films ?? Films;
        for (int i = 0; i < films; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            BenchRun.Progress($"perception: film {i + 1} of {films}");
            scores.Add(Perceive(new CutOutFilm(footage, run.Seed + (ulong)i), detector, ref spent, ref looks));
        }
        var (right, lines, reading) = ReadingTest.Measure(reader, footage.Backdrop, ReadPictures, run.Seed);
        double each = spent.TotalSeconds / looks;
        double precision = Share(scores.Sum(s => s.RightEvents), scores.Sum(s => s.ToldEvents)), recall = Share(scores.Sum(s => s.RightEvents), scores.Sum(s => s.TrueEvents));
        return Task.FromResult<IReadOnlyList<BenchResult>>(
        [
            new("counting_error", scores.Average(score => score.CountingError), "people/film", Goal.AtMost(0.3), $"{films} films of 3 to 12 people cut out of real footage"),
            new("track_purity", Share(scores.Sum(s => s.Pure), scores.Sum(s => s.Boxes)), "share", Goal.AtLeast(0.95)),
            new("event_f1", precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0, "share", Goal.AtLeast(0.9), $"within 1 s; precision {precision:0.00}, recall {recall:0.00}"),
            new("text_accuracy", Share(right, lines), "share", null, $"{lines} lines of print, exact"),
            new("look_ms", each * 1000, "ms CPU", null, "detector, tracker and notes, one picture"),
            new("cores_busy", each * BusyLooksPerSecond, "cores", Goal.AtMost(1), "four busy streams at 2.5 looks a second"),
            new("cores_at_rest", AtRest(footage.Backdrop), "cores", Goal.AtMost(0.002), "one stream in which nothing moves, 5 pictures a second"),
            new("reading_ms", reading.TotalMilliseconds, "ms CPU", null, "one picture with four lines"),
        ]);
    }

    /// <exception cref="InvalidOperationException">The weights are not installed.</exception>
    internal static IObjectDetector LoadDetector() =>
        OnnxObjectDetector.Load(Weights("@vladmandic", "human", "models", "centernet.json"), new OnnxOptions { IntraOpThreads = 1 });

    /// <exception cref="InvalidOperationException">The weights are not installed.</exception>
    internal static ITextReader LoadReader() =>
        OnnxTextReader.Load(Path.GetDirectoryName(Weights("@gutenye", "ocr-models", "assets", "ppocr_keys_v1.txt"))!, new OnnxOptions { IntraOpThreads = 1 });

    private static FilmScore Perceive(CutOutFilm film, IObjectDetector detector, ref TimeSpan spent, ref int looks)
    {
        var book = new Notebook(new NotebookOptions());
        var perceiver = new ScenePerceiver(new PerceptionOptions(), [], book);
        var rgb = new byte[CutOuts.Width * CutOuts.Height * 3];
        var pixels = new float[detector.Input.Values];
        var frames = new List<(IReadOnlyList<(int, Box)>, IReadOnlyList<(int, Box)>)>();
        for (int frame = 0; frame < CutOutFilm.Frames; frame++)
        {
            TimeSpan time = TimeSpan.FromSeconds(frame / (double)CutOutFilm.FramesPerSecond);
            var truth = film.Paint(time.TotalSeconds, rgb);
            var before = ProcessorTime.Now();
            if (perceiver.Look(rgb, CutOuts.Width, CutOuts.Height, time))
            {
                detector.Input.Fill(rgb, CutOuts.Width, CutOuts.Height, pixels);
                perceiver.Observe(rgb, CutOuts.Width, CutOuts.Height, time, [.. detector.Detect(pixels, 1)[0].Select(one => one with { Box = detector.Input.Restore(one.Box, CutOuts.Width, CutOuts.Height) })]);
                looks++;
            }
            else
            {
                perceiver.Rest(time);
            }
            spent += ProcessorTime.Now() - before;
            frames.Add((truth, [.. perceiver.Seen.Where(one => one.Thing.Label is "person" or TrackerOptions.Unnamed).Select(one => (one.Thing.Number, one.Box))]));
        }
        perceiver.End();
        return FilmScore.Of(film, book.Snapshot, frames);
    }

    /// <summary>Share of a core for a picture that never changes but for the sensor's noise.</summary>
    private static double AtRest(byte[] backdrop)
    {
        var random = new Random(1);
        byte[][] noisy = [.. Enumerable.Range(0, 8).Select(_ => (byte[])[.. backdrop.Select(value => (byte)Math.Clamp(value + random.Next(-3, 4), 0, 255))])];
        var perceiver = new ScenePerceiver(new PerceptionOptions(), [], new Notebook(new NotebookOptions()));
        TimeSpan before = default;
        for (int frame = 0; frame < 2 * RestFrames; frame++)
        {
            // The first half warms up.
            before = frame == RestFrames ? ProcessorTime.Now() : before;
            TimeSpan time = TimeSpan.FromSeconds(frame / (double)CutOutFilm.FramesPerSecond);
            perceiver.Look(noisy[frame % noisy.Length], CutOuts.Width, CutOuts.Height, time);
            perceiver.Rest(time);
        }
        return (ProcessorTime.Now() - before).TotalSeconds / (RestFrames / (double)CutOutFilm.FramesPerSecond);
    }

    private static string Weights(params string[] path) => ModelLibrary.Default().FindFile(Path.Combine(["perception", "node_modules", .. path]))
        ?? throw new InvalidOperationException("the weights of perception are not installed: npm ci in models/perception");

    private static double Share(int part, int whole) => whole == 0 ? 0 : part / (double)whole;
}
