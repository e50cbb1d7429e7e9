using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>
/// The films of the cluster; there is one of it. Its machine reads them, one after another, and answers about them. Their bytes and what was
/// seen of them lie in the shared folder, where any machine receives them.
/// </summary>
public interface IFileLibraryGrain : IGrainWithIntegerKey
{
    Task RunAsync();

    /// <inheritdoc cref="IStreamHost.TakeFilmAsync"/>
    Task<Outcome<FileDocument>> TakeAsync(string folder, string name, CancellationToken cancellation);

    Task<IReadOnlyList<FileDocument>> AllAsync(CancellationToken cancellation);

    Task<Outcome<FileDocument>> FindAsync(string id, CancellationToken cancellation);

    Task<Outcome<FileDocument>> CancelAsync(string id, CancellationToken cancellation);

    Task<Outcome<FileDocument>> RemoveAsync(string id, CancellationToken cancellation);

    /// <summary>Answers a question about one film.</summary>
    IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, CancellationToken cancellation);

    Task<Outcome<KeyframeList>> KeyframesAsync(string id, int from, int most, CancellationToken cancellation);

    /// <summary>A JPEG, for a person who asked for it.</summary>
    Task<Outcome<byte[]>> PictureAsync(string id, int number, CancellationToken cancellation);

    Task<Outcome<MemoryDocument>> MemoryAsync(string id, CancellationToken cancellation);
}

/// <inheritdoc cref="IFileLibraryGrain"/>
[Orleans.Concurrency.Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed class FileLibraryGrain(IStreamHost host) : Grain, IFileLibraryGrain
{
    public override Task OnActivateAsync(CancellationToken cancellation) => host.OpenFilesAsync();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation) => host.CloseFilesAsync();

    public Task RunAsync() => Task.CompletedTask;

    public Task<Outcome<FileDocument>> TakeAsync(string folder, string name, CancellationToken cancellation) => host.TakeFilmAsync(folder, name, cancellation);

    public Task<IReadOnlyList<FileDocument>> AllAsync(CancellationToken cancellation) => host.Here.FilesAsync(cancellation);

    public Task<Outcome<FileDocument>> FindAsync(string id, CancellationToken cancellation) => host.Here.FileAsync(id, cancellation);

    public Task<Outcome<FileDocument>> CancelAsync(string id, CancellationToken cancellation) => host.Here.CancelFileAsync(id, cancellation);

    public Task<Outcome<FileDocument>> RemoveAsync(string id, CancellationToken cancellation) => host.Here.RemoveFileAsync(id, cancellation);

    public IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, CancellationToken cancellation) => host.Here.AskAsync(request, cancellation);

    public Task<Outcome<KeyframeList>> KeyframesAsync(string id, int from, int most, CancellationToken cancellation) =>
        host.Here.KeyframesAsync(SourceName.File(id), from, most, cancellation);

    public Task<Outcome<byte[]>> PictureAsync(string id, int number, CancellationToken cancellation) => host.Here.KeyframePictureAsync(SourceName.File(id), number, cancellation);

    public Task<Outcome<MemoryDocument>> MemoryAsync(string id, CancellationToken cancellation) => host.Here.MemoryAsync(SourceName.File(id), cancellation);
}
