using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>The streams, files and questions of a cluster, to be asked on any of its machines: each call goes to the machine that has what it is about.</summary>
/// <param name="host">This machine.</param>
internal sealed class ClusterDirectory(IStreamHost host, IGrainFactory grains) : IStreamDirectory
{
    /// <summary>Streams that are asked at once: all of a page of them in a few turns.</summary>
    private const int AtOnce = 64;

    public IWatchDirectory Watches { get; } = new ClusterWatches(host, grains);

    public IUploadDirectory Uploads => host.Here.Uploads;

    public ModelDocument Model => host.Here.Model;

    public string? Trouble => host.Here.Trouble;

    private IFileLibraryGrain Library => grains.GetGrain<IFileLibraryGrain>(0);

    private IVideoStreamGrain Stream(string name) => grains.GetGrain<IVideoStreamGrain>(name);

    private IMemoryGrain Memory(string stream) => grains.GetGrain<IMemoryGrain>(stream);

    public Task<Outcome<StreamDocument>> AddStreamAsync(StreamRequest request, CancellationToken cancellation) => string.IsNullOrEmpty(request.Name)
        ? host.Here.AddStreamAsync(request, cancellation) // Refused there, in the same words.
        : ClusterCalls.AskAsync(() => Stream(request.Name).AddAsync(request, cancellation), cancellation);

    public async Task<IReadOnlyList<StreamDocument>> StreamsAsync(CancellationToken cancellation)
    {
        var streams = new List<StreamDocument>();
        foreach (string[] some in host.Declared.Chunk(AtOnce))
        {
            Outcome<StreamDocument>[] found = await Task.WhenAll(some.Select(name => StreamAsync(name, cancellation))).ConfigureAwait(false);
            streams.AddRange(found.Select(outcome => outcome.Value).OfType<StreamDocument>());
        }
        return streams;
    }

    public Task<Outcome<StreamDocument>> StreamAsync(string name, CancellationToken cancellation) => ClusterCalls.AskAsync(() => Stream(name).FindAsync(cancellation), cancellation);

    public Task<Outcome<StreamDocument>> ChangeStreamAsync(string name, StreamPatch patch, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Stream(name).ChangeAsync(patch, cancellation), cancellation);

    public Task<Outcome<StreamDocument>> RemoveStreamAsync(string name, CancellationToken cancellation) => ClusterCalls.AskAsync(() => Stream(name).RemoveAsync(cancellation), cancellation);

    public Task<Outcome<FileDocument>> AddFileAsync(string fileName, Stream content, CancellationToken cancellation) => host.Here.AddFileAsync(fileName, content, cancellation);

    public Task<IReadOnlyList<FileDocument>> FilesAsync(CancellationToken cancellation) => ClusterCalls.ReachAsync(() => Library.AllAsync(cancellation), cancellation);

    public Task<Outcome<FileDocument>> FileAsync(string id, CancellationToken cancellation) => ClusterCalls.AskAsync(() => Library.FindAsync(id, cancellation), cancellation);

    public Task<Outcome<FileDocument>> CancelFileAsync(string id, CancellationToken cancellation) => ClusterCalls.AskAsync(() => Library.CancelAsync(id, cancellation), cancellation);

    public Task<Outcome<FileDocument>> RemoveFileAsync(string id, CancellationToken cancellation) => ClusterCalls.AskAsync(() => Library.RemoveAsync(id, cancellation), cancellation);

    public IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, CancellationToken cancellation) => request.Sources.Distinct().Count() switch
    {
        0 => host.Here.AskAsync(request, cancellation), // Refused there, in the same words.
        1 => AskOneAsync(request, cancellation),
        _ => host.AskAllAsync(request, AskOneAsync, cancellation),
    };

    public Task<ConversationDocument> ConversationAsync(ConversationName name, CancellationToken cancellation) =>
        ClusterCalls.ReachAsync(() => grains.GetGrain<IConversationGrain>(0).FindAsync(name), cancellation);

    public Task ForgetConversationAsync(ConversationName name, CancellationToken cancellation) => host.Here.ForgetConversationAsync(name, cancellation);

    public Task<Outcome<KeyframeList>> KeyframesAsync(SourceName source, int from, int most, CancellationToken cancellation) => ClusterCalls.AskAsync(
        () => source.Kind == SourceKind.Stream ? Memory(source.Name).KeyframesAsync(from, most, cancellation) : Library.KeyframesAsync(source.Name, from, most, cancellation), cancellation);

    public Task<Outcome<EventList>> EventsAsync(string stream, EventQuery query, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Memory(stream).EventsAsync(query, cancellation), cancellation);

    public Task<Outcome<CountTable>> CountsAsync(string stream, CountQuery query, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Memory(stream).CountsAsync(query, cancellation), cancellation);

    public Task<Outcome<HeatDocument>> HeatAsync(string stream, CancellationToken cancellation) => ClusterCalls.AskAsync(() => Memory(stream).HeatAsync(cancellation), cancellation);

    /// <summary>Of a stream out of the folder that all machines see, so that it is there whatever became of the machine that took it.</summary>
    public Task<Outcome<byte[]>> KeyframePictureAsync(SourceName source, int number, CancellationToken cancellation) => source.Kind == SourceKind.Stream
        ? host.Here.KeyframePictureAsync(source, number, cancellation)
        : ClusterCalls.AskAsync(() => Library.PictureAsync(source.Name, number, cancellation), cancellation);

    public Task<Outcome<byte[]>> LivePictureAsync(string stream, CancellationToken cancellation) => ClusterCalls.AskAsync(() => Stream(stream).LivePictureAsync(cancellation), cancellation);

    public Task<Outcome<MemoryDocument>> MemoryAsync(SourceName source, CancellationToken cancellation) => ClusterCalls.AskAsync(
        () => source.Kind == SourceKind.Stream ? Memory(source.Name).MemoryAsync(cancellation) : Library.MemoryAsync(source.Name, cancellation), cancellation);

    private IAsyncEnumerable<AnswerPiece> AskOneAsync(AskRequest request, CancellationToken cancellation) => ClusterCalls.StreamAsync(
        () => request.Sources[0] is { Kind: SourceKind.Stream } source ? Memory(source.Name).AskAsync(request, cancellation) : Library.AskAsync(request, cancellation), cancellation);
}
