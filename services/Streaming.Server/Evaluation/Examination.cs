using System.Runtime.CompilerServices;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Evaluation;

/// <summary>How a benchmark is put to a model.</summary>
/// <param name="Policy">Which reducer.</param>
/// <param name="Retain">Share of the visual tokens that it may keep, (0, 1].</param>
/// <param name="Frames">Frames of each film, evenly spread.</param>
internal sealed record EvaluationOptions(string Policy, double Retain, int Frames);

/// <summary>A reply beside what it should have been.</summary>
/// <param name="Chosen">The letter that the reply chose, or its words; null if it chose nothing or the film could not be seen.</param>
/// <param name="Problem">Why the film could not be seen; null if it could.</param>
internal sealed record EvaluationMark(EvaluationItem Item, string Reply, string? Chosen, bool IsRight, int TokensIn, int TokensKept, string? Problem);

/// <summary>Public benchmarks on any model folder: frames evenly spread over a film, a reducer, the question, and a strict reading of the reply.</summary>
internal sealed class Examination(VideoModel model, Decoder decoder, EvaluationOptions options)
{
    /// <summary>More than any option or short answer has.</summary>
    private static readonly GenerationLimits Limits = new(MaxNewTokens: 32, TimeSpan.FromMinutes(10));

    private readonly FrameEncoder _encoder = model.EncoderFor(InferenceClass.Film);
    private readonly PromptBuilder _prompts = new(model.Manifest);

    /// <summary>Marks item after item. Items about one film should follow one another: it is seen once.</summary>
    public async IAsyncEnumerable<EvaluationMark> RunAsync(
        IEnumerable<EvaluationItem> items, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Glance glance = new("", null, 0, null);
        foreach (EvaluationItem item in items)
        {
            if (glance.Video != item.Video)
                glance = await LookAsync(item.Video, cancellation).ConfigureAwait(false);
            yield return await MarkAsync(item, glance, cancellation).ConfigureAwait(false);
        }
    }

    private sealed record Glance(string Video, VisualTokens? Kept, int TokensIn, string? Problem);

    private async Task<Glance> LookAsync(string video, CancellationToken cancellation)
    {
        var (tokens, failure) = await FilmGlance.SeeAsync(decoder, _encoder, new FileSource(video), options.Frames, cancellation).ConfigureAwait(false);
        if (tokens is null)
            return new Glance(video, null, 0, failure!.Message);
        int budget = Math.Max(1, (int)(tokens.Count * options.Retain));
        return new Glance(video, Reducers.ForClip(options.Policy).Reduce(tokens, budget), tokens.Count, null);
    }

    private async Task<EvaluationMark> MarkAsync(EvaluationItem item, Glance glance, CancellationToken cancellation)
    {
        if (glance.Kept is null)
            return new EvaluationMark(item, "", null, false, 0, 0, glance.Problem);
        Prompt prompt = _prompts.Build(glance.Kept, OptionLetter.Ask(item.Question, item.Options));
        string reply = (await model.Language.CompleteAsync(prompt, Limits, cancellation: cancellation).ConfigureAwait(false)).Text.Trim();
        string? chosen = item.Options.Count > 0 ? OptionLetter.Parse(reply, item.Options.Count) : reply;
        return new EvaluationMark(item, reply, chosen, IsRight(item, chosen), glance.TokensIn, glance.Kept.Count, null);
    }

    /// <summary>A letter has to be the very one; words may differ in case and in a full stop.</summary>
    private static bool IsRight(EvaluationItem item, string? chosen) => item.Options.Count > 0
        ? chosen == item.Answer
        : string.Equals(chosen?.TrimEnd('.'), item.Answer.Trim().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
