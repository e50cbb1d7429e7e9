using Streaming.Compression;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Pipelines;
using Streaming.Pipelines.Watches;

namespace Streaming.Benchmarks.Watches;

/// <summary>Processor time of one round: one new frame encoded, and all watches answered about the newest stretch.</summary>
/// <param name="Seconds">Per minute of stream, with a round each second.</param>
/// <param name="Prompt">Tokens of a prompt.</param>
/// <param name="Read">Tokens that the first watch of a round reads, and that the others read.</param>
internal sealed record RoundCost(double Seconds, double Encode, int Visual, double Prompt, (double First, double Others) Read);

/// <summary>A model that watches a stream whose every frame is new.</summary>
internal sealed class SharedCost : IDisposable
{
    /// <summary>Of 64 tokens a frame and a frame a second: 576 visual tokens.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    private const int TokensPerFrame = 64, Columns = 8;

    private readonly OnnxVideoLanguageModel _model;
    private readonly Listener _listener;
    private readonly Answering _answering;
    private readonly StreamMemory _memory = new(new MemoryOptions());
    private readonly float[] _pixels, _features;
    private readonly Random _random = new(7);
    private int _second;

    public SharedCost(ModelFolder folder, long prefixBytes)
    {
        _model = OnnxVideoLanguageModel.Load(folder, new OnnxOptions { PrefixBytes = prefixBytes, Saliency = SaliencySource.Features });
        _listener = new Listener(_model.LanguageModel);
        _answering = new Answering(_listener, new PromptBuilder(_model.Manifest), new InferenceQueue(), new AnsweringOptions(), Hidden);
        _pixels = new float[_model.Folder.Preprocessor.ValuesPerFrame];
        _features = new float[_model.Manifest.Vision.TokensPerFrame * Hidden];
        for (int i = 0; i < Window.TotalSeconds; i++)
            Remember();
    }

    private int Hidden => _model.Manifest.Vision.Hidden;

    /// <summary>What some rounds of one watch and of ten cost, in turn, after one of each.</summary>
    public async Task<(RoundCost One, RoundCost Ten)> MeasureAsync(int rounds, CancellationToken cancellation)
    {
        await RoundsAsync(1, 1, cancellation);
        await RoundsAsync(10, 1, cancellation);
        List<RoundCost> one = [], ten = [];
        for (int i = 0; i < 2; i++)
        {
            one.Add(await RoundsAsync(1, (rounds + 1) / 2, cancellation));
            ten.Add(await RoundsAsync(10, (rounds + 1) / 2, cancellation));
        }
        return (Mean(one), Mean(ten));
    }

    public void Dispose() => _model.Dispose();

    private async Task<RoundCost> RoundsAsync(int watches, int rounds, CancellationToken cancellation)
    {
        _listener.Heard.Clear();
        TimeSpan start = ProcessorTime.Now(), encode = TimeSpan.Zero;
        int visual = 0;
        for (int round = 0; round < rounds; round++)
        {
            TimeSpan before = ProcessorTime.Now();
            _pixels[0] = _random.NextSingle();
            _model.VisionEncoder.Encode(_pixels, 1, _features);
            encode += ProcessorTime.Now() - before;
            Remember();
            TimeSpan now = TimeSpan.FromSeconds(_second - 1);
            for (int watch = 0; watch < watches; watch++)
            {
                var question = new StandingQuestion(_answering, $"Is there a red circle at place {watch} now?", Window, "yes");
                visual = (await question.AskAsync(_memory.Snapshot, now, InferenceClass.Watch, null, null, cancellation)).Answer.Usage.VisualTokensKept;
            }
        }
        double minute = 60.0 / rounds;
        Completion[] first = [.. _listener.Heard.Chunk(watches).Select(chunk => chunk[0])], others = [.. _listener.Heard.Chunk(watches).SelectMany(chunk => chunk[1..])];
        return new RoundCost(
            (ProcessorTime.Now() - start).TotalSeconds * minute, encode.TotalSeconds * minute, visual, _listener.Heard.Average(heard => heard.PromptTokens), (ReadIn(first), ReadIn(others)));
    }

    private static double ReadIn(Completion[] heard) => heard.Select(one => (double)(one.PromptTokens - one.CachedTokens)).DefaultIfEmpty().Average();

    private static RoundCost Mean(List<RoundCost> costs) =>
        costs[0] with { Seconds = costs.Average(cost => cost.Seconds), Encode = costs.Average(cost => cost.Encode) };

    /// <summary>The newest frame, as it was encoded, with a number in it that makes it differ from all before.</summary>
    private void Remember()
    {
        TimeSpan time = TimeSpan.FromSeconds(_second);
        float[] features = _features[..(TokensPerFrame * Hidden)], ones = [.. Enumerable.Repeat(1f, TokensPerFrame)];
        features[0] += _second;
        TokenOrigin[] origins = [.. Enumerable.Range(0, TokensPerFrame).Select(i => new TokenOrigin(time, (short)(i / Columns), (short)(i % Columns)))];
        _memory.Write(new MemoryEntry(new Keyframe(_second++, time, KeyframeReason.Change, 1), new VisualTokens(Hidden, features, origins, ones, ones)));
    }

    /// <summary>Passes prompts on and notes what they cost.</summary>
    private sealed class Listener(ILanguageModel model) : ILanguageModel
    {
        public List<Completion> Heard { get; } = [];

        public string Name => model.Name;

        public int ContextTokens => model.ContextTokens;

        public async Task<Completion> CompleteAsync(Prompt prompt, GenerationLimits limits, Action<string>? onText = null, CancellationToken cancellation = default)
        {
            Heard.Add(await model.CompleteAsync(prompt, limits with { Deadline = TimeSpan.FromHours(1) }, onText, cancellation));
            return Heard[^1];
        }

        public void Dispose() => model.Dispose();
    }
}
