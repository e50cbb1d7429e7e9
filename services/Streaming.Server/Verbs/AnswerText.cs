using System.Globalization;
using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Server.Films;
using Streaming.Server.Questions;

namespace Streaming.Server.Verbs;

/// <summary>Answers as documents and as lines for people.</summary>
internal static class AnswerText
{
    public static AnswerDocument Document(Answer answer, Sight sight) => new(
        answer.Text,
        [.. answer.Citations.Select(c => new CitationDocument(c.Start.TotalSeconds, c.End.TotalSeconds, sight.Film!.PictureOf(c.Keyframe)))],
        sight.Film!.Facts.Frames,
        new UsageDocument(answer.Usage.VisualTokensSource, answer.Usage.VisualTokensKept, answer.Usage.PromptTokens, answer.Usage.CompletionTokens, answer.Usage.Notes),
        sight.Timings with { Prefill = answer.Timings.Prefill.TotalSeconds, DecodeSteps = answer.Timings.DecodeSteps.TotalSeconds },
        answer.Model,
        Gaps(answer));

    /// <summary>What of the stretch was not seen or has been given up.</summary>
    public static GapDocument[] Gaps(Answer answer) => [.. answer.Gaps.Select(gap => GapDocuments.Of(gap, Clock))];

    /// <summary>What the answer rests on and what it cost, in one line.</summary>
    public static string Account(Answer answer)
    {
        if (answer.Citations.Count == 0)
            return "no frame lies in that stretch";
        string spans = string.Join(", ", answer.Citations.Select(c => $"{Clock(c.Start)} - {Clock(c.End)}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"rests on {spans}; read {answer.Usage.VisualTokensKept:N0} of {answer.Usage.VisualTokensSource:N0} visual tokens; {answer.Timings.Total.TotalSeconds:0.00} s");
    }

    /// <summary>Minutes, seconds and tenths; hours where there are any.</summary>
    public static string Clock(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss\.f" : @"m\:ss\.f", CultureInfo.InvariantCulture);
}
