using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Oracle;

namespace Streaming.Models.Onnx.Tests;

/// <summary>The random-weight models beside the oracle, loaded once, and pictures and prompts for them.</summary>
public sealed class TinyModel : IDisposable
{
    public const string Llava = "tiny-llava";

    /// <summary>No position_ids, but num_logits_to_keep.</summary>
    public const string Bare = "tiny-bare";

    private readonly Dictionary<string, OnnxVideoLanguageModel> _loaded = [];

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
    }
}

[CollectionDefinition("tiny")]
public sealed class TinyCollection : ICollectionFixture<TinyModel>;
