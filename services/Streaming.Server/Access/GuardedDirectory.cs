using System.Diagnostics;
using System.Runtime.CompilerServices;
using Streaming.Contracts;

namespace Streaming.Server.Access;

/// <summary>
/// A directory as it is for one caller: what does not exist for them is answered as if there were none. The one place where rights to
/// streams are decided, because every route goes through the seam.
/// </summary>
public sealed class GuardedDirectory(IStreamDirectory directory, Caller caller, Allowances allowances) : IStreamDirectory
{
    public ModelDocument Model => directory.Model;

    public string? Trouble => directory.Trouble;

    public IWatchDirectory Watches { get; } = new GuardedWatches(directory.Watches, caller, allowances);

    public IUploadDirectory Uploads { get; } = new GuardedUploads(directory.Uploads, caller);

    public Task<Outcome<StreamDocument>> AddStreamAsync(StreamRequest request, CancellationToken cancellation)
    {
        if (caller.Streams is not null && !caller.Streams.Contains(request.Name ?? ""))
            return Refuse<StreamDocument>(new Problem(ProblemKind.Forbidden, $"{caller.Name} may only declare {string.Join(", ", caller.Streams.Order(StringComparer.Ordinal))}"));
        return request.File is { } file && !caller.Sees(SourceName.File(file)) ? Refuse<StreamDocument>(Problem.NoFile) : directory.AddStreamAsync(request, cancellation);
    }

    public async Task<IReadOnlyList<StreamDocument>> StreamsAsync(CancellationToken cancellation) =>
        [.. (await directory.StreamsAsync(cancellation).ConfigureAwait(false)).Where(stream => caller.Sees(SourceName.Stream(stream.Name)))];

    public Task<Outcome<StreamDocument>> StreamAsync(string name, CancellationToken cancellation) =>
        OfStream(name, () => directory.StreamAsync(name, cancellation));

    public Task<Outcome<StreamDocument>> ChangeStreamAsync(string name, StreamPatch patch, CancellationToken cancellation) =>
        OfStream(name, () => directory.ChangeStreamAsync(name, patch, cancellation));

    public Task<Outcome<StreamDocument>> RemoveStreamAsync(string name, CancellationToken cancellation) =>
        OfStream(name, () => directory.RemoveStreamAsync(name, cancellation));

    public Task<Outcome<FileDocument>> AddFileAsync(string fileName, Stream content, CancellationToken cancellation) =>
        caller.Streams is null
            ? directory.AddFileAsync(fileName, content, cancellation)
            : Refuse<FileDocument>(GuardedUploads.NoFiles(caller));

    public async Task<IReadOnlyList<FileDocument>> FilesAsync(CancellationToken cancellation) =>
        [.. (await directory.FilesAsync(cancellation).ConfigureAwait(false)).Where(file => caller.Sees(SourceName.File(file.Id)))];

    public Task<Outcome<FileDocument>> FileAsync(string id, CancellationToken cancellation) =>
        Of(SourceName.File(id), () => directory.FileAsync(id, cancellation));

    public Task<Outcome<FileDocument>> CancelFileAsync(string id, CancellationToken cancellation) =>
        Of(SourceName.File(id), () => directory.CancelFileAsync(id, cancellation));

    public Task<Outcome<FileDocument>> RemoveFileAsync(string id, CancellationToken cancellation) =>
        Of(SourceName.File(id), () => directory.RemoveFileAsync(id, cancellation));

    public async IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request.Sources.Where(source => !caller.Sees(source)).Select(Missing).FirstOrDefault() is { } problem)
        {
            yield return new AnswerPiece(Problem: problem);
            yield break;
        }
        if (allowances.Question(caller, request.Sources) is { } spent)
        {
            yield return new AnswerPiece(Problem: spent);
            yield break;
        }
        request = request with { Conversation = request.Conversation is { } name ? Own(name) : null };
        long begun = Stopwatch.GetTimestamp();
        AnswerDocument? answer = null;
        try
        {
            await foreach (AnswerPiece piece in directory.AskAsync(request, cancellation).ConfigureAwait(false))
            {
                answer = piece.Answer;
                yield return piece;
            }
        }
        finally
        {
            // Whoever leaves before the end has still kept the model busy.
            allowances.Spend(caller, request.Sources, answer?.Usage.VisualTokensKept ?? 0, answer is null ? Stopwatch.GetElapsedTime(begun) : ModelTime(answer.Timings));
        }
    }

    private static TimeSpan ModelTime(TimingsDocument timings) => TimeSpan.FromSeconds(timings.Reduce + timings.Prefill + timings.DecodeSteps);

    /// <summary>A turn about what no longer exists for the caller is no longer theirs.</summary>
    public async Task<ConversationDocument> ConversationAsync(ConversationName name, CancellationToken cancellation)
    {
        ConversationDocument conversation = await directory.ConversationAsync(Own(name), cancellation).ConfigureAwait(false);
        return conversation with { Turns = [.. conversation.Turns.Where(turn => turn.Parts.All(part => caller.Sees(part.Source)))] };
    }

    public Task ForgetConversationAsync(ConversationName name, CancellationToken cancellation) => directory.ForgetConversationAsync(Own(name), cancellation);

    public Task<Outcome<KeyframeList>> KeyframesAsync(SourceName source, int from, int most, CancellationToken cancellation) =>
        Of(source, () => directory.KeyframesAsync(source, from, most, cancellation));

    public Task<Outcome<EventList>> EventsAsync(string stream, EventQuery query, CancellationToken cancellation) =>
        OfStream(stream, () => directory.EventsAsync(stream, query, cancellation));

    public Task<Outcome<CountTable>> CountsAsync(string stream, CountQuery query, CancellationToken cancellation) =>
        OfStream(stream, () => directory.CountsAsync(stream, query, cancellation));

    public Task<Outcome<HeatDocument>> HeatAsync(string stream, CancellationToken cancellation) =>
        OfStream(stream, () => directory.HeatAsync(stream, cancellation));

    public Task<Outcome<byte[]>> KeyframePictureAsync(SourceName source, int number, CancellationToken cancellation) =>
        Of(source, () => directory.KeyframePictureAsync(source, number, cancellation));

    public Task<Outcome<byte[]>> LivePictureAsync(string stream, CancellationToken cancellation) =>
        OfStream(stream, () => directory.LivePictureAsync(stream, cancellation));

    public Task<Outcome<MemoryDocument>> MemoryAsync(SourceName source, CancellationToken cancellation) =>
        Of(source, () => directory.MemoryAsync(source, cancellation));

    private Task<Outcome<T>> OfStream<T>(string name, Func<Task<Outcome<T>>> call)
        where T : class =>
        Of(SourceName.Stream(name), call);

    private Task<Outcome<T>> Of<T>(SourceName source, Func<Task<Outcome<T>>> call)
        where T : class =>
        caller.Sees(source) ? call() : Refuse<T>(Missing(source));

    /// <summary>Nobody names a conversation of others.</summary>
    private ConversationName Own(ConversationName name) => name with { Owner = caller.Name };

    private static Problem Missing(SourceName source) => source.Kind == SourceKind.Stream ? Problem.NoStream : Problem.NoFile;

    private static Task<Outcome<T>> Refuse<T>(Problem problem)
        where T : class =>
        Task.FromResult<Outcome<T>>(problem);
}
