using System.Runtime.CompilerServices;
using Streaming.Contracts;
using Streaming.Pipelines.Conversation;

namespace Streaming.Server.Questions;

/// <summary>
/// A question about several sources that are on several machines: each is asked where it is, where what is stated besides is noted by its
/// clock, and the answer is made of theirs as <see cref="QuestionDesk"/> makes it of sources that are all here.
/// </summary>
/// <param name="ask">Asks one source.</param>
internal sealed class ComposedQuestion(IConversations conversations, Func<AskRequest, CancellationToken, IAsyncEnumerable<AnswerPiece>> ask)
{
    internal async IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        SourceName[] sources = [.. request.Sources.Distinct()];
        if (Refuse(request, sources) is { } refused)
        {
            yield return new AnswerPiece(Problem: refused);
            yield break;
        }
        SaidTurn[] said = [.. request.Conversation is { } past ? QuestionDesk.Told((await conversations.FindAsync(past).ConfigureAwait(false)).Turns) : [], .. request.Said];
        Message message = request.Conversation is null ? new Message([], request.Question) : Message.Of(request.Question, QuestionDesk.TurnsOf(request with { Said = said }, sources[0]));
        var composition = Composition.Of(message.Question);
        AskRequest each = request with { Question = composition.Question, Stated = message.Statements, MaxTokens = request.MaxTokens / sources.Length, Conversation = null, Said = said };
        AnswerPiece[] answers = await Task.WhenAll(sources.Select(source => LastAsync(each with { Sources = [source] }, cancellation))).ConfigureAwait(false);
        if (answers.FirstOrDefault(answer => answer.Answer is null) is { } failed)
        {
            yield return failed;
            yield break;
        }
        (SourceName Source, AnswerDocument Answer)[] parts = [.. sources.Zip(answers, (source, answer) => (source, answer.Answer!))];
        AnswerDocument whole = Compose(composition, parts);
        if (message.Question.Length == 0)
            whole = whole with { Answer = QuestionDesk.Noted };
        if (request.Conversation is { } name)
            whole = whole with { Conversation = await conversations.AddAsync(name, request.Question, whole.Answer, [.. parts.Select(part => PartOf(part.Source, part.Answer))]).ConfigureAwait(false) };
        yield return new AnswerPiece(Text: whole.Answer);
        yield return new AnswerPiece(Answer: whole, IsCut: answers.Any(answer => answer.IsCut));
    }

    private static Problem? Refuse(AskRequest request, SourceName[] sources) => request switch
    {
        { Schema: not null } => new Problem(ProblemKind.Invalid, "an answer in a form of its own is given about one stream or file at a time"),
        { MaxTokens: { } most } when most < sources.Length => new Problem(ProblemKind.Invalid, $"an answer needs one token at least for each of its {sources.Length} sources"),
        _ => null,
    };

    private async Task<AnswerPiece> LastAsync(AskRequest request, CancellationToken cancellation)
    {
        var last = new AnswerPiece(Problem: new Problem(ProblemKind.Unavailable, $"{request.Sources[0].Name} gave no answer"));
        await foreach (AnswerPiece piece in ask(request, cancellation).ConfigureAwait(false))
            last = piece.Answer is not null || piece.Problem is not null ? piece : last;
        return last;
    }

    /// <summary>One answer of all, whose evidence names its source.</summary>
    internal static AnswerDocument Compose(Composition composition, IReadOnlyList<(SourceName Source, AnswerDocument Answer)> parts)
    {
        Voice[] voices = [.. parts.Select(part => new Voice(part.Source.Name, part.Answer.Answer, part.Answer.Model is not null))];
        return new AnswerDocument(
            composition.Answer(voices),
            [.. parts.Index().Where(part => composition.RestsOn(voices[part.Index], voices)).SelectMany(part => part.Item.Answer.Citations.Select(citation => citation with { Stream = part.Item.Source.Name }))],
            parts.Select(part => part.Answer.Frames).Aggregate((a, b) => new FrameCounts(
                a.Decoded + b.Decoded, a.Sampled + b.Sampled, a.Kept + b.Kept, a.Unreadable + b.Unreadable, a.Reused + b.Reused)),
            parts.Select(part => part.Answer.Usage).Aggregate((a, b) => new UsageDocument(
                a.VisualTokensSource + b.VisualTokensSource, a.VisualTokensKept + b.VisualTokensKept, a.PromptTokens + b.PromptTokens, a.CompletionTokens + b.CompletionTokens, a.Notes + b.Notes)),
            parts.Select(part => part.Answer.Timings).Aggregate((a, b) => new TimingsDocument(0, 0, 0, a.Prefill + b.Prefill, a.DecodeSteps + b.DecodeSteps)),
            parts.Select(part => part.Answer.Model).FirstOrDefault(model => model is not null),
            [.. parts.SelectMany(part => part.Answer.Gaps.Select(gap => gap with { Stream = part.Source.Name }))])
        {
            Sight = parts.SelectMany(part => part.Answer.Sight ?? []).ToArray() is { Length: > 0 } sight ? sight : null,
            Detail = parts.SelectMany(part => (part.Answer.Detail ?? []).Select(detail => detail with { Stream = part.Source.Name })).ToArray() is { Length: > 0 } detail ? detail : null,
        };
    }

    private static TurnPart PartOf(SourceName source, AnswerDocument answer) => new(
        source.Kind == SourceKind.Stream ? source.Name : null, source.Kind == SourceKind.File ? source.Name : null, answer.Answer,
        [.. answer.Citations.Select(citation => new SeenSpan(citation.StartSeconds, citation.EndSeconds))]);
}
