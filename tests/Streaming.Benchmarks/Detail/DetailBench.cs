using System.Globalization;
using Streaming.Server.Films;
using Streaming.World;

namespace Streaming.Benchmarks.Detail;

/// <summary>
/// Small things: rendered films as screens of a ninth of a wall's area, at random places of it, so that a picture at the size of the model's input shows
/// them at a third of their size. Asked with kept pictures looked at again, without, and about the films by themselves (oracle).
/// </summary>
internal static class DetailBench
{
    private const int Films = 60, QuestionsPerFilm = 6;

    /// <summary>The wall's side in pixels: what a decoder is asked for, three times the model's input.</summary>
    private const int Side = 384;

    /// <summary>What one picture tells.</summary>
    private static readonly string[] Tasks = ["text", "colour", "shape", "relation"];

    public static Bench Bench { get; } = new("detail", "small things: kept pictures looked at again, enlarged, where a question asks for detail; --films N", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        using var examinee = new Examinee(DecoderProcessOfThis.Options);
        var marks = new List<DetailMarks>();
        var asked = new Dictionary<string, int>();
        for (ulong i = 0; i < (ulong)(run.Films ?? Films); i++)
        {
            var script = Director.Direct(run.Seed * 1_000_000 + i, run.Split);
            string film = Path.Combine(examinee.Folder, $"film_{i:0000}.mp4"), wall = Path.Combine(examinee.Folder, $"wall_{i:0000}.mp4");
            FilmSidecar sidecar = FilmFile.Write(script, film);
            Hang(film, wall, new Dice(run.Seed ^ i));
            SeenFilm alone = await examinee.SeeAsync(film, cancellation), small = await examinee.SeeAsync(wall, cancellation);
            foreach (FilmQuestion question in Exam.Draw([.. sidecar.Questions.Where(question => Tasks.Contains(question.Task))], asked, QuestionsPerFilm))
                marks.Add(new DetailMarks(
                    await examinee.AskAsync(small, question, detail: true, cancellation), await examinee.AskAsync(small, question, detail: null, cancellation),
                    await examinee.AskAsync(small, question, detail: false, cancellation), await examinee.AskAsync(alone, question, detail: false, cancellation)));
            BenchRun.Progress($"detail: {marks.Count} questions, {marks.Count(mark => mark.Close.IsRight)} right");
        }
        return [.. Tasks.SelectMany(task => Results("." + task, [.. marks.Where(mark => mark.Close.Question.Task == task)])), .. Results("", marks), Cost(marks)];
    }

    /// <summary>Hangs a film on a wall.</summary>
    private static void Hang(string film, string wall, Dice dice)
    {
        int left = 2 * dice.Below((Side - Film.Side) / 2), top = 2 * dice.Below((Side - Film.Side) / 2);
        string filter = string.Create(CultureInfo.InvariantCulture, $"pad={Side}:{Side}:{left}:{top}:color=0x6b6f66,noise=alls=4:allf=t");
        Ffmpeg.Run(["-i", film, "-vf", filter, "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-threads", "1", wall]);
    }

    private static IEnumerable<BenchResult> Results(string task, List<DetailMarks> marks) =>
    [
        Share($"accuracy_close{task}", marks, mark => mark.Close),
        .. task is "" or ".text" ? new[] { Share($"accuracy_as_words_ask{task}", marks, mark => mark.AsAsked) } : [],
        Share($"accuracy_whole{task}", marks, mark => mark.Whole),
        Share($"accuracy_alone{task}", marks, mark => mark.Alone),
    ];

    private static BenchResult Share(string name, List<DetailMarks> marks, Func<DetailMarks, Mark> mark)
    {
        int right = marks.Count(each => mark(each).IsRight);
        var (low, high) = Server.Evaluation.WilsonInterval.Of(right, marks.Count);
        return new(name, (double)right / Math.Max(1, marks.Count), "share", Note: string.Create(CultureInfo.InvariantCulture, $"95 %: {low:0.000} to {high:0.000} of {marks.Count}"));
    }

    private static BenchResult Cost(List<DetailMarks> marks) => new(
        "seconds_close_over_whole", Statistics.Median(marks.Select(mark => Seconds(mark.Close))) / Statistics.Median(marks.Select(mark => Seconds(mark.Whole))), "ratio");

    private static double Seconds(Mark mark) => mark.Answer.Timings.Total.TotalSeconds;

    /// <param name="AsAsked">Looked at again only where the question's words ask for it.</param>
    private sealed record DetailMarks(Mark Close, Mark AsAsked, Mark Whole, Mark Alone);
}
