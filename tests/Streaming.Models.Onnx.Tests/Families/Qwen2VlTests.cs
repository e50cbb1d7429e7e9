using Streaming.Models.Hub;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests.Families;

/// <summary>Qwen2-VL's layout against transformers.js on the same files; positions on three axes are its own for whole frames.</summary>
[Collection("tiny")]
public sealed class Qwen2VlTests(TinyModel tiny)
{
    private const string Question = "what colour is the large circle 😀 at 12?";

    [Theory]
    [InlineData(Precision.Single, 1)]
    [InlineData(Precision.Single, 2)]
    [InlineData(Precision.Single, 5)]
    [InlineData(Precision.Half, 2)]
    [InlineData(Precision.FourBit, 3)]
    [InlineData(Precision.FourBitHalf, 2)]
    public async Task CompleteAsync_of_whole_frames_gives_the_ids_of_transformers_js(Precision precision, int frames)
    {
        var model = tiny.Drawn(TinyFolder.Qwen2Vl, DecoderStyle.Plain, precision);
        float[] pixels = TinyModel.Pixels(model, frames, seed: frames + 60);
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, pixels, frames), Question);
        await tiny.AssertIdentical(model, prompt, [.. Enumerable.Repeat(8, frames)], pixels, features: null, precision.Dtype());
    }

    /// <summary>transformers.js 4.3.1 is told the positions: for text alone it adds the prompt's length where PyTorch's version subtracts it.</summary>
    [Fact]
    public async Task CompleteAsync_of_text_alone_gives_the_ids_of_transformers_js_at_the_same_places()
    {
        var model = tiny.Drawn(TinyFolder.Qwen2Vl, DecoderStyle.Plain);
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Nothing(model), Question);
        TokenPositions positions = model.Folder.Family.Positions(model.Folder.PromptEncoder().Encode(prompt), model.Manifest);
        await tiny.AssertIdentical(model, prompt, [], pixels: null, features: null, positions: positions);
    }

    [Fact]
    public async Task CompleteAsync_of_weights_as_external_data_gives_the_ids_of_transformers_js()
    {
        var model = tiny.DrawnExternally(TinyFolder.Qwen2Vl, DecoderStyle.Plain);
        float[] pixels = TinyModel.Pixels(model, 2, seed: 71);
        await tiny.AssertIdentical(model, new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, pixels, 2), Question), [8, 8], pixels, features: null);
    }

    [Theory]
    [InlineData(new[] { 3 }, 1)]
    [InlineData(new[] { 8, 1, 5 }, 2)]
    public async Task CompleteAsync_of_kept_tokens_gives_the_ids_of_transformers_js_at_their_places_in_the_whole(int[] counts, int seed)
    {
        var model = tiny.Drawn(TinyFolder.Qwen2Vl, DecoderStyle.Plain);
        var (whole, kept, rows) = Kept(model, counts, seed);
        var builder = new PromptBuilder(model.Manifest);
        Prompt prompt = builder.Build(kept, Question);
        EncodedPrompt before = model.Folder.PromptEncoder().Encode(builder.Build(whole, Question)), after = model.Folder.PromptEncoder().Encode(prompt);
        TokenPositions all = model.Folder.Family.Positions(before, model.Manifest), some = model.Folder.Family.Positions(after, model.Manifest);
        // Dropping the columns of the tokens that are gone from the whole prompt's positions leaves those of the kept.
        int visual = 0, image = model.Manifest.ImageTokenId;
        int[] left = [.. Enumerable.Range(0, before.TokenIds.Length).Where(i => before.TokenIds[i] != image || rows.Contains(visual++))];
        Assert.Equal(after.TokenIds, left.Select(i => before.TokenIds[i]));
        for (int axis = 0; axis < 3; axis++)
            Assert.Equal(left.Select(i => all[axis, i]), Enumerable.Range(0, after.TokenIds.Length).Select(i => some[axis, i]));
        Assert.Equal(all.Next, some.Next);
        await tiny.AssertIdentical(model, prompt, counts, pixels: null, kept.Features.ToArray(), positions: some);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Encode_of_frames_gives_the_features_of_transformers_js(int frames)
    {
        var model = tiny.Drawn(TinyFolder.Qwen2Vl, DecoderStyle.Plain);
        Assert.Equal(new VisionShape(32, 16, 2, 4, 64), model.Manifest.Vision);
        float[] pixels = TinyModel.Pixels(model, frames, seed: 9);
        float[] expected = tiny.Oracle.Encode(model.Folder.Path, pixels, frames), actual = TinyModel.Encode(model, pixels, frames).Features.ToArray();
        Assert.Equal(frames * 8 * 64, expected.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public async Task CompleteAsync_in_short_runs_gives_the_same_ids()
    {
        var model = tiny.Drawn(TinyFolder.Qwen2Vl, DecoderStyle.Plain);
        using var pieces = OnnxVideoLanguageModel.Load(model.Folder, new OnnxOptions { LongestRun = 7 });
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, TinyModel.Pixels(model, 3, seed: 10), 3), Question);
        var expected = await model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(24));
        Assert.Equal(expected.TokenIds, (await pieces.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(24))).TokenIds);
    }

    [Fact]
    public void Load_of_a_decoder_without_three_axes_reports_position_ids()
    {
        string parent = Directory.CreateTempSubdirectory("qwen-").FullName;
        try
        {
            string folder = TinyFolder.Write(TinyFolder.Qwen2Vl, parent, DecoderStyle.Plain, Precision.Single);
            var shape = new DecoderShape(2, 64, 128, 4, 2, tiny.Drawn(TinyFolder.Qwen2Vl, DecoderStyle.Plain).Folder.Tokenizer.VocabularySize);
            var flat = new RandomDecoder(shape, DecoderStyle.Plain, new RandomWeights(1).Tensor).Draw();
            File.WriteAllBytes(Path.Combine(folder, "onnx", "decoder_model_merged.onnx"), flat.ToBytes(""));
            string message = Assert.Throws<InvalidModelException>(() => OnnxVideoLanguageModel.Load(ModelFolder.Open(folder)).Dispose()).Message;
            Assert.Contains("position_ids is Int64 [-1, -1], expected Int64 [3, any, any]", message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    /// <summary>Whole frames, some of their tokens, and which rows those are.</summary>
    private static (VisualTokens Whole, VisualTokens Kept, HashSet<int> Rows) Kept(OnnxVideoLanguageModel model, int[] counts, int seed)
    {
        var random = new Random(seed);
        VisualTokens whole = TinyModel.Encode(model, TinyModel.Pixels(model, counts.Length, seed), counts.Length);
        int[] rows = [.. counts.SelectMany((count, frame) => Enumerable.Range(frame * 8, 8).OrderBy(_ => random.Next()).Take(count).Order())];
        float[] ones = [.. Enumerable.Repeat(1f, rows.Length)];
        var kept = new VisualTokens(
            whole.Hidden, rows.SelectMany(row => whole[row].ToArray()).ToArray(), rows.Select(row => whole.Origins.Span[row]).ToArray(), ones, ones);
        return (whole, kept, [.. rows]);
    }
}
