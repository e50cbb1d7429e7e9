namespace Streaming.Models.Onnx.Tests;

/// <summary>The service's own path against transformers.js on the same files: prompt ids and generated ids must be equal.</summary>
[Collection("tiny")]
public sealed class IdenticalIdsTests(TinyModel tiny)
{
    private const string Question = "what colour is the large circle 😀 at 12?";

    [Theory]
    [InlineData(TinyModel.Llava, 0, 1)]
    [InlineData(TinyModel.Llava, 1, 2)]
    [InlineData(TinyModel.Llava, 2, 3)]
    [InlineData(TinyModel.Llava, 7, 4)]
    [InlineData(TinyModel.Bare, 0, 5)]
    [InlineData(TinyModel.Bare, 1, 6)]
    [InlineData(TinyModel.Bare, 4, 7)]
    public async Task CompleteAsync_of_whole_frames_gives_the_ids_of_transformers_js(string name, int frames, int seed)
    {
        var model = tiny[name];
        float[] pixels = TinyModel.Pixels(model, frames, seed);
        var seen = frames == 0 ? TinyModel.Nothing(model) : TinyModel.Encode(model, pixels, frames);
        var prompt = new PromptBuilder(model.Manifest).Build(seen, Question);
        int[] counts = [.. Enumerable.Repeat(model.Manifest.Vision.TokensPerFrame, frames)];
        await tiny.AssertIdentical(model, prompt, counts, pixels, features: null);
    }

    [Theory]
    [InlineData(TinyModel.Llava, new[] { 5 }, 8)]
    [InlineData(TinyModel.Llava, new[] { 1, 16, 3, 7 }, 9)]
    [InlineData(TinyModel.Bare, new[] { 2, 9 }, 10)]
    public async Task CompleteAsync_of_merged_tokens_gives_the_ids_of_transformers_js(string name, int[] counts, int seed)
    {
        var model = tiny[name];
        var merged = TinyModel.Merged(model, counts, seed);
        var prompt = new PromptBuilder(model.Manifest).Build(merged, Question);
        await tiny.AssertIdentical(model, prompt, counts, pixels: null, merged.Features.ToArray());
    }

    [Fact]
    public async Task CompleteAsync_of_a_second_turn_gives_the_ids_of_transformers_js()
    {
        var model = tiny[TinyModel.Llava];
        float[] pixels = TinyModel.Pixels(model, 1, 11);
        ChatMessage[] history = [new("user", [new TextPart("how many?")]), new("assistant", [new TextPart("two")])];
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, pixels, 1), "and now?", history);
        await tiny.AssertIdentical(model, prompt, [model.Manifest.Vision.TokensPerFrame], pixels, features: null);
    }

    [Fact]
    public async Task CompleteAsync_with_a_cache_in_half_precision_gives_the_ids_of_transformers_js()
    {
        using var model = OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Bare), new OnnxOptions { Dtype = "fp16" });
        float[] pixels = TinyModel.Pixels(model, 2, 13);
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, pixels, 2), Question);
        int[] counts = [.. Enumerable.Repeat(model.Manifest.Vision.TokensPerFrame, 2)];
        await tiny.AssertIdentical(model, prompt, counts, pixels, features: null, dtype: "fp16");
    }
}
