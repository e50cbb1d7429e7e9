using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Pipelines;
using Streaming.Server.Films;
using Streaming.Video;

namespace Streaming.Server.Verbs;

/// <summary>Plays the film that comes with the model through the whole line and asks it what is asked of it there.</summary>
internal static class DemoVerb
{
    /// <returns>0 if the model answered every question right, else 1.</returns>
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        using FilmService service = Verb.Service();
        string film = Path.Combine(service.Folder, "demo.mp4"), questions = Path.ChangeExtension(film, ".json");
        if (!File.Exists(film) || !File.Exists(questions))
            throw new FailureException($"model {service.Model.Name} brings no demo film; ask about one of yours: ./run ask FILE \"question\"");
        DemoQuestion[] all = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(questions, cancellation).ConfigureAwait(false), DemoJson.Default.DemoQuestionArray) ?? [];
        using var progress = new ProgressLine();
        Sight sight = await service.SeeAsync(new FileSource(film), observer: progress, cancellation: cancellation).ConfigureAwait(false);
        progress.Dispose();
        SeenFilm seen = sight.Film ?? throw new FailureException($"the demo film cannot be read: {sight.Problem}");
        Introduce(service, film, seen);
        int right = 0;
        foreach (DemoQuestion question in all)
        {
            if (await AskAsync(service, seen, question, cancellation).ConfigureAwait(false))
                right++;
        }
        Console.WriteLine($"{right} of {all.Length} answers are right.");
        return right == all.Length && right > 0 ? 0 : 1;
    }

    private static void Introduce(FilmService service, string film, SeenFilm seen)
    {
        Console.WriteLine($"{film}: {AnswerText.Clock(TimeSpan.FromSeconds(seen.Facts.DurationSeconds))}, {seen.Facts.Width}x{seen.Facts.Height} {seen.Facts.Codec}");
        Console.WriteLine($"{seen.Facts.Frames.Decoded} frames decoded, {seen.Facts.Frames.Sampled} looked at, {seen.Facts.Frames.Kept} keyframes; model {service.Model.Name}");
        Console.WriteLine();
    }

    private static async Task<bool> AskAsync(FilmService service, SeenFilm film, DemoQuestion question, CancellationToken cancellation)
    {
        Console.WriteLine($"Q  {question.Question}");
        Console.Write("A  ");
        Answer answer = await service.AskAsync(film, new Question(question.Question), Console.Write, cancellation).ConfigureAwait(false);
        bool right = answer.Model is not null && string.Equals(answer.Text, question.Answer, StringComparison.OrdinalIgnoreCase);
        Console.WriteLine(right ? "" : $"   (wrong: it is \"{question.Answer}\")");
        Console.WriteLine($"   {AnswerText.Account(answer)}");
        Console.WriteLine();
        return right;
    }
}

/// <summary>A question about the demo film with its right answer.</summary>
internal sealed record DemoQuestion(string Question, string Answer);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoQuestion[]))]
internal sealed partial class DemoJson : JsonSerializerContext;
