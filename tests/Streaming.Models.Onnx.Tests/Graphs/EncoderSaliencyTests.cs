using Microsoft.ML.OnnxRuntime;
using Streaming.Models.Families;
using Streaming.Models.Onnx.Graphs;
using Streaming.Oracle;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests.Graphs;

/// <summary>Encoder attention as an output, of the shipped encoder and of drawn ones in every published style.</summary>
public sealed class EncoderSaliencyTests
{
    private const int Frames = 3;
    private static readonly EncoderShape Shape = new(Side: 32, Patch: 8, Layers: 3, Hidden: 48, Inner: 64, Heads: 4, Output: 40);
    private static readonly VisionShape Grid = new(32, 32, 4, 4, 40);

    [Theory]
    [InlineData(EncoderStyle.Plain)]
    [InlineData(EncoderStyle.MultiHead)]
    [InlineData(EncoderStyle.Attention)]
    public void Encode_of_every_style_tells_the_attention_that_patches_receive_in_the_last_layer(EncoderStyle style)
    {
        var random = new Random(4);
        float[] pixels = [.. Enumerable.Range(0, Frames * 3 * 32 * 32).Select(_ => random.NextSingle() - 0.5f)];
        float[] features = new float[Frames * 16 * 40], saliency = new float[Frames * 16];
        var graph = EncoderSaliency.Add(new RandomEncoder(Shape, style, new RandomWeights(3).Tensor).Draw())!;
        using var encoder = new OnnxVisionEncoder(new InferenceSession(graph.ToBytes("")), Grid, ModelFamily.Parse("""{"model_type": "llava"}"""));
        Assert.True(encoder.TellsSaliency);
        encoder.Encode(pixels, Frames, features, saliency);
        var (expectedFeatures, expected) = Reference(pixels);
        Assert.All(expectedFeatures.Zip(features), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.All(expected.Zip(saliency), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.True(saliency.Max() > 1.02f * saliency.Min());
    }

    [Fact]
    public void Encode_of_scenes_tells_saliency_and_the_features_stay_what_they_were()
    {
        using var attentive = OnnxVideoLanguageModel.Load(Scenes.Folder);
        using var plain = OnnxVideoLanguageModel.Load(Scenes.Folder, new OnnxOptions { Saliency = SaliencySource.Features });
        var shape = attentive.Manifest.Vision;
        var film = SceneQuestion.Of(attentive.Folder.Preprocessor, 5, count: 1).Single();
        float[] expected = new float[film.Times.Count * shape.TokensPerFrame * shape.Hidden], features = new float[expected.Length];
        float[] saliency = new float[film.Times.Count * shape.TokensPerFrame];
        plain.VisionEncoder.Encode(film.PixelValues, film.Times.Count, expected);
        attentive.VisionEncoder.Encode(film.PixelValues, film.Times.Count, features, saliency);
        Assert.Equal((false, true), (plain.VisionEncoder.TellsSaliency, attentive.VisionEncoder.TellsSaliency));
        Assert.Equal(expected, features);
        // Every patch pays an attention of 1 in all, so that is what a frame's patches receive on average.
        Assert.All(saliency.Chunk(shape.TokensPerFrame), frame => Assert.Equal(1, frame.Sum(), 1e-4));
        Assert.All(saliency.Chunk(shape.TokensPerFrame), frame => Assert.True(frame.Max() > 1.2f * frame.Min()));
    }

    [Fact]
    public void Add_of_an_encoder_without_attention_gives_nothing()
    {
        using var file = new MappedFile(TinyModel.Folder(TinyModel.Llava).Graph("vision_encoder"));
        Assert.Null(EncoderSaliency.Add(OnnxGraph.Read(file.Memory)));
    }

    [Fact]
    public void Load_of_an_encoder_without_attention_leaves_saliency_to_the_features()
    {
        using var model = OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Llava));
        Assert.False(model.VisionEncoder.TellsSaliency);
    }

    [Theory]
    [InlineData(4, new[] { 1f, 2, 3, 4 })]
    [InlineData(5, new[] { 2f, 3, 4, 5 })]
    [InlineData(16, new[] { 3.5f, 5.5f, 11.5f, 13.5f })]
    [InlineData(17, new[] { 4.5f, 6.5f, 12.5f, 14.5f })]
    public void SaliencyGrid_of_patches_averages_each_tokens_own(int patches, float[] expected)
    {
        var grid = SaliencyGrid.Of(new VisionShape(8, 8, 2, 2, 1), patches)!;
        var tokens = new float[8];
        float[] counted = [.. Enumerable.Range(1, patches).Select(i => (float)i)];
        grid.Read([.. counted, .. counted.Select(value => 10 * value)], 2, tokens);
        Assert.Equal([.. expected, .. expected.Select(value => 10 * value)], tokens);
    }

    [Fact]
    public void SaliencyGrid_of_patches_that_fit_no_grid_does_not_exist() => Assert.Null(SaliencyGrid.Of(new VisionShape(8, 8, 2, 2, 1), 7));

    /// <summary>The plain style with its last softmax as an output, averaged here.</summary>
    private static (float[] Features, float[] Saliency) Reference(float[] pixels)
    {
        var drawing = new RandomEncoder(Shape, EncoderStyle.Plain, new RandomWeights(3).Tensor);
        var graph = drawing.Draw().With([], [], GraphValue.Of(drawing.LastSoftmax, ElementType.Float));
        using var session = new InferenceSession(graph.ToBytes(""));
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [Frames, 3, 32, 32]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["pixel_values"], [input], ["image_features", drawing.LastSoftmax]);
        var paid = outputs[1].GetTensorDataAsSpan<float>().ToArray(); // [frames, 4 heads, 16, 16]
        float[] received = [.. from frame in Enumerable.Range(0, Frames)
                               from patch in Enumerable.Range(0, 16)
                               select Enumerable.Range(0, 4 * 16).Average(row => paid[(((frame * 4 * 16) + row) * 16) + patch])];
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), received);
    }
}
