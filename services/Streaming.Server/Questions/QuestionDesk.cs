using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Streaming.Compression.Recall;
using Streaming.Contracts;
using Streaming.Models;
using Streaming.Models.Shapes;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Pipelines.Conversation;

namespace Streaming.Server.Questions;

/// <summary>Takes questions about one or several sources and answers them piece by piece. Only so many may wait.</summary>
/// <param name="see">What a source shows of a stretch.</param>
/// <param name="conversations">Where turns are kept.</param>
internal sealed class QuestionDesk(LocalSystem system, Func<SourceName, Moment?, Moment?, Outcome<Sighting>> see, IConversations conversations)
{
    /// <summary>The answer to what states something and asks nothing; no model is asked.</summary>
    internal const string Noted = "noted";

    /// <summary>How many of the sources of one question wait at once, so that a question about all cameras does not keep others waiting.</summary>
    private const int AtOnce = 2;

    private int _questions;

    /// <summary>How many wait or are being answered.</summary>
    internal int Questions => Volatile.Read(ref _questions);

    /// <summary>The pieces; whoever stops listening stops the model.</summary>
    internal async IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _questions) > system.Settings.Questions)
        {
            Interlocked.Decrement(ref _questions);
            yield return new AnswerPiece(Problem: new Problem(ProblemKind.Busy, $"{system.Settings.Questions} questions wait already; ask again later"));
            yield break;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pieces = Channel.CreateUnbounded<AnswerPiece>(new UnboundedChannelOptions { SingleReader = true });
        Task answering = Task.Run(() => AnswerAsync(request, pieces.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (AnswerPiece piece in pieces.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return piece;
            await answering.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref _questions);
        }
    }

    private async Task AnswerAsync(AskRequest request, ChannelWriter<AnswerPiece> pieces, CancellationToken cancellation)
    {
        try
        {
            if (request.Conversation is { } name)
                request = request with { Said = [.. Told((await conversations.FindAsync(name).ConfigureAwait(false)).Turns), .. request.Said] };
            Problem? problem = Look(request, out List<Sighting> sightings);
            AnswerPiece last = problem is not null
                ? new AnswerPiece(Problem: problem)
                : await AnswerAsync(sightings, request, pieces, cancellation).ConfigureAwait(false);
            pieces.TryWrite(last);
            pieces.Complete();
        }
        catch (InferenceException e)
        {
            if (e.InnerException is { } cause)
                system.Warn($"a question: {e.Message}: {cause.GetType().Name}: {cause.Message.Split('\n')[0]}");
            pieces.TryWrite(new AnswerPiece(Problem: new Problem(e.Fault == InferenceFault.Overdue ? ProblemKind.Overdue : ProblemKind.Unavailable, e.Message)));
            pieces.Complete();
        }
        catch (UnavailableException e)
        {
            pieces.TryWrite(new AnswerPiece(Problem: e.Problem));
            pieces.Complete();
        }
        catch (PromptTooLongException e)
        {
            pieces.TryWrite(new AnswerPiece(Problem: new Problem(ProblemKind.Invalid, e.Message)));
            pieces.Complete();
        }
        catch (Exception e)
        {
            pieces.Complete(e);
        }
    }

    /// <summary>What is stated is noted, what is asked is answered, and both are kept where a conversation is named.</summary>
    private async Task<AnswerPiece> AnswerAsync(List<Sighting> sightings, AskRequest request, ChannelWriter<AnswerPiece> pieces, CancellationToken cancellation)
    {
        AskRequest asked = request;
        Message message = request.Conversation is null ? new Message(request.Stated, request.Question) : Message.Of(request.Question, TurnsOf(request, sightings[0].Source));
        if (message.Statements.Count > 0)
        {
            foreach (Sighting sighting in sightings)
                await conversations.SayAsync(sighting.Source, sighting.Now ?? sighting.SeenUntil, message.Statements).ConfigureAwait(false);
            if (message.Question.Length == 0)
                return await TakeAsync(request, sightings, pieces).ConfigureAwait(false);
            asked = request with { Question = message.Question, Said = [.. request.Said, .. message.Statements.Select(statement => new SaidTurn(statement, Noted))] };
        }
        for (int i = 0; i < sightings.Count; i++)
            sightings[i] = sightings[i] with { Notes = Joined(sightings[i].Notes, await conversations.SaidAsync(sightings[i].Source).ConfigureAwait(false)) };
        return sightings is [var only]
            ? await AskOneAsync(only, request, asked, pieces, cancellation).ConfigureAwait(false)
            : await AskAllAsync(sightings, request, asked, pieces, cancellation).ConfigureAwait(false);
    }

    private static NotebookSnapshot? Joined(NotebookSnapshot? seen, IReadOnlyList<string> said)
    {
        if (said.Count == 0)
            return seen;
        var book = new Notebook(new NotebookOptions());
        book.Write([.. said.Select(NoteLine.Read).OfType<Note>()]);
        return (seen ?? NotebookSnapshot.Empty).With(book.Snapshot);
    }

    private Task<AnswerPiece> TakeAsync(AskRequest request, List<Sighting> sightings, ChannelWriter<AnswerPiece> pieces)
    {
        pieces.TryWrite(new AnswerPiece(Text: Noted));
        var none = new Answer(Noted, [], new AnswerUsage(0, 0, 0, 0), new AnswerTimings(default, default, default, default), null, FinishReason.Stop);
        (Sighting, Answer)[] parts = [.. sightings.Select(sighting => (sighting, none))];
        return KeepAsync(request, parts, new AnswerPiece(Answer: AnswerDocuments.Of(Noted, parts, _ => false)));
    }

    /// <summary>Makes an answer a turn of its conversation.</summary>
    private async Task<AnswerPiece> KeepAsync(AskRequest request, IReadOnlyList<(Sighting Sighting, Answer Answer)> parts, AnswerPiece last)
    {
        if (request.Conversation is not { } name || last.Answer is not { } answer)
            return last;
        TurnPart[] told = [.. parts.Select(part => PartOf(part.Sighting.Source, part.Answer))];
        return last with { Answer = answer with { Conversation = await conversations.AddAsync(name, request.Question, answer.Answer, told).ConfigureAwait(false) } };
    }

    private static TurnPart PartOf(SourceName source, Answer answer) => new(
        source.Kind == SourceKind.Stream ? source.Name : null, source.Kind == SourceKind.File ? source.Name : null, answer.Text,
        [.. answer.Citations.Select(citation => new SeenSpan(citation.Start.TotalSeconds, citation.End.TotalSeconds))]);

    /// <summary>The turns of a conversation as what was said to each source and by it.</summary>
    internal static IEnumerable<SaidTurn> Told(IEnumerable<TurnDocument> turns) =>
        from turn in turns from part in turn.Parts select new SaidTurn(turn.Question, part.Answer) { Source = part.Source, Seen = part.Seen };

    /// <summary>What was said to a source, or to no source by name.</summary>
    internal static IReadOnlyList<Turn> TurnsOf(AskRequest request, SourceName source) =>
    [
        .. from said in request.Said
           where said.Source is not { } other || other == source
           select new Turn(said.Question, said.Answer, [.. said.Seen.Select(span => new Stretch(TimeSpan.FromSeconds(span.StartSeconds), TimeSpan.FromSeconds(span.EndSeconds)))]),
    ];

    /// <summary>What all sources show, or why one cannot be asked.</summary>
    private Problem? Look(AskRequest request, out List<Sighting> sightings)
    {
        sightings = [];
        if (request.Sources.Count == 0)
            return new Problem(ProblemKind.Invalid, "the question names no stream or file");
        if (request.Schema is not null && Complaint(request.Schema) is { } complaint)
            return new Problem(ProblemKind.Invalid, complaint);
        SourceName[] sources = [.. request.Sources.Distinct()];
        string text = request.Question.Length > 0 ? request.Question : string.Join(' ', request.Stated);
        if (request.Schema is not null && sources.Length > 1)
            return new Problem(ProblemKind.Invalid, "an answer in a form of its own is given about one stream or file at a time");
        if (request.MaxTokens < sources.Length)
            return new Problem(ProblemKind.Invalid, $"an answer needs one token at least for each of its {sources.Length} sources");
        foreach (SourceName source in sources)
        {
            Outcome<Sighting> seen = see(source, request.From, request.To);
            if (seen.Problem is { } problem)
                return problem;
            Sighting sighting = seen.Value!;
            if (system.Model.Answering.Refuse(QuestionOf(sighting, request, text, null)) is { } refusal)
                return new Problem(ProblemKind.Invalid, refusal);
            sightings.Add(sighting);
        }
        return null;
    }

    private static string? Complaint(string schema)
    {
        try
        {
            AnswerShape.Json(schema);
            return null;
        }
        catch (ShapeException e)
        {
            return e.Message;
        }
    }

    /// <param name="whole">The request with all that was said in it.</param>
    private async Task<AnswerPiece> AskOneAsync(Sighting sighting, AskRequest whole, AskRequest request, ChannelWriter<AnswerPiece> pieces, CancellationToken cancellation)
    {
        Answer answer = await AskAsync(sighting, QuestionOf(sighting, request, request.Question, request.MaxTokens), pieces, cancellation).ConfigureAwait(false);
        return request.Schema is not null && answer.Model is null
            ? new AnswerPiece(Problem: new Problem(ProblemKind.Invalid, $"{answer.Text}: there is no answer in the form that is asked for"))
            : await KeepAsync(whole, [(sighting, answer)], new AnswerPiece(Answer: AnswerDocuments.Of(answer, sighting) with { Sight = SightOf(request, [(sighting, answer)]) }, IsCut: answer.Finish != FinishReason.Stop)).ConfigureAwait(false);
    }

    /// <summary>Each source is asked by itself and gets the same share of the tokens.</summary>
    private async Task<AnswerPiece> AskAllAsync(List<Sighting> sightings, AskRequest whole, AskRequest request, ChannelWriter<AnswerPiece> pieces, CancellationToken cancellation)
    {
        var composition = Composition.Of(request.Question);
        var answers = new Answer[sightings.Count];
        await Parallel.ForAsync(
            0, sightings.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (i, stop) => answers[i] = await AskAsync(
                sightings[i], QuestionOf(sightings[i], request, composition.Question, request.MaxTokens / sightings.Count), null, stop).ConfigureAwait(false)).ConfigureAwait(false);
        Voice[] voices = [.. sightings.Zip(answers, (sighting, answer) => new Voice(sighting.Source.Name, answer.Text, answer.Model is not null))];
        string text = composition.Answer(voices);
        pieces.TryWrite(new AnswerPiece(Text: text));
        (Sighting, Answer)[] parts = [.. sightings.Zip(answers)];
        return await KeepAsync(whole, parts, new AnswerPiece(
            Answer: AnswerDocuments.Of(text, parts, i => composition.RestsOn(voices[i], voices)) with { Sight = SightOf(request, parts) },
            IsCut: answers.Any(answer => answer.Finish != FinishReason.Stop))).ConfigureAwait(false);
    }

    /// <summary>A server that is sent pictures makes tokens of its own.</summary>
    private SightDocument[]? SightOf(AskRequest request, IEnumerable<(Sighting Sighting, Answer Answer)> parts) => request.Sight && system.Settings.Remote is null
        ? [.. parts.Select(part => SightDocuments.Of(part.Answer, part.Sighting, system.Model.Manifest.Vision))]
        : null;

    private async Task<Answer> AskAsync(Sighting sighting, Question question, ChannelWriter<AnswerPiece>? pieces, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        bool isFirst = true;
        Answer answer = await StreamingTraces.SpanAsync("answer", span =>
        {
            span?.SetTag("streaming.source", sighting.Source.Path);
            return system.Model.Answering.AskAsync(
                question, sighting.Memory, sighting.SeenUntil, sighting.SourceTokens, OnText, sighting.Gaps, cancellation, sighting.Notes, sighting.Picture);
        }).ConfigureAwait(false);
        if (answer.Model is not null)
        {
            system.Metrics.Answered(sighting.Source.Name, "total", Stopwatch.GetElapsedTime(start));
            system.Metrics.Prompted(sighting.Source.Name, answer.Usage);
            system.Metrics.Written(sighting.Source.Name, answer.Usage.CompletionTokens, answer.Finish);
        }
        return answer;

        void OnText(string text)
        {
            bool isNothing = text is Answering.NothingSeen or Answering.NotSeenThen or Answering.GivenUp;
            if (isNothing && question.Shape is not null)
                return;
            if (isFirst && !isNothing)
                system.Metrics.Answered(sighting.Source.Name, "first_token", Stopwatch.GetElapsedTime(start));
            isFirst = false;
            pieces?.TryWrite(new AnswerPiece(Text: text));
        }
    }

    private Question QuestionOf(Sighting sighting, AskRequest request, string text, int? maxTokens) =>
        new(text, sighting.From, sighting.To, maxTokens, new QuestionReduction(request.Policy, request.Retain), sighting.Clock, sighting.Now)
        {
            Detail = request.Detail,
            Shape = request.Schema is { } schema ? AnswerShape.Json(schema) : null,
            Turns = TurnsOf(request, sighting.Source),
        };
}
