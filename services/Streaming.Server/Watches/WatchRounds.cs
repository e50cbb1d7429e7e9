using Streaming.Contracts;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Alerts;
using Streaming.Server.Streams;

namespace Streaming.Server.Watches;

/// <summary>
/// Asks the watches when they are due, one round after another: all of a stream that are due, about one and the same memory, so that
/// what was encoded once and read once serves them all, and all at once, so that the model writes their answers together. An answer that holds becomes an event, stored before anybody hears of it.
/// </summary>
internal sealed class WatchRounds(LocalSystem system, StreamRegistry streams, WatchRegistry watches, IAlertLog log, WatchMetrics metrics) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;
    private bool _isFull;

    internal void Start() => _work = Task.Run(WorkAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            if (watches.Take() is var (stream, due))
                await AskAsync(stream, due).ConfigureAwait(false);
            else
                await WaitAsync().ConfigureAwait(false);
        }
    }

    private async Task WaitAsync()
    {
        var (wait, changed) = watches.Next;
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(changed, Task.Delay(wait ?? Timeout.InfiniteTimeSpan, system.Clock, woken.Token)).ConfigureAwait(false);
        await woken.CancelAsync().ConfigureAwait(false);
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>What goes wrong with one stream is told and is nothing to the others.</summary>
    private async Task AskAsync(string name, IReadOnlyList<(LocalWatch Watch, int Skipped)> due)
    {
        try
        {
            if (streams.Find(name).Value is { IsTaken: false } stream)
                await AskAsync(stream, due).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            system.Warn($"the watches of stream {name} could not be asked: {e.GetType().Name}: {e.Message}");
        }
    }

    private async Task AskAsync(LocalStream stream, IReadOnlyList<(LocalWatch Watch, int Skipped)> due)
    {
        Sighting seen = stream.See(null, null);
        var asked = new List<(LocalWatch Watch, bool WasUnderWay, Task<LocalWatch.Finding> Finding)>();
        foreach ((LocalWatch watch, int skipped) in due)
        {
            if (skipped > 0)
            {
                watch.Skip(skipped);
                metrics.Skipped(stream.Name, "late", skipped);
            }
            if (seen.Memory.Entries.IsEmpty || watch.HasSeen(seen.SeenUntil))
                metrics.Skipped(stream.Name, "still", 1);
            else
                asked.Add((watch, watch.State.Holds, AskAsync(watch, seen)));
        }
        await Task.WhenAll(asked.Select(one => (Task)one.Finding)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (watch, wasUnderWay, finding) in asked)
            await ConcludeAsync(stream, watch, wasUnderWay, finding).ConfigureAwait(false);
    }

    private Task<LocalWatch.Finding> AskAsync(LocalWatch watch, Sighting seen) => StreamingTraces.SpanAsync("watch", span =>
    {
        span?.SetTag("streaming.source", seen.Source.Path).SetTag("streaming.watch", watch.Declaration.Name);
        return watch.AskAsync(seen, seen.SeenUntil, system.Clock.GetUtcNow(), InferenceClass.Watch, _stop.Token);
    });

    private async Task ConcludeAsync(LocalStream stream, LocalWatch watch, bool wasUnderWay, Task<LocalWatch.Finding> finding)
    {
        try
        {
            LocalWatch.Finding found = await finding.ConfigureAwait(false);
            metrics.Evaluated(stream.Name, found.First.Holds switch { true => "holds", false => "not", null => "unclear" }, found.First.IsReused);
            if (found.IsUnconfirmed)
                metrics.Fired(stream.Name, "unconfirmed");
            if (found.Fires)
                Fire(stream, watch, found);
            else if (wasUnderWay && !watch.State.Holds)
                watches.Settle(stream.Name, watch);
        }
        catch (Exception e) when (e is InferenceException or PromptTooLongException)
        {
            // Told by the model's own health; the watch is asked again when it is due.
            metrics.Evaluated(stream.Name, "failed", isReused: false);
        }
    }

    /// <summary>What cannot be stored has not happened: it fires when it is asked again, if it still holds.</summary>
    private void Fire(LocalStream stream, LocalWatch watch, LocalWatch.Finding found)
    {
        Answer answer = found.First.Answer;
        int[] keyframes = [.. answer.Citations.Select(citation => citation.Keyframe.Number).Distinct()];
        WatchDeclaration declared = watch.Declaration;
        var alert = new Alert(
            0, stream.Name, declared.Name, declared.Severity, declared.Question, answer.Text, answer.Model,
            stream.At(found.Since), stream.At(found.At), found.Since.TotalSeconds, found.At.TotalSeconds, keyframes, HasPicture: false, default);
        try
        {
            watches.Settle(stream.Name, watch, () =>
            {
                log.Append(alert, keyframes is [.., var newest] ? Picture(stream, newest) : null, declared.Webhook is not null);
                watch.Fire(found.At);
                metrics.Fired(stream.Name, $"{declared.Severity}".ToLowerInvariant());
                _isFull = false;
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isFull)
                system.Warn($"an event of stream {stream.Name} cannot be stored: {e.Message}");
            _isFull = true;
        }
    }

    private static byte[]? Picture(LocalStream stream, int number)
    {
        try
        {
            return File.ReadAllBytes(stream.PictureOf(number));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
