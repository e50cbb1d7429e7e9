using Streaming.Models;
using Streaming.Models.Families;

namespace Streaming.Pipelines.Tests;

/// <summary>A vision encoder of a 4x4 grid whose tokens are the mean colours of their places: what changes in the picture changes in them.</summary>
/// <param name="onRun">Told of each run how many frames it has, and when it is to end.</param>
internal sealed class MeanColourEncoder(Action<int, CancellationToken>? onRun = null) : IVisionEncoder
{
    public MeanColourEncoder(Action<int> onRun)
        : this((frames, _) => onRun(frames))
    {
    }

    public const int Size = 32;

    public VisionShape Shape { get; } = new(Size, Size, 4, 4, 8);

    /// <summary>If so, all tokens matter alike.</summary>
    public bool TellsSaliency { get; init; }

    public static ImagePreprocessor Preprocessor { get; } =
        new(new PictureSize(Size, Size), ResizeFilter.Bilinear, 1 / 255.0, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]);

    public void Encode(ReadOnlySpan<float> pixelValues, int frames, Span<float> imageFeatures, Span<float> saliency = default, CancellationToken cancellation = default)
    {
        onRun?.Invoke(frames, cancellation);
        imageFeatures.Clear();
        if (TellsSaliency)
            saliency.Fill(1);
        int cell = Size / Shape.GridColumns;
        for (int i = 0; i < frames * 3 * Size * Size; i++)
        {
            int frame = i / (3 * Size * Size), channel = i / (Size * Size) % 3, y = i / Size % Size, x = i % Size;
            int token = frame * Shape.TokensPerFrame + y / cell * Shape.GridColumns + x / cell;
            imageFeatures[token * Shape.Hidden + channel] += pixelValues[i] / (cell * cell);
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>A language model that answers what it is told to and remembers what it was asked.</summary>
internal class ScriptedModel(string answer) : ILanguageModel
{
    /// <summary>Of it and a <see cref="MeanColourEncoder"/> as one model.</summary>
    public static ModelManifest Manifest { get; } = new()
    {
        Name = "scripted",
        Family = "test",
        Vision = new VisionShape(MeanColourEncoder.Size, MeanColourEncoder.Size, 4, 4, 8),
        ImageTokenId = 1,
        EosTokenIds = [2],
        ContextTokens = 4096,
        Wording = new PromptWording(new FrameHeader(" {seconds}"), "\n"),
        ReadsNotes = true,
    };

    public List<Prompt> Asked { get; } = [];

    /// <summary>What each answer was allowed to cost.</summary>
    public List<GenerationLimits> Limits { get; } = [];

    /// <summary>Why answers end that are not cut.</summary>
    public FinishReason Finish { get; init; } = FinishReason.Stop;

    /// <summary>Keeps the model busy after its answer.</summary>
    public Func<CancellationToken, Task>? Holding { get; set; }

    public string Name => "scripted";

    public int ContextTokens => 4096;

    public async Task<Completion> CompleteAsync(
        Prompt prompt, GenerationLimits limits, Action<string>? onText = null, CancellationToken cancellation = default)
    {
        Asked.Add(prompt);
        Limits.Add(limits);
        onText?.Invoke(answer);
        if (Holding is { } holding)
            await holding(cancellation);
        bool isCut = limits.MaxNewTokens < 5;
        return new Completion(answer, isCut ? FinishReason.Length : Finish, 100, Math.Min(5, limits.MaxNewTokens), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(10));
    }

    public void Dispose()
    {
    }
}

/// <summary>A scripted model that also tells how it reads words: each as the same row.</summary>
internal sealed class WordReader(string answer, int hidden) : ScriptedModel(answer), ITextEmbedder
{
    private readonly float[] _row = [.. Enumerable.Repeat(0.5f, hidden)];

    /// <param name="looks">How visual tokens look that show any of the words.</param>
    public WordReader(string answer, float[] looks)
        : this(answer, looks.Length) => (_row, KnowsLooks) = (looks, true);

    public bool KnowsLooks { get; }

    public List<string> Embedded { get; } = [];

    public Task<float[]> EmbedAsync(string text, CancellationToken cancellation = default)
    {
        Embedded.Add(text);
        return Task.FromResult(text.Split(' ').SelectMany(_ => _row).ToArray());
    }
}
