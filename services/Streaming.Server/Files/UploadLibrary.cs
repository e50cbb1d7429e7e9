using System.Collections.Concurrent;
using System.Security.Cryptography;
using Streaming.Contracts;
using Streaming.Server.Streams;

namespace Streaming.Server.Files;

/// <summary>Files a film under its id.</summary>
/// <param name="upload">All of it, measured; its folder is gone when it was taken.</param>
/// <param name="isTaken">Told the id before the film moves.</param>
internal delegate Task<Outcome<FileDocument>> FilmTaker(Upload upload, string name, Action<string> isTaken, CancellationToken cancellation);

/// <summary>The uploads of this machine that may break off and go on, across restarts too.</summary>
/// <param name="mostBytes">Of one film.</param>
internal sealed class UploadLibrary(string folder, long mostBytes, FilmTaker take, TimeProvider clock, Action<string> warn, DiskRoom disk) : IUploadDirectory, IAsyncDisposable
{
    /// <summary>What a dozen people with unsteady connections leave behind in a day.</summary>
    internal const int MostUploads = 64;

    /// <summary>What does not go on within a day is given up.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, PartialUpload> _uploads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Outcome<UploadDocument>>>> _filing = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _sweeper;

    /// <summary>Finds what an earlier process left, and files what had come whole.</summary>
    internal void Start()
    {
        foreach (string left in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
        {
            try
            {
                PartialUpload upload = PartialUpload.Open(left);
                _uploads[upload.Facts.Id] = upload;
                if (upload is { IsWhole: true, IsSettled: false })
                    _ = FileAsync(upload);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                warn($"the unfinished upload in {left} cannot be read and is left out: {e.Message}");
            }
        }
        _sweeper = clock.CreateTimer(_ => _ = SweepAsync(), null, TimeSpan.Zero, Sweep);
    }

    public async Task<Outcome<UploadDocument>> BeginAsync(UploadRequest request, CancellationToken cancellation)
    {
        // Of those that are filed nothing is lost but where they went, which was told.
        if (_uploads.Count >= MostUploads && _uploads.Values.Where(upload => upload.IsSettled).MinBy(upload => upload.TouchedAt) is { } filed)
            await RemoveAsync(filed.Facts.Id, cancellation).ConfigureAwait(false);
        return Begin(request);
    }

    private Outcome<UploadDocument> Begin(UploadRequest request)
    {
        if (request.SizeBytes <= 0)
            return new Problem(ProblemKind.Invalid, "the file is empty");
        if (request.SizeBytes > mostBytes)
            return new Problem(ProblemKind.TooLarge, $"an upload has at most {mostBytes} bytes here (STREAMING_MAX_UPLOAD)");
        if (_uploads.Count >= MostUploads)
            return new Problem(ProblemKind.Full, $"there are {MostUploads} unfinished uploads already; finish or delete one first");
        try
        {
            Directory.CreateDirectory(folder);
            if (new DriveInfo(folder).AvailableFreeSpace - disk.ReserveBytes is var room && room < request.SizeBytes)
                return new Problem(ProblemKind.Full, $"the disk has room for {Math.Max(0, room)} bytes, and the file has {request.SizeBytes}");
            string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            return Document(_uploads[id] = PartialUpload.Begin(folder, new UploadFacts(id, request.Name, request.SizeBytes, request.Metadata), clock.GetUtcNow()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Upload.NoRoom;
        }
    }

    public Task<Outcome<UploadDocument>> FindAsync(string id, CancellationToken cancellation) =>
        Task.FromResult<Outcome<UploadDocument>>(_uploads.TryGetValue(id, out PartialUpload? upload) ? Document(upload) : Problem.NoUpload);

    public async Task<Outcome<UploadDocument>> AppendAsync(string id, long offset, Stream content, UploadDigest? digest, CancellationToken cancellation)
    {
        if (!_uploads.TryGetValue(id, out PartialUpload? upload))
            return Problem.NoUpload;
        if (!upload.IsSettled && await upload.AppendAsync(offset, content, digest, clock, cancellation).ConfigureAwait(false) is { } problem)
            return problem;
        return upload.IsWhole ? await FileAsync(upload).WaitAsync(cancellation).ConfigureAwait(false) : Document(upload);
    }

    public async Task<Outcome<UploadDocument>> RemoveAsync(string id, CancellationToken cancellation)
    {
        if (!_uploads.TryRemove(id, out PartialUpload? upload))
            return Problem.NoUpload;
        if (_filing.TryGetValue(id, out Lazy<Task<Outcome<UploadDocument>>>? filing))
            await filing.Value.ConfigureAwait(false);
        UploadDocument last = Document(upload);
        await upload.EraseAsync().ConfigureAwait(false);
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        if (_sweeper is not null)
            await _sweeper.DisposeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (Lazy<Task<Outcome<UploadDocument>>> filing in _filing.Values)
            await filing.Value.ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Goes on when the client that sent the last byte has left: it may ask later what became of it.</summary>
    private Task<Outcome<UploadDocument>> FileAsync(PartialUpload upload) =>
        _filing.GetOrAdd(upload.Facts.Id, _ => new Lazy<Task<Outcome<UploadDocument>>>(() => Task.Run(() => FileOnceAsync(upload)))).Value;

    private async Task<Outcome<UploadDocument>> FileOnceAsync(PartialUpload upload)
    {
        try
        {
            if (!upload.IsSettled && await TryFileAsync(upload).ConfigureAwait(false) is { } problem)
                return problem;
            return upload.Facts.Problem is { } refused ? new Problem(ProblemKind.Invalid, refused) : Document(upload);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Unavailable, "the server stops; the film is filed when it is back");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"upload {upload.Facts.Id}: {e.Message}");
            return Upload.NoRoom;
        }
        finally
        {
            _filing.TryRemove(upload.Facts.Id, out _);
        }
    }

    private async Task<Problem?> TryFileAsync(PartialUpload upload)
    {
        var film = new Upload(upload.FilmFolder);
        await film.MeasureAsync(_stop.Token).ConfigureAwait(false);
        Outcome<FileDocument> taken = await take(film, upload.Facts.Name, id => upload.Note(id, null), _stop.Token).ConfigureAwait(false);
        if (taken.Problem is { Kind: not ProblemKind.Invalid } later)
            return later;
        upload.Note(taken.Value?.Id, taken.Problem?.Detail);
        upload.Settle();
        return null;
    }

    private async Task SweepAsync()
    {
        foreach (PartialUpload upload in _uploads.Values.Where(upload => clock.GetUtcNow() > upload.TouchedAt + Kept))
        {
            try
            {
                await RemoveAsync(upload.Facts.Id, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                warn($"the expired upload {upload.Facts.Id} cannot be deleted: {e.Message}");
            }
        }
    }

    private static UploadDocument Document(PartialUpload upload) => new(
        upload.Facts.Id, upload.Facts.Name, upload.Facts.SizeBytes, upload.Offset, upload.TouchedAt + Kept,
        upload.IsSettled ? upload.Facts.File : null, upload.IsSettled ? upload.Facts.Problem : null, upload.Facts.Metadata);
}
