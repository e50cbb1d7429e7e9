using System.Diagnostics;
using Streaming.Contracts;

namespace Streaming.Server.Access;

/// <summary>Watches and events as they are for one caller: those of streams that do not exist for them do not exist either.</summary>
internal sealed class GuardedWatches(IWatchDirectory watches, Caller caller, Allowances allowances) : IWatchDirectory
{
    public Task<Outcome<WatchDocument>> AddAsync(string stream, WatchRequest request, CancellationToken cancellation) =>
        OfStream(stream, () => watches.AddAsync(stream, request, cancellation));

    public Task<Outcome<WatchList>> AllAsync(string stream, CancellationToken cancellation) =>
        OfStream(stream, () => watches.AllAsync(stream, cancellation));

    public Task<Outcome<WatchDocument>> FindAsync(string stream, string watch, CancellationToken cancellation) =>
        OfStream(stream, () => watches.FindAsync(stream, watch, cancellation));

    public Task<Outcome<WatchDocument>> ChangeAsync(string stream, string watch, WatchPatch patch, CancellationToken cancellation) =>
        OfStream(stream, () => watches.ChangeAsync(stream, watch, patch, cancellation));

    public Task<Outcome<WatchDocument>> RemoveAsync(string stream, string watch, CancellationToken cancellation) =>
        OfStream(stream, () => watches.RemoveAsync(stream, watch, cancellation));

    public Task<Outcome<BacktestDocument>> BacktestAsync(string stream, WatchRequest request, CancellationToken cancellation) =>
        OfStream(stream, () => MeteredAsync(stream, () => watches.BacktestAsync(stream, request, cancellation)));

    public Task<AlertList> EventsAsync(AlertQuery query, CancellationToken cancellation) => watches.EventsAsync(Theirs(query), cancellation);

    public IAsyncEnumerable<AlertDocument> FollowAsync(AlertQuery query, CancellationToken cancellation) => watches.FollowAsync(Theirs(query), cancellation);

    public Task<Outcome<AlertDocument>> EventAsync(string id, CancellationToken cancellation) =>
        OfEvent(id, () => watches.EventAsync(id, cancellation), cancellation);

    public Task<Outcome<AlertDocument>> AcknowledgeAsync(string id, Acknowledgement acknowledgement, CancellationToken cancellation) =>
        OfEvent(id, () => watches.AcknowledgeAsync(id, acknowledgement, cancellation), cancellation);

    public Task<Outcome<AlertDocument>> RedeliverAsync(string id, CancellationToken cancellation) =>
        OfEvent(id, () => watches.RedeliverAsync(id, cancellation), cancellation);

    public Task<Outcome<byte[]>> PictureAsync(string id, CancellationToken cancellation) =>
        OfEvent(id, () => watches.PictureAsync(id, cancellation), cancellation);

    /// <summary>A back-test asks the model many times.</summary>
    private async Task<Outcome<BacktestDocument>> MeteredAsync(string stream, Func<Task<Outcome<BacktestDocument>>> backtest)
    {
        if (allowances.Question(caller, [SourceName.Stream(stream)]) is { } spent)
            return spent;
        long begun = Stopwatch.GetTimestamp();
        try
        {
            return await backtest().ConfigureAwait(false);
        }
        finally
        {
            allowances.Spend(caller, [SourceName.Stream(stream)], 0, Stopwatch.GetElapsedTime(begun));
        }
    }

    private AlertQuery Theirs(AlertQuery query) => query with { Streams = caller.Streams };

    private Task<Outcome<T>> OfStream<T>(string stream, Func<Task<Outcome<T>>> call)
        where T : class =>
        caller.Sees(SourceName.Stream(stream)) ? call() : Task.FromResult<Outcome<T>>(Problem.NoStream);

    private async Task<Outcome<T>> OfEvent<T>(string id, Func<Task<Outcome<T>>> call, CancellationToken cancellation)
        where T : class
    {
        Outcome<AlertDocument> found = await watches.EventAsync(id, cancellation).ConfigureAwait(false);
        return found.Value is { } alert && caller.Sees(SourceName.Stream(alert.Stream)) ? await call().ConfigureAwait(false) : Problem.NoEvent;
    }
}
