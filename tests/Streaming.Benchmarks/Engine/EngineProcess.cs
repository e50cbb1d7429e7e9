using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;

namespace Streaming.Benchmarks.Engine;

/// <summary>One question about a film: how long it took, and what the process held.</summary>
/// <param name="First">Seconds to the first token.</param>
/// <param name="Rest">Seconds from there to the last.</param>
/// <param name="PeakBytes">The most that the process has held in memory.</param>
internal sealed record EngineReading(double First, double Rest, int Tokens, long PeakBytes, int[] Ids);

/// <summary>Eight questions about one film that had been read, seconds of each phase.</summary>
/// <param name="SerialDecode">One after another: writing alone, all eight.</param>
/// <param name="SerialRead">One after another: reading the questions.</param>
/// <param name="Together">All at once, reading and writing.</param>
/// <param name="TogetherRead">All at once with one token each.</param>
internal sealed record BatchReading(double SerialDecode, double SerialRead, double Together, double TogetherRead, bool SameIds);

/// <summary>The engine in a process of its own, as transformers.js is, so that its memory can be told. It answers whenever it is told to.</summary>
internal sealed class EngineProcess : IDisposable
{
    /// <summary>The first argument that makes this program measure; then come folder and dtype.</summary>
    public const string Verb = "engine-process";

    /// <summary>The lines that it is told.</summary>
    private const string Alone = "alone", Batch = "batch";

    public const int VisualTokens = 1024, AnswerTokens = 64, Frames = 16, Questions = 8, Repetitions = 3;

    public const string Question = "what happens?";

    private static readonly GenerationLimits Limits = new(AnswerTokens, TimeSpan.FromHours(1));

    /// <summary>The tokens of a film that was seen, random.</summary>
    public static VisualTokens Film(int hidden, int seed)
    {
        var random = new Random(seed);
        float[] features = [.. Enumerable.Range(0, VisualTokens * hidden).Select(_ => (random.NextSingle() * 4) - 2)];
        TokenOrigin[] origins = [.. Enumerable.Range(0, VisualTokens).Select(i => new TokenOrigin(TimeSpan.FromSeconds(i / (VisualTokens / Frames)), 0, (short)(i % (VisualTokens / Frames))))];
        float[] ones = [.. Enumerable.Repeat(1f, VisualTokens)];
        return new VisualTokens(hidden, features, origins, ones, ones);
    }

    private readonly Process _process;

    public EngineProcess(string folder, string dtype) => _process = Process.Start(
        new ProcessStartInfo("dotnet", [typeof(EngineProcess).Assembly.Location, Verb, folder, dtype]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>One question, by itself.</summary>
    public Task<EngineReading> AloneAsync(CancellationToken cancellation) => AskAsync<EngineReading>(Alone, cancellation);

    /// <summary>Eight questions one after another and together.</summary>
    public Task<BatchReading> BatchAsync(CancellationToken cancellation) => AskAsync<BatchReading>(Batch, cancellation);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The process itself: does what each line says, until there are no more.</summary>
    public static async Task<int> RunAsync(string folder, string dtype)
    {
        using var model = OnnxVideoLanguageModel.Load(ModelFolder.Open(folder), new OnnxOptions { Dtype = dtype });
        var film = Film(model.Manifest.Vision.Hidden, seed: 1);
        // All code has run once.
        await model.LanguageModel.CompleteAsync(new PromptBuilder(model.Manifest).Build(film.Slice(0, 64), Question), Limits with { MaxNewTokens = 4 });
        while (await Console.In.ReadLineAsync() is { } line)
            Console.Out.WriteLine(line == Alone ? JsonSerializer.Serialize(await AloneAsync(model, film)) : JsonSerializer.Serialize(await BatchAsync(model, film)));
        return 0;
    }

    private async Task<T> AskAsync<T>(string line, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        return await _process.StandardOutput.ReadLineAsync(cancellation) is { } said
            ? JsonSerializer.Deserialize<T>(said)!
            : throw new InvalidOperationException("The engine's process ended without an answer.");
    }

    private static async Task<EngineReading> AloneAsync(OnnxVideoLanguageModel model, VisualTokens film)
    {
        Completion answer = await model.LanguageModel.CompleteAsync(new PromptBuilder(model.Manifest).Build(film, Question), Limits);
        return new EngineReading(answer.Prefill.TotalSeconds, answer.DecodeSteps.TotalSeconds, answer.CompletionTokens, Peak(), [.. answer.TokenIds]);
    }

    private static async Task<BatchReading> BatchAsync(OnnxVideoLanguageModel model, VisualTokens film)
    {
        Prompt[] prompts = [.. Enumerable.Range(0, Questions).Select(i =>
            new PromptBuilder(model.Manifest).Build(film, $"{Question} {i}") with { Prefix = PrefixKey.Of(model.Manifest.Name, "", film) })];
        await model.LanguageModel.CompleteAsync(prompts[0], Limits with { MaxNewTokens = 4 });
        List<Completion> serial = [];
        foreach (var prompt in prompts)
            serial.Add(await model.LanguageModel.CompleteAsync(prompt, Limits));
        var (read, _) = await TogetherAsync(model, prompts, Limits with { MaxNewTokens = 1 });
        var (together, answers) = await TogetherAsync(model, prompts, Limits);
        return new BatchReading(
            serial.Sum(answer => answer.DecodeSteps.TotalSeconds), serial.Sum(answer => answer.Prefill.TotalSeconds), together, read,
            serial.Zip(answers).All(pair => pair.First.TokenIds.SequenceEqual(pair.Second.TokenIds)));
    }

    private static async Task<(double Seconds, Completion[] Answers)> TogetherAsync(OnnxVideoLanguageModel model, Prompt[] prompts, GenerationLimits limits)
    {
        long start = Stopwatch.GetTimestamp();
        Completion[] answers = await Task.WhenAll(prompts.Select(prompt => Task.Run(() => model.LanguageModel.CompleteAsync(prompt, limits))));
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, answers);
    }

    /// <summary>The most that this process has held in memory, in bytes.</summary>
    private static long Peak()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
