using System.Diagnostics;
using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines.Conversation;
using Streaming.Pipelines.Detail;

namespace Streaming.Pipelines;

/// <summary>The limits of one answer.</summary>
public sealed record AnsweringOptions
{
    /// <summary>Most visual tokens in a prompt. The default is 16 frames of 64 tokens, the length that the shipped model is trained at most.</summary>
    public int VisualTokenBudget { get; init; } = 1024;

    /// <summary>Most frames in a prompt: what the shipped model is trained with at most.</summary>
    public int MostFrames { get; init; } = 32;

    /// <summary>How many of the newest frames are thinned last.</summary>
    public int RecentFrames { get; init; } = 16;

    /// <summary>When the past is opened, and how much of it is read.</summary>
    public RecallOptions Recall { get; init; } = new();

    /// <summary>Most tokens of an answer.</summary>
    public int MaxNewTokens { get; init; } = 96;

    /// <summary>After this an answer ends with what it has.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The latest time that the model knows: the shipped one has been trained with whole seconds up to 600.</summary>
    public TimeSpan LongestTime { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Most characters of a question: two screens of text, more is no question.</summary>
    public int LongestQuestion { get; init; } = 4_000;

    /// <summary>Whether the model is given notes of perception.</summary>
    public bool ReadsNotes { get; init; } = true;

    /// <summary>Whether the model is given the earlier turns of a conversation. One that is not is asked what a question means by itself.</summary>
    public bool ReadsTurns { get; init; } = true;

    /// <summary>Why a question cannot be asked, in one line; null if it can.</summary>
    public string? Refuse(Question question) => question switch
    {
        _ when string.IsNullOrWhiteSpace(question.Text) => "the question is empty",
        _ when question.Text.Length > LongestQuestion =>
            $"the question has {question.Text.Length} characters, at most {LongestQuestion} are read",
        { From: { } from } when from < TimeSpan.Zero => "the start lies before the beginning of the film",
        { From: { } from, To: { } to } when to < from => "the end lies before the start",
        { MaxTokens: < 1 } => "an answer needs one token at least",
        _ => question.Reduction?.Refuse(),
    };
}

/// <summary>The reading half of a stream: memory, notes and question -> language model -> answer.</summary>
/// <param name="encoder">Encodes again what a question asks for in detail; null: what memory holds has to do.</param>
public sealed class Answering(ILanguageModel model, PromptBuilder prompts, InferenceQueue queue, AnsweringOptions options, int hidden, FrameEncoder? encoder = null)
{
    /// <summary>The answer where the stretch asked about holds no frame and no note; no model is asked.</summary>
    public const string NothingSeen = "nothing seen yet";

    /// <summary>The answer where nobody looked in the stretch that the question names; no model is asked.</summary>
    public const string NotSeenThen = "cannot tell: nothing was seen then";

    /// <summary>The answer where the stretch was seen and nothing is left of it; no model is asked.</summary>
    public const string GivenUp = "cannot tell: what was seen then has been given up";

    private readonly Recollection _recollection = new(options, queue, model as ITextEmbedder);
    private readonly Zoom? _zoom = encoder is null ? null : new Zoom(encoder);

    /// <summary>Why a question cannot be asked, in one line; null if it can.</summary>
    public string? Refuse(Question question) => options.Refuse(question) ??
        (question.Reduction?.Policy is { } policy && Reducers.ForQuestion(policy).ReadsQuestion && model is not ITextEmbedder
            ? $"policy {policy} needs a model that tells how it reads words, and {model.Name} does not"
            : null);

