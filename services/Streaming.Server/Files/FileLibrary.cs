using System.Collections.Concurrent;
using System.Threading.Channels;
using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Files;

/// <summary>The uploaded files of this machine, read one after another in the background.</summary>
internal sealed class FileLibrary : IAsyncDisposable
{
    /// <summary>Longest name that is kept of an upload: what file systems allow.</summary>
    private const int LongestName = 255;

    private readonly LocalSystem _system;
    private readonly string _folder;
    private readonly ConcurrentDictionary<string, LocalFile> _files = new(StringComparer.Ordinal);
    private readonly Channel<LocalFile> _waiting = Channel.CreateUnbounded<LocalFile>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _changing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private volatile TaskCompletionSource _hope = new();
    private Task _worker = Task.CompletedTask;

    private readonly FilmTaker? _elsewhere;

    /// <param name="elsewhere">Who takes films that are received here; null: this library.</param>
    internal FileLibrary(LocalSystem system, FilmTaker? elsewhere = null)
    {
        (_system, _elsewhere) = (system, elsewhere);
        _folder = FolderIn(system.Settings.DataFolder);
    }

    internal static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "files");

    /// <summary>Finds the films that were taken earlier.</summary>
    internal void Open()
    {
        // What another machine receives at this moment lies there too.
        DateTimeOffset leftBefore = _elsewhere is null ? DateTimeOffset.MaxValue : _system.Clock.GetUtcNow() - UploadLibrary.Kept;
        foreach (FileFacts facts in FileFacts.All(_folder, leftBefore, _system.Warn).OrderBy(facts => facts.CreatedAt))
            Enter(facts);
    }

    internal IReadOnlyList<FileDocument> All() =>
        [.. _files.Values.Select(file => file.Document()).OrderByDescending(file => file.CreatedAt).ThenBy(file => file.Id, StringComparer.Ordinal)];

    internal Outcome<LocalFile> Find(string id) =>
        _files.TryGetValue(id, out LocalFile? file) ? file : Problem.NoFile;

    /// <summary>Begins to read what is not read yet.</summary>
    internal void Start() => _worker = Task.Run(ReadAll);

    internal async Task<Outcome<FileDocument>> AddAsync(string fileName, Stream content, CancellationToken cancellation)
    {
        if (_files.Count >= _system.Settings.Files)
            return TooMany();
        try
        {
            return await StoreAsync(fileName, content, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Upload.NoRoom;
        }
    }

    private async Task<Outcome<FileDocument>> StoreAsync(string fileName, Stream content, CancellationToken cancellation)
    {
        using var upload = Upload.Begin(_folder);
        return await upload.ReceiveAsync(content, _system.Settings.UploadBytes, _system.Disk, cancellation).ConfigureAwait(false) is { } refused
            ? refused
            : await (_elsewhere ?? TakeAsync)(upload, fileName, _ => { }, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc cref="FilmTaker"/>
    internal async Task<Outcome<FileDocument>> TakeAsync(Upload upload, string fileName, Action<string> isTaken, CancellationToken cancellation)
    {
        if (_files.Count >= _system.Settings.Files)
            return TooMany();
        (VideoFacts? film, string problem) = await upload.ProbeAsync(_system.Decoder, cancellation).ConfigureAwait(false);
        if (film is null)
            return new Problem(ProblemKind.Invalid, $"the file cannot be used as a film: {problem}");
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var facts = FileFacts.Of(upload.Content, Named(fileName), upload.SizeBytes, _system.Clock.GetUtcNow(), film);
            _hope.TrySetResult();
            if (_files.TryGetValue(facts.Id, out LocalFile? known) && known.State is not (FileState.Cancelled or FileState.Failed))
                return known.Document();
            if (known is not null)
            {
                await known.IdleAsync().ConfigureAwait(false);
                Erase(facts.Id);
            }
            Directory.CreateDirectory(_folder);
            facts.Write(upload.Folder);
            isTaken(facts.Id);
            upload.MoveTo(FileFacts.FolderOf(_folder, facts.Id));
            return Enter(facts).Document();
        }
        finally
        {
            _changing.Release();
        }
    }

    private Problem TooMany() => new(ProblemKind.Full, $"there are {_files.Count} files, which is the limit; delete one first");

    internal Outcome<FileDocument> Cancel(string id)
    {
        Outcome<LocalFile> found = Find(id);
        if (found.Value is not { } file)
            return found.Problem!;
        file.Cancel();
        return file.Document();
    }

    /// <param name="playedBy">The name of a stream that plays a file; null if none does.</param>
    internal async Task<Outcome<FileDocument>> RemoveAsync(string id, Func<string, string?> playedBy, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            Outcome<LocalFile> found = Find(id);
            if (found.Value is not { } file)
                return found.Problem!;
            if (playedBy(id) is { } stream)
                return new Problem(ProblemKind.Taken, $"stream {stream} plays this file; remove the stream first");
            FileDocument document = file.Document();
            file.Stop();
            await file.IdleAsync().ConfigureAwait(false);
            _files.TryRemove(id, out _);
            file.Forget();
            Erase(id);
            _hope.TrySetResult();
            return document;
        }
        finally
        {
            _changing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _worker.ConfigureAwait(false);
        _stop.Dispose();
        _changing.Dispose();
    }

    private LocalFile Enter(FileFacts facts)
    {
        var file = new LocalFile(_system, facts, FileFacts.FilmOf(_folder, facts.Id));
        _files[facts.Id] = file;
        if (file.State == FileState.Queued)
            _waiting.Writer.TryWrite(file);
        return file;
    }

    private async Task ReadAll()
    {
        int failures = 0;
        try
        {
            await foreach (LocalFile file in _waiting.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                _hope = new TaskCompletionSource();
                failures = await TryReadAsync(file).ConfigureAwait(false) ? 0 : failures + 1;
                if (failures == 0)
                    continue;
                await PauseAsync(_system.Backoff.Wait(failures, Random.Shared.NextDouble())).ConfigureAwait(false);
                _waiting.Writer.TryWrite(file);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>One bad film never stops the others. False: its reading was broken off by what concerns all, and goes on later.</summary>
    private async Task<bool> TryReadAsync(LocalFile file)
    {
        try
        {
            await file.ReadAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (InferenceException e)
        {
            Wait(file, $"{e.Message}; reading goes on when the model answers", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Wait(file, "what is seen cannot be stored: the disk is full or not writable; reading goes on when there is room", e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _system.Warn($"file {file.Facts.Id}: {e.GetType().Name}: {e.Message}");
            file.Fail("an error in the server, see its log");
        }
        return !file.IsPaused;
    }

    private void Wait(LocalFile file, string why, Exception cause)
    {
        _system.Warn($"file {file.Facts.Id}: {why} ({cause.Message})");
        file.Wait(why);
    }

    /// <summary>Waits until things may be better: some time passed, somebody made room or sent a film once more.</summary>
    private async Task PauseAsync(TimeSpan longest)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(Task.Delay(longest, _system.Clock, end.Token), _hope.Task).ConfigureAwait(false);
        _stop.Token.ThrowIfCancellationRequested();
        await end.CancelAsync().ConfigureAwait(false);
    }

    private void Erase(string id)
    {
        string folder = FileFacts.FolderOf(_folder, id);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>The last part of a name that a client gave, without what cannot be shown.</summary>
    private static string Named(string fileName)
    {
        string name = new([.. fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c)).Take(LongestName)]);
        return name.Length > 0 ? name : "film";
    }
}
