using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests.Families;

/// <summary>LLaVA-OneVision's layout as it is published against transformers.js on the same files; pooling is none of the oracle's.</summary>
[Collection("tiny")]
public sealed class LlavaOnevisionTests(TinyModel tiny)
{
    private const string Question = "what colour is the large circle 😀 at 12?";

    [Theory]
    [InlineData(DecoderStyle.Plain, Precision.Single, 0)]
    [InlineData(DecoderStyle.Plain, Precision.Single, 1)]
    [InlineData(DecoderStyle.Plain, Precision.Single, 5)]
    [InlineData(DecoderStyle.Plain, Precision.FourBit, 2)]
    [InlineData(DecoderStyle.Contrib, Precision.Half, 3)]
    [InlineData(DecoderStyle.Contrib, Precision.FourBitHalf, 2)]
    public async Task CompleteAsync_of_whole_frames_gives_the_ids_of_transformers_js(DecoderStyle style, Precision precision, int frames)
    {
        var model = tiny.Drawn(TinyFolder.Onevision, style, precision);
        var seen = frames == 0 ? TinyModel.Nothing(model) : TinyModel.Encode(model, TinyModel.Pixels(model, frames, seed: frames + 40), frames);
        await AssertIdentical(model, seen, precision);
    }

    [Theory]
    [InlineData(new[] { 4 })]
    [InlineData(new[] { 1, 9, 3, 2 })]
    public async Task CompleteAsync_of_merged_tokens_gives_the_ids_of_transformers_js(int[] counts)
    {
        var model = tiny.Drawn(TinyFolder.Onevision, DecoderStyle.Plain);
        await AssertIdentical(model, TinyModel.Merged(model, counts, seed: 51), Precision.Single);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Encode_of_frames_pools_the_features_of_transformers_js(int frames)
    {
        var model = tiny.Drawn(TinyFolder.Onevision, DecoderStyle.Plain);
        var shape = model.Manifest.Vision;
        Assert.Equal((5, 5, 3, 3), (shape.EncodedRows, shape.EncodedColumns, shape.GridRows, shape.GridColumns));
        float[] pixels = TinyModel.Pixels(model, frames, seed: 7);
        float[] whole = tiny.Oracle.Encode(model.Folder.Path, pixels, frames), expected = new float[frames * 9 * 64];
        Assert.Equal(frames * 25 * 64, whole.Length);
        new BilinearPool(5, 5, 3, 3).Pool(whole, frames, 64, expected);
        Assert.All(expected.Zip(TinyModel.Encode(model, pixels, frames).Features.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Encode_tells_the_saliency_of_pooled_tokens()
    {
        var model = tiny.Drawn(TinyFolder.Onevision, DecoderStyle.Plain);
        float[] features = new float[2 * 9 * 64], saliency = new float[2 * 9];
        Assert.True(model.VisionEncoder.TellsSaliency);
        model.VisionEncoder.Encode(TinyModel.Pixels(model, 2, seed: 8), 2, features, saliency);
        Assert.All(saliency, share => Assert.InRange(share, 0.01f, 0.2f)); // 25 patches share 1
        Assert.True(saliency.Max() > saliency.Min());
    }

    private async Task AssertIdentical(OnnxVideoLanguageModel model, VisualTokens seen, Precision precision)
    {
        var prompt = new PromptBuilder(model.Manifest).Build(seen, Question);
        int[] counts = seen.Count == 0 ? [] : [seen.Count];
        await tiny.AssertIdentical(model, prompt, counts, pixels: null, seen.Features.ToArray(), precision.Dtype());
    }
}