    /// <param name="memory">The memory as of <see cref="Question.To"/> or later.</param>
    /// <param name="seenUntil">The time of the last frame looked at, kept or not; what is asked about ends there at the latest.</param>
    /// <param name="sourceTokens">Tokens of all sampled frames in the stretch, for the account.</param>
    /// <param name="onText">Called with each piece of the answer as it is written.</param>
    /// <param name="unseen">What of the stream was not seen; null: nothing is known to be missing.</param>
    /// <param name="notes">What perception noted of the stream; null while it is off.</param>
    /// <param name="picture">The JPEG of the keyframe of a time, for models that look at pictures themselves; null where there is none any more.</param>
    /// <exception cref="ArgumentException">The question is one that <see cref="Refuse"/> refuses.</exception>
    /// <exception cref="InferenceException">The model gave no answer.</exception>
    public async Task<Answer> AskAsync(
        Question question, MemorySnapshot memory, TimeSpan seenUntil, long sourceTokens, Action<string>? onText = null,
        IReadOnlyList<Gap>? unseen = null, CancellationToken cancellation = default, NotebookSnapshot? notes = null,
        Func<TimeSpan, byte[]?>? picture = null)
    {
        if (Refuse(question) is { } refusal)
            throw new ArgumentException(refusal, nameof(question));
        long start = Stopwatch.GetTimestamp();
        TimeSpan until = question.To < seenUntil ? question.To.Value : seenUntil;
        var meant = FollowUp.Of(question.Text, question.Turns);
        string asked = question.Text.Trim();
        question = question with { Text = meant.Text };
        Recalled recalled = await StreamingTraces.SpanAsync(
            "recall", _ => _recollection.ReadAsync(question, meant, memory, question.From ?? TimeSpan.Zero, until, unseen ?? [], notes, cancellation)).ConfigureAwait(false);
        IReadOnlyList<Gap> gaps = AnswerGaps.Of(recalled.Scope, memory, unseen ?? [], question.To ?? question.Now ?? until);
        IReadOnlyList<Close> close = await LookCloserAsync(question, recalled, picture, cancellation).ConfigureAwait(false);
        VisualTokens kept = await ReduceAsync(question, recalled.Entries.Select(e => e.Tokens).ToArray().Join(hidden), cancellation).ConfigureAwait(false);
        VisualTokens seen = WithDetail(kept, close);
        var (times, sheet) = Tell(question, recalled, seen, notes);
        if (seen.Count == 0 && sheet.IsEmpty)
        {
            bool nobodyLooked = recalled.Plan is null && (!(question.From > until) || unseen?.Hides(recalled.Scope) == true);
            string nothing = nobodyLooked ? NotSeenThen : gaps.Any(gap => gap.Reason == GapReason.Compressed) ? GivenUp : NothingSeen;
            onText?.Invoke(nothing);
            return new Answer(nothing, [], new AnswerUsage(sourceTokens, 0, 0, 0), new AnswerTimings(default, default, default, Stopwatch.GetElapsedTime(start)), null, FinishReason.Stop) { Gaps = gaps };
        }
        VisualTokens told = times.Tell(seen);
        Prompt prompt = prompts.Build(told, times.Tell(options.ReadsTurns ? asked : meant.Text), options.ReadsTurns ? History.Of(question.Turns, times.Tell) : null, sheet.Text) with
        {
            Prefix = PrefixKey.Of(model.Name, question.Reduction?.Policy ?? "", told, memory.Source),
            Picture = picture,
        };
        RecalledTimes.PieceByPiece? pieces = onText is null || times.AreTold ? null : times.Restoring(onText);
        Completion completion = await queue.RunAsync(
            question.Turn,
            stop => StreamingTraces.SpanAsync($"chat {model.Name}", span => CompleteAsync(prompt, question, pieces is null ? onText : pieces.Append, span, stop)),
            cancellation).ConfigureAwait(false);
        pieces?.Finish();
        string text = times.Restore(completion.Text).Trim();
        return new Answer(
            text,
            Evidence.Of(text, question.Text, recalled, memory, sheet),
            new AnswerUsage(sourceTokens, seen.Count, completion.PromptTokens, completion.CompletionTokens, sheet.Lines.Length) { CachedTokens = completion.CachedTokens },
            new AnswerTimings(completion.Prefill, completion.DecodeSteps, completion.ModelTime, Stopwatch.GetElapsedTime(start)),
            model.Name,
            completion.Finish)
        { Gaps = gaps, Read = kept, Close = close };
    }

