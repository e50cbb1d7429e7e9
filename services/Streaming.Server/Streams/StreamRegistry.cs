using System.Collections.Concurrent;
using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Server.Clustering;
using Streaming.Server.Store;

namespace Streaming.Server.Streams;

/// <summary>The streams of this machine by name. Changes happen one after another.</summary>
internal sealed class StreamRegistry : IAsyncDisposable
{
    private readonly LocalSystem _system;
    private readonly Func<string, string?> _filmOf;
    private readonly string _folder;
    private readonly ConcurrentDictionary<string, LocalStream> _streams = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1);

    /// <param name="filmOf">The path of an uploaded film by its id; null if there is none.</param>
    internal StreamRegistry(LocalSystem system, Func<string, string?> filmOf)
    {
        (_system, _filmOf) = (system, filmOf);
        _folder = Path.Combine(system.Settings.DataFolder, "streams");
    }

    /// <summary>Opens the streams that were declared earlier.</summary>
    /// <exception cref="StoreException">What one of them remembers cannot be read now.</exception>
    internal async Task OpenAsync()
    {
        foreach ((StreamFolder folder, StreamDeclaration declaration) in StreamFolder.All(_folder, _system.Warn))
            _streams[declaration.Name] = await LocalStream.OpenAsync(_system, folder, declaration, _filmOf).ConfigureAwait(false);
    }

    /// <summary>Opens one stream that was declared on whichever machine, and begins to run it; nothing happens if it runs.</summary>
    /// <returns>Null once it does; otherwise why it does not.</returns>
    internal async Task<Problem?> OpenAsync(string name)
    {
        Outcome<StreamDocument> opened = await ChangingAsync(async () =>
        {
            if (!_streams.TryGetValue(name, out LocalStream? stream))
            {
                if (StreamFolder.Find(_folder, name, _system.Warn) is not var (folder, declaration))
                    return Problem.NoStream;
                stream = _streams[name] = await LocalStream.OpenAsync(_system, folder, declaration, _filmOf).ConfigureAwait(false);
                stream.Start();
            }
            return stream.Document();
        }, CancellationToken.None).ConfigureAwait(false);
        return opened.Problem;
    }

    /// <summary>Lets go of a stream; what it saw stays.</summary>
    internal async Task CloseAsync(string name)
    {
        if (_streams.TryRemove(name, out LocalStream? stream))
            await stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>All that are declared, on whichever machine.</summary>
    internal IReadOnlyList<StreamDeclaration> Declared => [.. DeclaredNames.Select(name => StreamFolder.Find(_folder, name, warn: null)?.Declaration).OfType<StreamDeclaration>()];

    /// <summary>Where a picture lies of a stream that may run elsewhere; null: there is no such stream.</summary>
    internal string? SharedPictureOf(string name, int number) =>
        DeclaredNames.Contains(name) ? PictureShelf.PathIn(StreamFolder.Of(_folder, name).Pictures, number) : null;

    internal IReadOnlyList<string> DeclaredNames => StreamFolder.Names(_folder);

    internal IReadOnlyList<LocalStream> All => [.. _streams.Values.OrderBy(stream => stream.Name, StringComparer.Ordinal)];

    internal Outcome<LocalStream> Find(string name) =>
        _streams.TryGetValue(name, out LocalStream? stream) ? stream : Problem.NoStream;

    /// <summary>Begins to run all that shall.</summary>
    internal void Start()
    {
        foreach (LocalStream stream in All)
            stream.Start();
    }

    internal Task<Outcome<StreamDocument>> AddAsync(StreamRequest request, CancellationToken cancellation) => ChangingAsync(async () =>
    {
        if (StreamRules.Refuse(request) is { } refused)
            return refused;
        if (_streams.ContainsKey(request.Name!))
            return new Problem(ProblemKind.Taken, $"there is a stream {request.Name} already");
        if (_streams.Count >= _system.Settings.Streams)
            return new Problem(ProblemKind.Full, $"there are {_streams.Count} streams, which is the limit; remove one first");
        if (request.File is { } id && _filmOf(id) is null)
            return new Problem(ProblemKind.Invalid, "file has to be the id of an uploaded file; there is none of that id");
        LocalStream stream = await EnterAsync(request).ConfigureAwait(false);
        stream.Start();
        return stream.Document();
    }, cancellation);

    internal Task<Outcome<StreamDocument>> ChangeAsync(string name, StreamPatch patch, CancellationToken cancellation) => ChangingAsync(async () =>
    {
        Outcome<LocalStream> found = Find(name);
        if (found.Value is not { } stream)
            return found.Problem!;
        if (StreamRules.Refuse(patch) is { } refused)
            return refused;
        if (stream.Declaration.File is not null && (patch.Url ?? patch.SubUrl) is not null)
            return new Problem(ProblemKind.Invalid, "this stream plays a file; url and sub_url belong to cameras");
        StreamDeclaration before = stream.Declaration, after = Apply(before, patch);
        if (before with { TimeZone = after.TimeZone } != after)
            await stream.StopAsync().ConfigureAwait(false);
        stream.Declare(declaration => Apply(declaration, patch));
        stream.Start();
        return stream.Document();
    }, cancellation);

    internal Task<Outcome<StreamDocument>> RemoveAsync(string name, CancellationToken cancellation) => ChangingAsync(async () =>
    {
        Outcome<LocalStream> found = Find(name);
        if (found.Value is not { } stream)
            return found.Problem!;
        StreamDocument document = stream.Document();
        await stream.DisposeAsync().ConfigureAwait(false);
        await stream.DeleteAsync().ConfigureAwait(false);
        _streams.TryRemove(name, out _);
        return document;
    }, cancellation);

    /// <summary>Declares a camera of the configuration, or changes the stream of that name to what the configuration says.</summary>
    /// <exception cref="SettingException">It cannot be declared like this.</exception>
    internal async Task ConfigureAsync(StreamRequest camera)
    {
        Outcome<StreamDocument> outcome = _streams.ContainsKey(camera.Name ?? "") && StreamRules.Refuse(camera) is null
            ? await ChangeAsync(camera.Name!, ClusterCameras.StreamPatchOf(camera), default).ConfigureAwait(false)
            : await AddAsync(camera, default).ConfigureAwait(false);
        if (outcome.Problem is { } problem)
            throw new SettingException($"{Settings.CamerasVariable} declares a stream {camera.Name} that cannot be: {problem.Detail}");
    }

    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        await Task.WhenAll(_streams.Values.Select(stream => stream.DisposeAsync().AsTask())).ConfigureAwait(false);
        _changing.Dispose();
    }

    private async Task<LocalStream> EnterAsync(StreamRequest request)
    {
        var declaration = new StreamDeclaration(
            request.Name!, request.Url, request.File, request.SubUrl is "" ? null : request.SubUrl, request.Sampling ?? _system.Streams.Decode.FramesPerSecond,
            request.Decode ?? DecodeMode.All, request.TimeZone ?? StreamRules.DefaultTimeZone, Enabled: true, _system.Clock.GetUtcNow(),
            Policy: request.Policy, Retain: request.Retain, Zones: request.Zones, TimeoutSeconds: request.TimeoutSeconds is 0 ? null : request.TimeoutSeconds);
        try
        {
            return _streams[declaration.Name] = await LocalStream.OpenAsync(_system, StreamFolder.Create(_folder, declaration), declaration, _filmOf).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or StoreException)
        {
            // What was refused must not be there after the next start.
            StreamFolder.Of(_folder, declaration.Name).Delete();
            throw;
        }
    }

    private static StreamDeclaration Apply(StreamDeclaration declaration, StreamPatch patch) => declaration with
    {
        Url = patch.Url ?? declaration.Url,
        SubUrl = patch.SubUrl is "" ? null : patch.SubUrl ?? declaration.SubUrl,
        Sampling = patch.Sampling ?? declaration.Sampling,
        Decode = patch.Decode ?? declaration.Decode,
        TimeZone = patch.TimeZone ?? declaration.TimeZone,
        Enabled = patch.Enabled ?? declaration.Enabled,
        Policy = patch.Policy ?? declaration.Policy,
        Retain = patch.Retain ?? declaration.Retain,
        Zones = patch.Zones ?? declaration.Zones,
        TimeoutSeconds = patch.TimeoutSeconds is 0 ? null : patch.TimeoutSeconds ?? declaration.TimeoutSeconds,
    };

    private async Task<Outcome<StreamDocument>> ChangingAsync(Func<Task<Outcome<StreamDocument>>> change, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await change().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _system.Warn($"a stream's declaration cannot be stored: {e.Message}");
            return new Problem(ProblemKind.Full, "the declaration cannot be stored: the disk is full or not writable");
        }
        catch (StoreException e)
        {
            return new Problem(ProblemKind.Unavailable, $"the memory store does not do its part: {e.Message}");
        }
        finally
        {
            _changing.Release();
        }
    }
}
