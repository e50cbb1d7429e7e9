using Streaming.Contracts;
using Streaming.Pipelines;

namespace Streaming.Server.Questions;

/// <summary>Answers as the API shows them: citations name their source, their moments and the path of their picture.</summary>
internal static class AnswerDocuments
{
    internal static AnswerDocument Of(Answer answer, Sighting sighting) => new(
        answer.Text, Citations(answer, sighting, isOneOfSeveral: false), sighting.Frames, Usage(answer), Timings(answer), answer.Model, GapDocuments.Of(answer, sighting, isOneOfSeveral: false))
    {
        Detail = Detail([(sighting, answer)]),
    };

    /// <param name="restsOn">Whether the answer rests on what the i-th source saw.</param>
    internal static AnswerDocument Of(string text, IReadOnlyList<(Sighting Sighting, Answer Answer)> parts, Func<int, bool> restsOn) => new(
        text,
        [.. parts.Index().Where(part => restsOn(part.Index)).SelectMany(part => Citations(part.Item.Answer, part.Item.Sighting, isOneOfSeveral: true))],
        parts.Select(part => part.Sighting.Frames).Aggregate((a, b) => new FrameCounts(
            a.Decoded + b.Decoded, a.Sampled + b.Sampled, a.Kept + b.Kept, a.Unreadable + b.Unreadable, a.Reused + b.Reused)),
        parts.Select(part => Usage(part.Answer)).Aggregate((a, b) => new UsageDocument(
            a.VisualTokensSource + b.VisualTokensSource, a.VisualTokensKept + b.VisualTokensKept, a.PromptTokens + b.PromptTokens, a.CompletionTokens + b.CompletionTokens, a.Notes + b.Notes)),
        parts.Select(part => Timings(part.Answer)).Aggregate((a, b) => new TimingsDocument(0, 0, 0, a.Prefill + b.Prefill, a.DecodeSteps + b.DecodeSteps)),
        parts.Select(part => part.Answer.Model).FirstOrDefault(model => model is not null),
        [.. parts.SelectMany(part => GapDocuments.Of(part.Answer, part.Sighting, isOneOfSeveral: true))])
    {
        Detail = Detail(parts),
    };

    /// <summary>Where a keyframe's picture is served.</summary>
    internal static string PictureOf(SourceName source, int number) => $"{source.Path}/keyframes/{number}.jpg";

    private static CitationDocument[] Citations(Answer answer, Sighting sighting, bool isOneOfSeveral) => [.. answer.Citations.Select(citation => new CitationDocument(
        citation.Start.TotalSeconds, citation.End.TotalSeconds, PictureOf(sighting.Source, citation.Keyframe.Number),
        isOneOfSeveral || sighting.Source.Kind == SourceKind.Stream ? sighting.Source.Name : null,
        sighting.StartedAt + citation.Start, sighting.StartedAt + citation.End))];

    private static DetailDocument[]? Detail(IReadOnlyList<(Sighting Sighting, Answer Answer)> parts)
    {
        DetailDocument[] seen = [.. parts.SelectMany(part => part.Answer.Close.Select(close => new DetailDocument(
            close.Time.TotalSeconds, close.Part.Left, close.Part.Top, close.Part.Width, close.Part.Height, parts.Count > 1 ? part.Sighting.Source.Name : null)))];
        return seen.Length > 0 ? seen : null;
    }

    private static UsageDocument Usage(Answer answer) =>
        new(answer.Usage.VisualTokensSource, answer.Usage.VisualTokensKept, answer.Usage.PromptTokens, answer.Usage.CompletionTokens, answer.Usage.Notes);

    private static TimingsDocument Timings(Answer answer) => new(0, 0, 0, answer.Timings.Prefill.TotalSeconds, answer.Timings.DecodeSteps.TotalSeconds);
}
