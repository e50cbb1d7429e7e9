using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Compression;
using Streaming.Compression.HoliTom;
using Streaming.Server.Evaluation;
using Streaming.Video;

namespace Streaming.Server.Verbs;

/// <summary><c>eval DATA.jsonl</c>: a public benchmark on the model in use, for researchers.</summary>
internal static class EvalVerb
{
    /// <summary>As many as LLaVA-OneVision's published evaluations take.</summary>
    private const int DefaultFrames = 32;

    private static IReadOnlyList<string> Policies { get; } = [.. Reducers.ShelfNames, .. Reducers.Names];

    public static Command Create()
    {
        var data = new Argument<FileInfo>("DATA.jsonl") { Description = "One question a line: {\"video\", \"question\", \"options\", \"answer\", \"task\"}; video is relative to the file." };
        var policy = new Option<string>("--policy") { Description = string.Join(", ", Policies), DefaultValueFactory = _ => "none" };
        policy.AcceptOnlyFromAmong([.. Policies]);
        var retain = new Option<double>("--retain") { Description = "Share of the visual tokens to keep.", DefaultValueFactory = _ => 1 };
        var frames = new Option<int>("--frames") { Description = "Frames of each film, evenly spread.", DefaultValueFactory = _ => DefaultFrames };
        var output = new Option<FileInfo?>("--out") { Description = "Where every reply goes, one JSON object a line." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("eval", "Puts a benchmark of questions about films to the model.") { data, policy, retain, frames, output, json };
        command.SetAction((arguments, cancellation) => Verb.RunAsync(() => RunAsync(
            arguments.GetRequiredValue(data).FullName,
            Checked(new EvaluationOptions(arguments.GetValue(policy)!, arguments.GetValue(retain), arguments.GetValue(frames))),
            arguments.GetValue(output)?.FullName, arguments.GetValue(json), cancellation)));
        return command;
    }

    private static EvaluationOptions Checked(EvaluationOptions options) => options switch
    {
        { Retain: not (> 0 and <= 1) } => throw new FailureException($"--retain: {nameof(HoliTomOptions.RetainRatio)} must lie in (0, 1]"),
        { Frames: not (>= 1 and <= 4096) } => throw new FailureException("--frames must lie between 1 and 4096"),
        _ => options,
    };

    private static async Task<int> RunAsync(string path, EvaluationOptions options, string? output, bool asJson, CancellationToken cancellation)
    {
        IReadOnlyList<EvaluationItem> items = EvaluationItem.ReadAll(path);
        Settings settings = Settings.FromEnvironment();
        using VideoModel model = VideoModel.Load(settings, line => Console.Error.WriteLine($"note: {line}"));
        var examination = new Examination(model, new Decoder(new DecoderOptions { Limits = settings.Limits }), options);
        await using StreamWriter? replies = output is null ? null : new StreamWriter(output);
        var marks = new List<EvaluationMark>(items.Count);
        long start = Stopwatch.GetTimestamp();
        await foreach (EvaluationMark mark in examination.RunAsync(items, cancellation).ConfigureAwait(false))
        {
            marks.Add(mark);
            if (mark.Problem is { } problem)
                Console.Error.WriteLine($"note: {mark.Item.Video}: {problem}");
            if (replies is not null)
                await replies.WriteLineAsync(JsonSerializer.Serialize(ReplyDocument.Of(mark), EvaluationJson.Default.ReplyDocument)).ConfigureAwait(false);
            if (!Console.IsErrorRedirected)
                Console.Error.Write($"\r{marks.Count} of {items.Count}, {marks.Count(m => m.IsRight)} right ");
        }
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine();
        var document = EvaluationDocument.Of(Path.GetFileName(path), model.Manifest.Name, options, marks, Stopwatch.GetElapsedTime(start));
        Console.WriteLine(asJson ? JsonSerializer.Serialize(document, EvaluationJson.Default.EvaluationDocument) : document.ToTable());
        return 0;
    }
}

/// <summary>What <c>eval --json</c> prints.</summary>
/// <param name="Low">Lower end of the 95 % interval of the accuracy.</param>
/// <param name="NoChoice">Replies that chose no option; they count as wrong.</param>
/// <param name="Unreadable">Questions whose film could not be seen; they count as wrong.</param>
/// <param name="VisualTokensSource">Tokens of a film before reduction, on average over the questions.</param>
internal sealed record EvaluationDocument(
    string Data, string Model, string Policy, double Retain, int Frames, int Questions, int Right, double Accuracy, double Low, double High,
    int NoChoice, int Unreadable, double VisualTokensSource, double VisualTokensKept, double Seconds, IReadOnlyDictionary<string, TaskDocument> Tasks)
{
    public static EvaluationDocument Of(string data, string model, EvaluationOptions options, IReadOnlyList<EvaluationMark> marks, TimeSpan elapsed)
    {
        int right = marks.Count(mark => mark.IsRight);
        WilsonInterval interval = WilsonInterval.Of(right, marks.Count);
        return new EvaluationDocument(
            data, model, options.Policy, options.Retain, options.Frames, marks.Count, right, (double)right / marks.Count, interval.Low, interval.High,
            marks.Count(mark => mark is { Chosen: null, Problem: null }), marks.Count(mark => mark.Problem is not null),
            marks.Average(mark => mark.TokensIn), marks.Average(mark => mark.TokensKept), elapsed.TotalSeconds,
            marks.GroupBy(mark => mark.Item.Task).OrderBy(task => task.Key, StringComparer.Ordinal)
                .ToDictionary(task => task.Key, task => new TaskDocument(task.Count(), task.Count(mark => mark.IsRight))));
    }

    public string ToTable()
    {
        IEnumerable<string> lines = Tasks.Count > 1 ? Tasks.Select(task => Line(task.Key, task.Value.Right, task.Value.Questions)) : [];
        string account = string.Create(CultureInfo.InvariantCulture,
            $"{Policy}, {VisualTokensKept:0} of {VisualTokensSource:0} visual tokens a question; {NoChoice} replies chose nothing, {Unreadable} films could not be seen; {Seconds:0.0} s");
        return string.Join('\n', [.. lines, Line("all", Right, Questions), account]);
    }

    private static string Line(string name, int right, int questions)
    {
        WilsonInterval interval = WilsonInterval.Of(right, questions);
        return string.Create(CultureInfo.InvariantCulture, $"{name,-24} {100.0 * right / questions,5:0.0} %  ({100 * interval.Low:0.0} to {100 * interval.High:0.0}) of {questions}");
    }
}

internal sealed record TaskDocument(int Questions, int Right);

/// <summary>A line of <c>eval --out</c>.</summary>
/// <param name="Chosen">What the reply chose; null if nothing.</param>
/// <param name="Problem">Why the film could not be seen; null if it could.</param>
internal sealed record ReplyDocument(string Video, string Question, string Answer, string Reply, string? Chosen, bool Right, string? Problem)
{
    public static ReplyDocument Of(EvaluationMark mark) =>
        new(mark.Item.Video, mark.Item.Question, mark.Item.Answer, mark.Reply, mark.Chosen, mark.IsRight, mark.Problem);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EvaluationDocument))]
[JsonSerializable(typeof(ReplyDocument))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
