using System.Text.Json.Nodes;
using Streaming.Models;
using Streaming.Models.Onnx;

namespace Streaming.Oracle;

/// <summary>One question answered by the service's networks and by transformers.js.</summary>
/// <param name="Ours">What the service generated, with what it cost.</param>
/// <param name="Theirs">What transformers.js generated.</param>
public sealed record IdsComparison(SceneQuestion Asked, int[] PromptIds, Completion Ours, GeneratedIds Theirs)
{
    /// <summary>The prompt and the answer have the same token ids on both sides.</summary>
    public bool IsIdentical => PromptIds.AsSpan().SequenceEqual(Theirs.Prompt) && Ours.TokenIds.SequenceEqual(Theirs.Ids);

    /// <summary>Asks both sides the same questions about the same pixel values.</summary>
    public static async IAsyncEnumerable<IdsComparison> Run(OnnxVideoLanguageModel model, TransformersJs oracle, ulong seed, int questions)
    {
        var limits = new GenerationLimits(64, TimeSpan.FromMinutes(5));
        foreach (var asked in SceneQuestion.Of(model.Folder.Preprocessor, seed, questions))
        {
            var prompt = asked.Prompt(model);
            int[] counts = [.. Enumerable.Repeat(model.Manifest.Vision.TokensPerFrame, asked.Times.Count)];
            var theirs = oracle.Generate(model.Folder.Path, Messages(prompt), counts, asked.PixelValues, features: null, limits.MaxNewTokens);
            var ours = await model.LanguageModel.CompleteAsync(prompt, limits);
            yield return new IdsComparison(asked, model.Folder.PromptEncoder().Encode(prompt).TokenIds, ours, theirs);
        }
    }

    /// <summary>A prompt in the form that chat templates take.</summary>
    public static JsonArray Messages(Prompt prompt) => new([.. prompt.Messages.Select(message => OracleMessages.Message(
        message.Role,
        [.. message.Content.Select(part => part switch
        {
            TextPart text => OracleMessages.Text(text.Text),
            VideoPart => OracleMessages.Video(),
            _ => OracleMessages.Image(),
        })]))]);
}
