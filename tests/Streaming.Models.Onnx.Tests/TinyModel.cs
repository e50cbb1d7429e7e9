using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Oracle;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests;

/// <summary>The random-weight models beside the oracle, loaded once, and pictures and prompts for them.</summary>
public sealed class TinyModel : IDisposable
{
    public const string Llava = "tiny-llava";

    /// <summary>No position_ids, but num_logits_to_keep.</summary>
    public const string Bare = "tiny-bare";

    private readonly Dictionary<string, OnnxVideoLanguageModel> _loaded = [];
    private readonly string _drawn = Directory.CreateTempSubdirectory("tiny-").FullName;

    public TransformersJs Oracle { get; } = new();

    public static ModelFolder Folder(string name) => ModelFolder.Open(Path.Combine(TransformersJs.Folder, name));

    public OnnxVideoLanguageModel this[string name]
    {
        get
        {
            if (!_loaded.TryGetValue(name, out var model))
                _loaded[name] = model = OnnxVideoLanguageModel.Load(Folder(name));
            return model;
        }
    }

    /// <summary>A model whose graphs are drawn to the settings of that name.</summary>
    internal OnnxVideoLanguageModel Drawn(string name, DecoderStyle style = DecoderStyle.Contrib, Precision precision = Precision.Single)
    {
        string key = $"{name} {style} {precision}";
        if (!_loaded.TryGetValue(key, out var model))
        {
            var folder = ModelFolder.Open(TinyFolder.Write(name, _drawn, style, Enum.GetValues<Precision>()));
            _loaded[key] = model = OnnxVideoLanguageModel.Load(folder, new OnnxOptions { Dtype = precision.Dtype() });
        }
        return model;
    }

    /// <summary>The same with its weights as external data, in single precision.</summary>
    internal OnnxVideoLanguageModel DrawnExternally(string name, DecoderStyle style)
    {
        string key = $"{name} {style} external";
        if (!_loaded.TryGetValue(key, out var model))
            _loaded[key] = model = OnnxVideoLanguageModel.Load(ModelFolder.Open(TinyFolder.WriteExternal(name, _drawn, style)));
        return model;
    }

    /// <summary>The folder of a speech recogniser whose graphs are drawn.</summary>
    internal string DrawnSpeech() => TinyFolder.WriteSpeech(_drawn);

    /// <summary>Prompt and answer have the same token ids as transformers.js gives, up to where an answer that goes round in circles is ended.</summary>
    /// <param name="counts">Tokens of each frame.</param>
    /// <param name="pixels">What the frames' tokens come from; null if <paramref name="features"/> are the tokens.</param>
    /// <param name="positions">Where the prompt's tokens stand; null where transformers.js is to know by itself.</param>
    public async Task AssertIdentical(
        OnnxVideoLanguageModel model, Prompt prompt, int[] counts, float[]? pixels, float[]? features, string dtype = "fp32", TokenPositions? positions = null)
    {
        const int tokens = 32;
        var expected = Oracle.Generate(model.Folder.Path, IdsComparison.Messages(prompt), counts, pixels, features, tokens, dtype, positions);
        var completion = await model.LanguageModel.CompleteAsync(prompt, Limits(tokens));
        Assert.Equal(expected.Prompt, model.Folder.PromptEncoder().Encode(prompt).TokenIds);
        // Random weights may say one thing for ever: transformers.js goes on, the answer ends.
        int compared = completion.Finish == FinishReason.Repetition ? completion.TokenIds.Count : expected.Ids.Length;
        Assert.Equal(expected.Ids.Take(compared), completion.TokenIds);
    }

    /// <summary>Random tokens, some for each frame.</summary>
    public static VisualTokens Merged(OnnxVideoLanguageModel model, int[] counts, int seed)
    {
        var random = new Random(seed);
        int hidden = model.Manifest.Vision.Hidden;
        float[] features = [.. Enumerable.Range(0, counts.Sum() * hidden).Select(_ => (random.NextSingle() * 4) - 2)];
        var origins = counts.SelectMany((count, frame) => Enumerable.Range(0, count)
            .Select(i => new TokenOrigin(TimeSpan.FromSeconds(frame * 1.7), 0, (short)i))).ToArray();
        float[] ones = [.. Enumerable.Repeat(1f, origins.Length)];
        return new VisualTokens(hidden, features, origins, ones, ones);
    }

    public static VisualTokens Nothing(OnnxVideoLanguageModel model) => new(model.Manifest.Vision.Hidden, default, default, default, default);

    public static GenerationLimits Limits(int tokens) => new(tokens, TimeSpan.FromMinutes(5));

    /// <summary>pixel_values of random pictures, [frames, 3, height, width].</summary>
    public static float[] Pixels(OnnxVideoLanguageModel model, int frames, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, frames * model.Folder.Preprocessor.ValuesPerFrame).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    /// <summary>The encoded frames, one every second from a time on.</summary>
    public static VisualTokens Encode(OnnxVideoLanguageModel model, float[] pixels, int frames)
    {
        var shape = model.Manifest.Vision;
        var features = new float[frames * shape.TokensPerFrame * shape.Hidden];
        model.VisionEncoder.Encode(pixels, frames, features);
        var origins = Enumerable.Range(0, frames * shape.TokensPerFrame).Select(i => new TokenOrigin(
            TimeSpan.FromSeconds(i / shape.TokensPerFrame),
            (short)(i % shape.TokensPerFrame / shape.GridColumns),
            (short)(i % shape.GridColumns))).ToArray();
        float[] ones = [.. Enumerable.Repeat(1f, origins.Length)];
        return new VisualTokens(shape.Hidden, features, origins, ones, ones);
    }

    public void Dispose()
    {
        Oracle.Dispose();
        foreach (var model in _loaded.Values)
            model.Dispose();
        Directory.Delete(_drawn, recursive: true);
    }
}

[CollectionDefinition("tiny")]
public sealed class TinyCollection : ICollectionFixture<TinyModel>;
