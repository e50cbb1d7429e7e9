using System.CommandLine;
using System.Text.Json;
using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Server.Films;
using Streaming.Video;

namespace Streaming.Server.Verbs;

/// <summary><c>ask FILE-or-URL "question"</c>: ingest, answer, exit.</summary>
internal static class AskVerb
{
    // Long enough for something to happen in front of a camera, short enough to wait for.
    private const double CameraSeconds = 10;

    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "A film file, or a camera's rtsp:// address." };
        var question = new Argument<string>("question") { Description = "What you want to know, in your words." };
        var from = new Option<double?>("--from") { Description = "Only what was seen from this second on." };
        var to = new Option<double?>("--to") { Description = $"Answer as of this second; nothing later is used. A camera is watched until then ({CameraSeconds} s by default)." };
        var policy = new Option<string?>("--policy") { Description = $"By which reducer what was kept is made fewer for this question: {string.Join(", ", Reducers.QuestionPolicies)}." };
        var retain = new Option<double?>("--retain") { Description = "Share of the kept tokens that the policy leaves." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var dump = new Option<DirectoryInfo?>("--dump-tokens") { Description = "Write features.npy, saliency.npy and kept.npy to this folder." };
        var command = new Command("ask", "Asks one question about a film or a camera. A film that was seen before is not read again.") { source, question, from, to, policy, retain, json, dump };
        command.SetAction((arguments, cancellation) => Verb.RunAsync(() => AskAsync(
            new Request(
                arguments.GetRequiredValue(source), arguments.GetRequiredValue(question), Seconds(arguments.GetValue(from), "--from"),
                Seconds(arguments.GetValue(to), "--to"), new QuestionReduction(arguments.GetValue(policy), arguments.GetValue(retain)), arguments.GetValue(json), arguments.GetValue(dump)?.FullName),
            cancellation)));
        return command;
    }

    private sealed record Request(string Source, string Text, TimeSpan? From, TimeSpan? To, QuestionReduction Reduction, bool AsJson, string? DumpFolder);

    private static TimeSpan? Seconds(double? value, string option) => value switch
    {
        null => null,
        >= 0 and <= 1e6 => TimeSpan.FromSeconds(value.Value),
        _ => throw new FailureException($"{option} has to be a number of seconds from 0 to 1,000,000"),
    };

    private static async Task<int> AskAsync(Request request, CancellationToken cancellation)
    {
        VideoSource source = VideoSource.Parse(request.Source, out SourceFailure? failure) ?? throw new FailureException($"{failure}");
        var question = new Question(request.Text, request.From, request.To, Reduction: request.Reduction);
        // Before the model is loaded: ONNX Runtime crashes the process when its command line is very long.
        if (new AnsweringOptions().Refuse(question) is { } refusal)
            throw new FailureException(refusal);
        using FilmService service = Verb.PerceivingService();
        using var progress = new ProgressLine();
        TokenDump? dump = request.DumpFolder is { } folder ? new TokenDump(folder, service.Model.Vision) : null;
        TimeSpan? until = source.IsLive ? request.To ?? TimeSpan.FromSeconds(CameraSeconds) : null;
        Sight sight = await service.SeeAsync(source, until, dump is null ? progress : new Observers(progress, dump), dump is not null, cancellation).ConfigureAwait(false);
        progress.Dispose();
        if (sight.Film is not { } film)
            throw new FailureException($"{source.Name}: {sight.Problem}");
        dump?.Write();
        if (film.Facts.Problem is { } problem)
            Console.Error.WriteLine($"note: {source.Name}: {problem}");
        await AnswerAsync(service, sight, question, request.AsJson, cancellation).ConfigureAwait(false);
        return 0;
    }

    private static async Task AnswerAsync(FilmService service, Sight sight, Question question, bool asJson, CancellationToken cancellation)
    {
        Answer answer = await service.AskAsync(sight.Film!, question, asJson ? null : Console.Write, cancellation).ConfigureAwait(false);
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(AnswerText.Document(answer, sight), DocumentJson.Default.AnswerDocument));
            return;
        }
        Console.WriteLine();
        Console.WriteLine($"  {AnswerText.Account(answer)}");
        foreach (GapDocument gap in AnswerText.Gaps(answer))
            Console.WriteLine($"  {gap.Text}");
        foreach (Citation citation in answer.Citations)
            Console.WriteLine($"  {sight.Film!.PictureOf(citation.Keyframe)}");
    }
}
