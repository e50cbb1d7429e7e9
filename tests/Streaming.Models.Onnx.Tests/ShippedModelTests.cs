using System.Globalization;
using Streaming.Models.Hub;
using Streaming.Oracle;

namespace Streaming.Models.Onnx.Tests;

/// <summary>The model that ships, on films of the world, against transformers.js; <c>./run bench oracle</c> asks 200 questions.</summary>
[Collection("tiny")]
public sealed class ShippedModelTests(TinyModel tiny)
{
    private const ulong Seed = 424_242;

    private static int Questions =>
        int.Parse(Environment.GetEnvironmentVariable("STREAMING_ORACLE_QUESTIONS") ?? "4", CultureInfo.InvariantCulture);

    [Fact]
    public async Task CompleteAsync_of_scenes_gives_the_ids_of_transformers_js()
    {
        using var model = OnnxVideoLanguageModel.Load(ModelFolder.Open(Path.Combine(TransformersJs.Repository(), "models", "scenes")));
        await foreach (var comparison in IdsComparison.Run(model, tiny.Oracle, Seed, Questions))
        {
            Assert.Equal(comparison.Theirs.Prompt, comparison.PromptIds);
            Assert.Equal(comparison.Theirs.Ids, comparison.Ours.TokenIds);
            Assert.Equal(FinishReason.Stop, comparison.Ours.Finish);
        }
    }

    [Fact]
    public async Task CompleteAsync_of_a_question_it_does_not_know_has_a_word_all_the_same()
    {
        using var model = OnnxVideoLanguageModel.Load(ModelFolder.Open(Path.Combine(TransformersJs.Repository(), "models", "scenes")));
        foreach (string question in (string[])["?", "hello", "What is there?", "What do you see?", "nothing", "Tell me.", "...", "42"])
        {
            var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, new float[model.Folder.Preprocessor.ValuesPerFrame], 1), question);
            var completion = await model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(8));
            Assert.False(string.IsNullOrWhiteSpace(completion.Text), $"{question}: {string.Join(' ', completion.TokenIds)}");
        }
    }
}
