namespace Streaming.Contracts;

/// <summary>
/// The one seam between HTTP and what runs: files, streams and questions about them. Implemented on one machine by the server's
/// local directory and in a cluster by grains. Every method is safe to call from any thread at any time.
/// </summary>
public interface IStreamDirectory
{
    /// <summary>Declares a stream and returns at once, whether or not its camera answers.</summary>
    Task<Outcome<StreamDocument>> AddStreamAsync(StreamRequest request, CancellationToken cancellation);

    /// <summary>All streams in order of name.</summary>
    Task<IReadOnlyList<StreamDocument>> StreamsAsync(CancellationToken cancellation);

    Task<Outcome<StreamDocument>> StreamAsync(string name, CancellationToken cancellation);

    /// <summary>Changes what the patch names; a change of source or sampling reconnects. What was seen is kept.</summary>
    Task<Outcome<StreamDocument>> ChangeStreamAsync(string name, StreamPatch patch, CancellationToken cancellation);

    /// <summary>Ends the stream and forgets what it saw. The answer is the stream as it was.</summary>
    Task<Outcome<StreamDocument>> RemoveStreamAsync(string name, CancellationToken cancellation);

    /// <summary>Stores an upload and begins to read it; returns when it is stored and recognised as a film.</summary>
    /// <param name="content">Read to its end, never held in memory as a whole.</param>
    Task<Outcome<FileDocument>> AddFileAsync(string fileName, Stream content, CancellationToken cancellation);

    /// <summary>Uploads that may break off and go on.</summary>
    IUploadDirectory Uploads { get; }

    /// <summary>All files, the newest first.</summary>
    Task<IReadOnlyList<FileDocument>> FilesAsync(CancellationToken cancellation);

    Task<Outcome<FileDocument>> FileAsync(string id, CancellationToken cancellation);

    /// <summary>Stops reading the file; what was read can still be asked about.</summary>
    Task<Outcome<FileDocument>> CancelFileAsync(string id, CancellationToken cancellation);

    /// <summary>Deletes the file and what was seen of it. Refused (<see cref="ProblemKind.Taken"/>) while a stream plays it.</summary>
    Task<Outcome<FileDocument>> RemoveFileAsync(string id, CancellationToken cancellation);

    /// <summary>Writes the answer piece by piece; the last piece holds the whole answer, or the problem.</summary>
    IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, CancellationToken cancellation);

    /// <summary>A conversation of the caller; one that never was, or is forgotten, has no turns.</summary>
    Task<ConversationDocument> ConversationAsync(ConversationName name, CancellationToken cancellation);

    /// <summary>Forgets the turns of a conversation. What was noted because of it stays.</summary>
    Task ForgetConversationAsync(ConversationName name, CancellationToken cancellation);

    /// <summary>The keyframes that are still kept, in order of time.</summary>
    /// <param name="from">Only those whose number is at least this.</param>
    /// <param name="most">The most to return, the newest of them.</param>
    Task<Outcome<KeyframeList>> KeyframesAsync(SourceName source, int from, int most, CancellationToken cancellation);

    /// <summary>What is noted of a stream: what came, went, stopped, crossed, could be read.</summary>
    Task<Outcome<EventList>> EventsAsync(string stream, EventQuery query, CancellationToken cancellation);

    /// <summary>How many things of each class were seen, over time.</summary>
    Task<Outcome<CountTable>> CountsAsync(string stream, CountQuery query, CancellationToken cancellation);

    /// <summary>Where things stood since the stream was declared.</summary>
    Task<Outcome<HeatDocument>> HeatAsync(string stream, CancellationToken cancellation);

    /// <summary>The JPEG of one keyframe.</summary>
    Task<Outcome<byte[]>> KeyframePictureAsync(SourceName source, int number, CancellationToken cancellation);

    /// <summary>The JPEG of the newest picture of a stream that was looked at, keyframe or not.</summary>
    Task<Outcome<byte[]>> LivePictureAsync(string stream, CancellationToken cancellation);

    /// <summary>How finely the source is remembered over time, and what of it was not seen.</summary>
    Task<Outcome<MemoryDocument>> MemoryAsync(SourceName source, CancellationToken cancellation);

    /// <summary>Questions that stand, and what came of them.</summary>
    IWatchDirectory Watches { get; }

    /// <summary>The model that answers.</summary>
    ModelDocument Model { get; }

    /// <summary>Why no question can be answered now, in one line; null if they can.</summary>
    string? Trouble { get; }
}
