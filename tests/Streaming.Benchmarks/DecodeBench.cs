using System.Diagnostics;
using System.Globalization;
using Streaming.Video;
using Streaming.World;

namespace Streaming.Benchmarks;

/// <summary>What decoding and sampling a film costs next to the ffmpeg program, and what it allocates.</summary>
internal static class DecodeBench
{
    /// <summary>Five minutes and ten seconds of 1080p25: the goal asks for at least five.</summary>
    private const int FilmSeconds = 310;

    /// <summary>Encoded once and repeated without encoding again.</summary>
    private const int PieceSeconds = 31;

    /// <summary>Each repetition decodes the film once with either program, so that the machine's mood touches both.</summary>
    private const int Repetitions = 3;

    /// <summary>Answers whose overhead is measured.</summary>
    private const int Answers = 200;

    /// <summary>ffmpeg's test pictures: one with moving shapes and one in which nothing happens.</summary>
    private const string Moving = "testsrc2", Still = "smptehdbars";

    private const int Side = 384;
    private const double FramesPerSecond = 2;

    private static readonly int Threads = Math.Min(4, Environment.ProcessorCount);

    public static Bench Bench { get; } = new("decode", "processor time and allocations of decoding, next to the ffmpeg program", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        var film = Film("moving", Moving);
        List<double> ratios = [], ours = [], theirs = [], withMotion = [];
        for (var i = 0; i < Repetitions; i++)
        {
            BenchRun.Progress($"decode: repetition {i + 1} of {Repetitions}");
            var program = await ProcessorTimeOf(() => Task.Run(() => DecodeWithProgram(film), cancellation));
            var own = await ProcessorTimeOf(() => DecodeAsync(film, Request, cancellation));
            ours.Add(own);
            theirs.Add(program);
            ratios.Add(own / program);
            withMotion.Add(await ProcessorTimeOf(() => DecodeAsync(film, Request with { MotionVectors = true }, cancellation)) / own);
        }
        var (another, same) = await OverheadAsync(run, cancellation);
        return
        [
            new("cpu_vs_ffmpeg", Statistics.Median(ratios), "ratio", Goal.AtMost(1.05)),
            new("motion_vectors", Statistics.Median(withMotion), "ratio", Note: "the same with motion vectors exported and added up, next to without"),
            new("bytes_per_frame", await DecodeAllocations.MeasureAsync(Film("still", Still), Request, (int)(FilmSeconds * FramesPerSecond), cancellation), "bytes", Goal.AtMost(0)),
            new("overhead_outside_model", another, "share", Goal.AtMost(0.05)),
            new("overhead_of_next_question", same, "share", Note: "about the same stretch, whose pictures the model has read already"),
            new("cpu_seconds", Statistics.Median(ours), "s"),
            new("cpu_seconds_ffmpeg", Statistics.Median(theirs), "s"),
        ];
    }

    private static DecodeRequest Request { get; } =
        new() { FramesPerSecond = FramesPerSecond, MaxWidth = Side, MaxHeight = Side, ExactSize = true, Threads = Threads };

    /// <summary>Decodes the whole film in a decoder process.</summary>
    private static async Task DecodeAsync(string film, DecodeRequest request, CancellationToken cancellation)
    {
        await using var session = new Decoder(DecoderProcessOfThis.Options).Open(new FileSource(film), request, cancellation);
        await foreach (var frame in session.Frames())
            frame.Dispose();
        if ((await session.Completion).Failure is { } failure)
            throw new InvalidOperationException($"The film did not decode: {failure}");
    }

    /// <summary>
    /// On a film that has been seen: the median share of a request's time that is not inside the model's runs, where each question is
    /// about another stretch than the one before, and where it is about the same.
    /// </summary>
    private static async Task<(double Another, double Same)> OverheadAsync(BenchRun run, CancellationToken cancellation)
    {
        BenchRun.Progress($"decode: {Answers} answers on warm memory");
        using var examinee = new Examinee(DecoderProcessOfThis.Options);
        var paper = Exam.Papers(examinee.Folder, run.Seed, films: 1, questionsPerFilm: int.MaxValue).First();
        var film = await examinee.SeeAsync(paper.Film, cancellation);
        FilmQuestion[] stretches = [.. paper.Questions.DistinctBy(question => (question.FromSeconds, question.ToSeconds))];
        List<double> another = [], same = [];
        for (var i = -stretches.Length; i < Answers; i++)
        {
            var question = stretches[(i + stretches.Length) % stretches.Length];
            var (first, next) = (await examinee.OverheadAsync(film, question, cancellation), await examinee.OverheadAsync(film, question, cancellation));
            if (i < 0)
                continue; // The first answers compile the code.
            another.Add(first);
            same.Add(next);
        }
        return (Statistics.Median(another), Statistics.Median(same));
    }

    private static async Task<double> ProcessorTimeOf(Func<Task> action)
    {
        var before = ProcessorTime.Now();
        await action();
        return (ProcessorTime.Now() - before).TotalSeconds;
    }

    private static void DecodeWithProgram(string film) => Ffmpeg.Run(
    [
        "-threads", Threads.ToString(CultureInfo.InvariantCulture), "-i", film,
        "-vf", $"fps={FramesPerSecond.ToString(CultureInfo.InvariantCulture)},scale={Side}:{Side}", "-f", "rawvideo", "-pix_fmt", "rgb24", "/dev/null",
    ]);

    /// <summary>Five minutes of 1080p25 with a little sensor noise at the 4 Mbit/s of a good camera, with B-frames and an intra frame every two seconds.</summary>
    private static string Film(string name, string picture)
    {
        var film = Path.Combine(BenchRun.CacheFolder, $"decode_{name}_1080p25_{FilmSeconds}s.mp4");
        if (File.Exists(film))
            return film;
        BenchRun.Progress($"decode: encoding the {name} film, once");
        var piece = Path.ChangeExtension(film, ".piece.mp4");
        var whole = Path.ChangeExtension(film, ".part.mp4");
        Ffmpeg.Run(
        [
            "-f", "lavfi", "-i", $"{picture}=size=1920x1080:rate=25:duration={PieceSeconds},noise=alls=6:allf=t", "-pix_fmt", "yuv420p",
            "-c:v", "libx264", "-preset", "veryfast", "-b:v", "4M", "-maxrate", "6M", "-bufsize", "8M", "-g", "50", piece,
        ]);
        Ffmpeg.Run(["-stream_loop", $"{FilmSeconds / PieceSeconds - 1}", "-i", piece, "-c", "copy", whole]);
        File.Move(whole, film);
        File.Delete(piece);
        return film;
    }
}
