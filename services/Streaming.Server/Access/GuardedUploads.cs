using Streaming.Contracts;

namespace Streaming.Server.Access;

/// <summary>Uploads as they are for one caller: none for those who see some streams only, because files are of no stream.</summary>
internal sealed class GuardedUploads(IUploadDirectory uploads, Caller caller) : IUploadDirectory
{
    private bool SeesFiles => caller.Streams is null;

    public static Problem NoFiles(Caller caller) => new(ProblemKind.Forbidden, $"{caller.Name} may see some streams only, and no files");

    public Task<Outcome<UploadDocument>> BeginAsync(UploadRequest request, CancellationToken cancellation) =>
        SeesFiles ? uploads.BeginAsync(request, cancellation) : Task.FromResult<Outcome<UploadDocument>>(NoFiles(caller));

    public Task<Outcome<UploadDocument>> FindAsync(string id, CancellationToken cancellation) =>
        IfSeen(() => uploads.FindAsync(id, cancellation));

    public Task<Outcome<UploadDocument>> AppendAsync(string id, long offset, Stream content, UploadDigest? digest, CancellationToken cancellation) =>
        IfSeen(() => uploads.AppendAsync(id, offset, content, digest, cancellation));

    public Task<Outcome<UploadDocument>> RemoveAsync(string id, CancellationToken cancellation) =>
        IfSeen(() => uploads.RemoveAsync(id, cancellation));

    private Task<Outcome<UploadDocument>> IfSeen(Func<Task<Outcome<UploadDocument>>> call) =>
        SeesFiles ? call() : Task.FromResult<Outcome<UploadDocument>>(Problem.NoUpload);
}
