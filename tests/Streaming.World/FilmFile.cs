using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.World.Questions;

namespace Streaming.World;

/// <summary>A film on disk: H.264 in mp4 and a sidecar of facts and questions.</summary>
public static class FilmFile
{
    /// <summary>x264's default; small things stay recognisable.</summary>
    private const int Quality = 23;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes <paramref name="path"/> (.mp4) and the sidecar beside it (.json).</summary>
    public static FilmSidecar Write(Film film, string path)
    {
        Footage footage = Footage.Of(film);
        var painter = new Painter(film);
        var rgb = new byte[Film.Side * Film.Side * 3];
        Ffmpeg.EncodeH264(path, Film.FramesPerSecond, Quality, stdin =>
        {
            for (int frame = 0; frame < film.Seconds * Film.FramesPerSecond; frame++)
            {
                painter.Paint((double)frame / Film.FramesPerSecond, rgb);
                stdin.Write(rgb);
            }
        });
        FilmSidecar sidecar = Describe(footage);
        File.WriteAllText(Path.ChangeExtension(path, ".json"), JsonSerializer.Serialize(sidecar, Json));
        return sidecar;
    }

    public static FilmSidecar Describe(Footage footage) => new(
        footage.Film,
        [.. Events.All(new Window(footage, 0, footage.Film.Samples - 1)).OrderBy(e => e.Sample).Select(e => new FilmEvent(Film.SecondsOf(e.Sample), e.Text))],
        [.. from examined in Examiner.Examine(footage)
            from question in examined.Questions
            select new FilmQuestion(
                question.Task, question.Text, question.Answer, Film.SecondsOf(examined.Window.From), Film.SecondsOf(examined.Window.To), question.Answerable)]);
}

/// <summary>The facts of a film: its script, what happens when, and questions with their answers.</summary>
public sealed record FilmSidecar(Film Film, IReadOnlyList<FilmEvent> Events, IReadOnlyList<FilmQuestion> Questions);

/// <param name="Seconds">The first sample that shows it.</param>
public sealed record FilmEvent(double Seconds, string What);

/// <summary>A question about the stretch between two moments, both included.</summary>
public sealed record FilmQuestion(string Task, string Question, string Answer, double FromSeconds, double ToSeconds, bool Answerable);
