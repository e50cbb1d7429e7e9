using Streaming.Models.Hub;
using Streaming.Oracle;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests.Families;

/// <summary>SmolVLM2's layout against transformers.js on the same files, in every style and precision that it is published in.</summary>
[Collection("tiny")]
public sealed class SmolVlmTests(TinyModel tiny)
{
    private const string Question = "what colour is the large circle 😀 at 12?";

    [Theory]
    [InlineData(DecoderStyle.Contrib, Precision.Single, 0)]
    [InlineData(DecoderStyle.Contrib, Precision.Single, 1)]
    [InlineData(DecoderStyle.Contrib, Precision.Single, 2)]
    [InlineData(DecoderStyle.Contrib, Precision.Single, 7)]
    [InlineData(DecoderStyle.Contrib, Precision.Half, 3)]
    [InlineData(DecoderStyle.Contrib, Precision.FourBit, 3)]
    [InlineData(DecoderStyle.Contrib, Precision.FourBitHalf, 3)]
    [InlineData(DecoderStyle.Packed, Precision.Single, 3)]
    [InlineData(DecoderStyle.Packed, Precision.Half, 2)]
    [InlineData(DecoderStyle.Packed, Precision.FourBit, 2)]
    [InlineData(DecoderStyle.Packed, Precision.FourBitHalf, 2)]
    [InlineData(DecoderStyle.Plain, Precision.Single, 3)]
    [InlineData(DecoderStyle.Plain, Precision.Half, 2)]
    [InlineData(DecoderStyle.Plain, Precision.FourBit, 2)]
    [InlineData(DecoderStyle.Plain, Precision.FourBitHalf, 2)]
    public async Task CompleteAsync_of_whole_frames_gives_the_ids_of_transformers_js(DecoderStyle style, Precision precision, int frames)
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm, style, precision);
        float[] pixels = TinyModel.Pixels(model, frames, seed: frames + 20);
        var seen = frames == 0 ? TinyModel.Nothing(model) : TinyModel.Encode(model, pixels, frames);
        var prompt = new PromptBuilder(model.Manifest).Build(seen, Question);
        int[] counts = [.. Enumerable.Repeat(model.Manifest.Vision.TokensPerFrame, frames)];
        await tiny.AssertIdentical(model, prompt, counts, pixels, features: null, precision.Dtype());
    }

    [Theory]
    [InlineData(DecoderStyle.Contrib)]
    [InlineData(DecoderStyle.Plain)]
    public async Task CompleteAsync_of_weights_as_external_data_gives_the_ids_of_transformers_js(DecoderStyle style)
    {
        var model = tiny.DrawnExternally(TinyFolder.SmolVlm, style);
        float[] pixels = TinyModel.Pixels(model, 2, seed: 12);
        await tiny.AssertIdentical(model, new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, pixels, 2), Question), [16, 16], pixels, features: null);
    }

    [Theory]
    [InlineData(DecoderStyle.Contrib, Precision.Single, new[] { 5 })]
    [InlineData(DecoderStyle.Contrib, Precision.FourBit, new[] { 1, 16, 3, 7 })]
    [InlineData(DecoderStyle.Contrib, Precision.Half, new[] { 4, 9 })]
    [InlineData(DecoderStyle.Packed, Precision.Single, new[] { 2, 9, 1 })]
    public async Task CompleteAsync_of_merged_tokens_gives_the_ids_of_transformers_js(DecoderStyle style, Precision precision, int[] counts)
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm, style, precision);
        var merged = TinyModel.Merged(model, counts, seed: 31);
        var prompt = new PromptBuilder(model.Manifest).Build(merged, Question);
        await tiny.AssertIdentical(model, prompt, counts, pixels: null, merged.Features.ToArray(), precision.Dtype());
    }

    [Fact]
    public async Task CompleteAsync_of_a_second_turn_gives_the_ids_of_transformers_js()
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm);
        float[] pixels = TinyModel.Pixels(model, 2, 11);
        ChatMessage[] history = [new("user", [new TextPart("how many?")]), new("assistant", [new TextPart("two")])];
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, pixels, 2), "and now?", history);
        await tiny.AssertIdentical(model, prompt, [16, 16], pixels, features: null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void PromptEncoder_of_whole_frames_writes_what_the_processor_of_transformers_js_writes(int frames)
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm);
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Merged(model, [.. Enumerable.Repeat(16, frames)], seed: 1), Question);
        int[] expected = tiny.Oracle.ProcessedIds(model.Folder.Path, IdsComparison.Messages(prompt), frames, model.Folder.Preprocessor.Width);
        Assert.Equal(expected, model.Folder.PromptEncoder().Encode(prompt).TokenIds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Encode_of_frames_gives_the_features_of_transformers_js(int frames)
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm);
        float[] pixels = TinyModel.Pixels(model, frames, seed: 5);
        float[] expected = tiny.Oracle.Encode(model.Folder.Path, pixels, frames);
        float[] actual = TinyModel.Encode(model, pixels, frames).Features.ToArray();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Load_of_a_frame_with_several_patches_a_token_tells_the_saliency_of_each()
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm);
        float[] pixels = TinyModel.Pixels(model, 2, seed: 6), features = new float[2 * 16 * 96], saliency = new float[2 * 16];
        Assert.True(model.VisionEncoder.TellsSaliency);
        model.VisionEncoder.Encode(pixels, 2, features, saliency);
        Assert.Equal(2f / 4, saliency.Sum(), 1e-4); // each frame's 64 patches share 1, a token has the mean of its four
    }

    [Fact]
    public void Load_of_a_graph_with_other_inputs_reports_each()
    {
        string parent = Directory.CreateTempSubdirectory("smolvlm-").FullName;
        try
        {
            string folder = TinyFolder.Write(TinyFolder.SmolVlm, parent, DecoderStyle.Contrib, Precision.Single);
            File.Copy(Path.Combine(TransformersJs.Folder, TinyModel.Llava, "onnx", "vision_encoder.onnx"), Path.Combine(folder, "onnx", "vision_encoder.onnx"), overwrite: true);
            string message = Assert.Throws<InvalidModelException>(() => OnnxVideoLanguageModel.Load(ModelFolder.Open(folder)).Dispose()).Message;
            Assert.Matches(@"pixel_values is Float \[.*\], expected Float \[1, any, 3, 32, 32\]", message);
            Assert.Contains("pixel_attention_mask is missing", message, StringComparison.Ordinal);
            Assert.Contains("image_features is Float", message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }
}
