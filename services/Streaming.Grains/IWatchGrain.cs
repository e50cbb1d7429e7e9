using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>The standing questions of one stream, by its name, on the machine that runs it: what <see cref="IWatchDirectory"/> lets ask of one stream.</summary>
public interface IWatchGrain : IGrainWithStringKey
{
    Task<Outcome<WatchDocument>> AddAsync(WatchRequest request, CancellationToken cancellation);

    Task<Outcome<WatchList>> AllAsync(CancellationToken cancellation);

    Task<Outcome<WatchDocument>> FindAsync(string watch, CancellationToken cancellation);

    Task<Outcome<WatchDocument>> ChangeAsync(string watch, WatchPatch patch, CancellationToken cancellation);

    Task<Outcome<WatchDocument>> RemoveAsync(string watch, CancellationToken cancellation);

    /// <summary>Takes half a minute at most, besides the wait for the model.</summary>
    [ResponseTimeout("00:02:00")]
    Task<Outcome<BacktestDocument>> BacktestAsync(WatchRequest request, CancellationToken cancellation);
}