    /// <summary>The times that the model is told of what it reads, and the notes of the stretch in these.</summary>
    private (RecalledTimes Times, NoteSheet Sheet) Tell(Question question, Recalled recalled, VisualTokens seen, NotebookSnapshot? notes)
    {
        if (notes is null || !options.ReadsNotes || recalled.Plan is null)
            return (RecalledTimes.Of(seen, options.LongestTime), NoteSheet.Empty);
        RecallScope scope = recalled.Scope;
        // Notes are short: a question about now, which reads the newest frames only, has all notes of what it may ask about.
        TimeSpan from = scope.Kind == RecallKind.Recent ? question.From ?? TimeSpan.Zero : scope.From;
        var focus = new NoteFocus(question.Text, QuestionWords.Of(question.Text));
        List<TimeSpan> moments = [];
        if (scope.Until > options.LongestTime)
        {
            // Watches of a stretch read its frames together, at times that do not depend on which notes each of them needs.
            Write(question.Turn == InferenceClass.Watch ? null : focus, moment =>
            {
                moments.Add(moment);
                return 0;
            });
        }
        RecalledTimes times = RecalledTimes.Of(seen, options.LongestTime, moments);
        return (times, Write(focus, times.SecondOf));

        NoteSheet Write(NoteFocus? asked, Func<TimeSpan, long> tell) => NoteSheet.Of(notes, from, scope.Until, tell, asked);
    }

    /// <summary>The parts of pictures that are read besides what memory holds; none where no detail is asked for.</summary>
    private async Task<IReadOnlyList<Close>> LookCloserAsync(Question question, Recalled recalled, Func<TimeSpan, byte[]?>? picture, CancellationToken cancellation)
    {
        if (_zoom is null || picture is null || question.Turn != InferenceClass.Question || !(question.Detail ?? DetailGate.Opens(question.Text)))
            return [];
        float[] words = model is ITextEmbedder { KnowsLooks: true } ? await _recollection.WordsAsync(question, cancellation).ConfigureAwait(false) : [];
        return await _zoom.LookAsync(recalled.Entries, WordLikeness.Meaning(words, hidden), picture, cancellation).ConfigureAwait(false);
    }

    /// <summary>Each part behind its picture.</summary>
    private VisualTokens WithDetail(VisualTokens kept, IReadOnlyList<Close> close)
    {
        if (close.Count == 0)
            return kept;
        var parts = new List<VisualTokens>();
        int read = 0;
        foreach (IGrouping<TimeSpan, Close> those in close.GroupBy(part => part.Time))
        {
            int upTo = read;
            while (upTo < kept.Count && kept.Origins.Span[upTo].Time <= those.Key)
                upTo++;
            parts.Add(kept.Slice(read, upTo - read));
            parts.AddRange(those.Select(part => part.Tokens));
            read = upTo;
        }
        return parts.Append(kept.Slice(read, kept.Count - read)).ToArray().Join(hidden);
    }

    private async Task<Completion> CompleteAsync(Prompt prompt, Question question, Action<string>? onText, Activity? span, CancellationToken stop)
    {
        var limits = new GenerationLimits(Math.Min(question.MaxTokens ?? int.MaxValue, options.MaxNewTokens), options.Deadline) { Shape = question.Shape };
        Completion completion = await model.CompleteAsync(prompt, limits, onText, stop).ConfigureAwait(false);
        span.Tell(model.Name, completion);
        return completion switch
        {
            { Finish: FinishReason.Deadline } when string.IsNullOrWhiteSpace(completion.Text) =>
                throw new InferenceException(InferenceFault.Overdue, $"the model wrote nothing within {options.Deadline.TotalSeconds:0.#} s"),
            { Finish: FinishReason.Stop } when string.IsNullOrWhiteSpace(completion.Text) =>
                throw new InferenceException(InferenceFault.Failed, "the model ended its answer without a word"),
            _ => completion,
        };
    }

    private async Task<VisualTokens> ReduceAsync(Question question, VisualTokens seen, CancellationToken cancellation)
    {
        if (seen.Count == 0 || question.Reduction is not { Policy: { } policy } reduction)
            return seen;
        IQuestionReducer reducer = Reducers.ForQuestion(policy);
        float[] words = reducer.ReadsQuestion ? await _recollection.WordsAsync(question, cancellation).ConfigureAwait(false) : [];
        return reducer.Reduce(seen, words, reduction.Budget(seen.Count, options.VisualTokenBudget));
    }
}
