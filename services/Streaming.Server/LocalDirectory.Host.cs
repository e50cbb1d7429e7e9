using Streaming.Contracts;
using Streaming.Server.Conversations;
using Streaming.Server.Files;
using Streaming.Server.Questions;
using Streaming.Server.Store;
using Streaming.Server.Streams;

namespace Streaming.Server;

/// <summary>
/// One machine of a cluster. The machines share the data folder and one Redis: declarations, watches, films and pictures lie in the
/// folder, so that each machine can read those of any other, and what streams remember in Redis, which refuses what an earlier owner writes.
/// </summary>
public sealed partial class LocalDirectory : IStreamHost
{
    public IStreamDirectory Here => this;

    public int Slots => _system.Settings.Streams;

    public IReadOnlyList<string> Running => [.. _streams.All.Select(stream => stream.Name)];

    public IReadOnlyList<string> Declared => _streams.DeclaredNames;

    public IConversations Conversations => _book ?? throw new InvalidOperationException("the conversations are not kept here");

    /// <summary>The key that names who runs a stream, for whoever looks into the cluster.</summary>
    internal static string OwnerKey(RedisAddress redis, string stream) => $"{redis.Prefix}:{{{stream}}}:machine";

    public async Task<Problem?> OpenAsync(string stream)
    {
        bool isNew = _streams.Find(stream).Value is null;
        if (await _streams.OpenAsync(stream).ConfigureAwait(false) is { } problem)
            return problem;
        if (isNew)
            _watches.Open(stream);
        await NameOwnerAsync(stream).ConfigureAwait(false);
        return null;
    }

    public async Task CloseAsync(string stream)
    {
        _watches.Close(stream);
        await _streams.CloseAsync(stream).ConfigureAwait(false);
    }

    public async Task<Problem?> OpenConversationsAsync()
    {
        ConversationBook book = NewBook();
        try
        {
            await book.OpenAsync().ConfigureAwait(false);
            _book = book;
            return null;
        }
        catch (StoreException e)
        {
            return new Problem(ProblemKind.Unavailable, $"the memory store does not do its part: {e.Message}");
        }
    }

    public async Task CloseConversationsAsync()
    {
        if (Interlocked.Exchange(ref _book, null) is { } book)
            await book.DisposeAsync().ConfigureAwait(false);
    }

    public Task OpenFilesAsync()
    {
        var files = new FileLibrary(_system, HandOverAsync);
        files.Open();
        files.Start();
        _files = files;
        return Task.CompletedTask;
    }

    public async Task CloseFilesAsync()
    {
        await _files.DisposeAsync().ConfigureAwait(false);
        _files = new FileLibrary(_system, HandOverAsync);
    }

    public async Task<Outcome<FileDocument>> TakeFilmAsync(string folder, string name, CancellationToken cancellation)
    {
        using var upload = new Upload(Path.Combine(_system.Settings.DataFolder, folder));
        try
        {
            await upload.MeasureAsync(cancellation).ConfigureAwait(false);
            return await _files.TakeAsync(upload, name, _ => { }, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _system.Warn($"the film in {folder} cannot be filed: {e.Message}");
            return Upload.NoRoom;
        }
    }

    public IAsyncEnumerable<AnswerPiece> AskAllAsync(AskRequest request, Func<AskRequest, CancellationToken, IAsyncEnumerable<AnswerPiece>> ask, CancellationToken cancellation) =>
        new ComposedQuestion(_conversations, ask).AskAsync(request, cancellation);

    public void HearOfEvents() => _sharedEvents?.HearSoon();

    /// <summary>What was received here goes to the machine that has the films; it lies in the folder that both see.</summary>
    private async Task<Outcome<FileDocument>> HandOverAsync(Upload upload, string fileName, Action<string> isTaken, CancellationToken cancellation)
    {
        Outcome<FileDocument> taken = await _link!.TakeFilmAsync(Path.GetRelativePath(_system.Settings.DataFolder, upload.Folder), fileName, cancellation).ConfigureAwait(false);
        if (taken.Value is { } file)
            isTaken(file.Id);
        return taken;
    }

    private string? SharedFilm(string id)
    {
        string film = FileFacts.FilmOf(FileLibrary.FolderIn(_system.Settings.DataFolder), Path.GetFileName(id));
        return File.Exists(film) ? film : null;
    }

    private string? SharedPlayerOf(string file) => _streams.Declared.FirstOrDefault(stream => stream.File == file)?.Name;

    /// <summary>For people only: where it cannot be written, the stream runs all the same.</summary>
    private async Task NameOwnerAsync(string stream)
    {
        try
        {
            await _redis!.SendAsync("SET", OwnerKey(_redis.Address, stream), _link!.Machine).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            _system.Warn($"stream {stream}: who runs it cannot be told: {e.Message}");
        }
    }
}
