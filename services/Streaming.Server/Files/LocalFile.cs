using Streaming.Compression;
using Streaming.Compression.Codec;
using Streaming.Contracts;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Server.Films;
using Streaming.Video;

namespace Streaming.Server.Files;

/// <summary>One uploaded file: how far it has been read, and what was seen of it. Read by one worker; any thread may look.</summary>
internal sealed class LocalFile(LocalSystem system, FileFacts facts, string path)
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly WeakReference<SeenFilm> _seen = new(null!);
    private volatile FileFacts _facts = facts;
    private volatile Reading? _reading;
    private volatile FilmFacts? _film;
    private volatile Task _work = Task.CompletedTask;
    private volatile Pause? _pause;

    internal FileFacts Facts => _facts;

    internal string Path => path;

    private string Key => FilmKey.Of(Convert.FromHexString(_facts.Content), system.Model.Digest, system.FilmSettings);

    /// <summary>Its reading was broken off by what has nothing to do with it, and goes on later.</summary>
    internal bool IsPaused => _pause?.Why is not null && State == FileState.Queued && !_cancel.IsCancellationRequested;

    internal FileState State => this switch
    {
        { _film: not null } => FileState.Ready,
        { _facts.Problem: not null } => FileState.Failed,
        { _facts.IsCancelled: true } => FileState.Cancelled,
        { _reading: not null } => FileState.Ingesting,
        _ => FileState.Queued,
    };

    /// <summary>Whether it was read to its end before, by whichever program.</summary>
    internal bool Recognise() => (_film = Seen()?.Facts) is not null;

    /// <summary>Completes when nobody reads it.</summary>
    internal async Task IdleAsync() => await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Reads it to its end, from where an earlier reading stood.</summary>
    /// <exception cref="InferenceException">The model did not encode a frame; what was read stays.</exception>
    /// <exception cref="IOException">What was seen cannot be stored; what was read stays.</exception>
    internal Task ReadAsync(CancellationToken cancellation) => _work = ReadToEndAsync(cancellation);

    private async Task ReadToEndAsync(CancellationToken cancellation)
    {
        if (State != FileState.Queued || _cancel.IsCancellationRequested || Recognise())
            return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _cancel.Token);
        using FilmDraft draft = system.Films.Resume(Key, system.Hidden);
        draft.Keep();
        var reading = new Reading(system, draft);
        _reading = reading;
        try
        {
            StreamReport report = await reading.RunAsync(path, stop.Token).ConfigureAwait(false);
            End(draft, reading, report);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was read stays, to be asked about and gone on with.
        }
        finally
        {
            _pause = new Pause(reading.Reached, reading.Stream.Account, null);
            _reading = null;
        }
    }

    /// <summary>Says why its reading waits.</summary>
    internal void Wait(string why) => _pause = (_pause ?? new Pause(default, default, null)) with { Why = why };

    /// <summary>Stops reading, for good.</summary>
    internal void Cancel()
    {
        if (State is FileState.Queued or FileState.Ingesting)
            Change(_facts with { IsCancelled = true });
        Stop();
    }

    /// <summary>Stops reading until the next start.</summary>
    internal void Stop() => _cancel.Cancel();

    /// <summary>Nothing of it can be read.</summary>
    internal void Fail(string problem) => Change(_facts with { Problem = problem });

    /// <summary>What a full disk does not take counts until the next start.</summary>
    private void Change(FileFacts facts)
    {
        _facts = facts;
        try
        {
            facts.Write(System.IO.Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            system.Warn($"file {facts.Id}: {e.Message}");
        }
    }

    /// <summary>Forgets what was seen of it.</summary>
    internal void Forget()
    {
        if (_seen.TryGetTarget(out SeenFilm? seen))
            system.Recent.Forget(seen);
        system.Films.Remove(Key);
    }

    internal Sighting See(Moment? from, Moment? to)
    {
        View view = Look();
        TimeSpan start = from?.Within(default, view.SeenUntil) ?? TimeSpan.Zero;
        TimeSpan? end = to?.Within(default, view.SeenUntil);
        start = start < TimeSpan.Zero ? TimeSpan.Zero : start;
        return new Sighting(
            SourceName.File(_facts.Id), view.MemoryAsOf(end), start, end, view.SeenUntil,
            view.Index.SampledBetween(start, end ?? view.SeenUntil, view.Frames.Sampled) * system.TokensPerFrame, view.Frames, null, Notes: view.Notes)
        { Picture = time => view.Index.PictureAt(time, PictureOf), NumberAt = view.Index.NumberAt };
    }

    internal KeyframeIndex Index => Look().Index;

    internal string PictureOf(int number) => System.IO.Path.Combine(Look().Folder, FilmDraft.PictureName(number));

    internal FileDocument Document()
    {
        FileFacts filed = _facts;
        Reading? reading = _reading;
        FilmFacts? seen = reading is null ? _film : null;
        Pause? pause = _pause;
        // Both as of one moment: what is told to wait is not told to be read.
        string? waits = IsPaused ? pause?.Why : null;
        FileState state = waits is null ? State : FileState.Queued;
        StreamAccount account = reading?.Stream.Account ?? pause?.Account ?? default;
        TimeSpan reached = reading?.Reached ?? seen?.LastSample ?? pause?.Reached ?? TimeSpan.Zero;
        return new FileDocument(
            filed.Id, filed.Name, state, filed.SizeBytes, filed.CreatedAt, seen?.DurationSeconds ?? filed.DurationSeconds, filed.Codec, filed.Width, filed.Height,
            reached.TotalSeconds, filed.DurationSeconds is { } duration ? reading?.Left(TimeSpan.FromSeconds(duration))?.TotalSeconds : null,
            seen?.Frames ?? FrameAccounts.Of(account, reading?.Stream.Evidence ?? default),
            filed.Problem ?? seen?.Problem ?? waits);
    }

    private void End(FilmDraft draft, Reading reading, StreamReport report)
    {
        if (reading.Stream.Account.Kept == 0)
        {
            Fail(report.Decode.Failure?.Message ?? "it holds no picture");
            system.Films.Remove(Key);
            return;
        }
        SeenFilm seen = draft.Publish(reading.FactsOf(report, _facts));
        // The first question comes soon, and would wait for this.
        seen.MemoryAsOf(null, system.Streams.Memory);
        system.Recent.Ask(seen);
        _seen.SetTarget(seen);
        _film = seen.Facts;
    }

    private SeenFilm? Seen()
    {
        if (_seen.TryGetTarget(out SeenFilm? seen))
            return seen;
        seen = system.Films.Find(Key);
        if (seen is not null)
            _seen.SetTarget(seen);
        return seen;
    }

    /// <summary>What there is of it now, read to its end or not.</summary>
    private View Look()
    {
        if (_reading is { } reading)
        {
            // Before the memory, which then holds all up to there.
            TimeSpan seenUntil = reading.SeenUntil;
            return View.Of(reading.Draft.Folder, reading.Draft.Index, reading.Stream.Memory, reading.Stream.Account, reading.Stream.Evidence, seenUntil, reading.Notes);
        }
        if (Seen() is { } seen)
        {
            system.Recent.Ask(seen);
            return new View(seen.Folder, seen.Index, seen.Facts.LastSample, seen.Facts.Frames, asOf => seen.MemoryAsOf(asOf, system.Streams.Memory), seen.Notes);
        }
        string part = system.Films.PartOf(Key);
        var index = new KeyframeIndex();
        StreamPast past = FilmDraft.PastOf(part, system.Streams.Memory, index);
        return View.Of(part, index, past.Memory, past.Account, default, past.Memory.Entries is [.., var last] ? last.Time : TimeSpan.Zero, new NotebookFile(part, system.Warn).Read());
    }

    /// <summary>How far a reading came that was broken off.</summary>
    /// <param name="Why">Why it waits; null: it does not wait.</param>
    private sealed record Pause(TimeSpan Reached, StreamAccount Account, string? Why);

    private sealed record View(string Folder, KeyframeIndex Index, TimeSpan SeenUntil, FrameCounts Frames, Func<TimeSpan?, MemorySnapshot> MemoryAsOf, NotebookSnapshot? Notes)
    {
        internal static View Of(
            string folder, KeyframeIndex index, MemorySnapshot memory, StreamAccount account, CodecEvidence evidence, TimeSpan seenUntil, NotebookSnapshot? notes) => new(
            folder, index, seenUntil, FrameAccounts.Of(account, evidence), _ => memory, notes);
    }
}
