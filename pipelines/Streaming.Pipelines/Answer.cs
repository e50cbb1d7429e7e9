using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Models;
using Streaming.Models.Shapes;
using Streaming.Pipelines.Conversation;
using Streaming.Pipelines.Detail;

namespace Streaming.Pipelines;

/// <summary>What somebody asks, about which stretch of a stream. Nothing outside the stretch is used.</summary>
/// <param name="From">The first moment asked about; null: the beginning.</param>
/// <param name="To">The moment the answer is "as of"; null: the end, or now.</param>
/// <param name="MaxTokens">Most tokens of the answer; null: as many as the answering allows.</param>
/// <param name="Now">The stream's own time when the question is asked, which may be later than all that was seen; null: the last moment asked about.</param>
/// <param name="Clock">What the stream's times mean on the clock, for questions that name a time of day; null: nothing.</param>
/// <param name="Reduction">How what was kept of the stretch is made fewer for this question; null: it is read as it is kept.</param>
/// <param name="Turn">Before what it goes in the line in front of the model. A watch reads the whole stretch that it is asked about, whatever its words.</param>
public sealed record Question(
    string Text, TimeSpan? From = null, TimeSpan? To = null, int? MaxTokens = null, QuestionReduction? Reduction = null, StreamClock? Clock = null, TimeSpan? Now = null,
    InferenceClass Turn = InferenceClass.Question)
{
    /// <summary>Whether kept pictures are looked at again, enlarged; null: if the question's words ask for detail.</summary>
    public bool? Detail { get; init; }

    /// <summary>What the answer has to look like; null: anything.</summary>
    public AnswerShape? Shape { get; init; }

    /// <summary>What was asked and answered before it in the same conversation, in order; none: it stands alone.</summary>
    public IReadOnlyList<Turn> Turns { get; init; } = [];
}

/// <summary>An answer with its evidence and its cost.</summary>
/// <param name="Citations">The spans it rests on, in order of time; empty when nothing was seen.</param>
/// <param name="Model">Null when no model was asked because nothing was seen.</param>
public sealed record Answer(
    string Text, IReadOnlyList<Citation> Citations, AnswerUsage Usage, AnswerTimings Timings, string? Model, FinishReason Finish)
{
    /// <summary>What of the stretch that the answer is about was not seen, or has been given up, in order of time.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];

    /// <summary>The visual tokens of memory that it was written from, at the times of the stream; null where no model was asked.</summary>
    public VisualTokens? Read { get; init; }

    /// <summary>The parts of kept pictures that were looked at again for it, in order of time.</summary>
    public IReadOnlyList<Close> Close { get; init; } = [];
}

/// <param name="Keyframe">The picture that shows the end of the span.</param>
public sealed record Citation(TimeSpan Start, TimeSpan End, Keyframe Keyframe);

/// <param name="VisualTokensSource">Tokens of the sampled frames in the stretch, had each been encoded and none been removed.</param>
/// <param name="VisualTokensKept">Tokens that the language model read.</param>
/// <param name="Notes">Lines of notes that it read.</param>
public sealed record AnswerUsage(long VisualTokensSource, int VisualTokensKept, int PromptTokens, int CompletionTokens, int Notes = 0)
{
    /// <summary>Of the prompt's tokens, those that the model had read for the prompt before.</summary>
    public int CachedTokens { get; init; }
}

/// <param name="Model">Inside the model's own runs; the rest of the total is the service's overhead.</param>
public sealed record AnswerTimings(TimeSpan Prefill, TimeSpan DecodeSteps, TimeSpan Model, TimeSpan Total);
