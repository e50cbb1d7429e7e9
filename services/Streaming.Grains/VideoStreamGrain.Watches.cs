using Streaming.Contracts;

namespace Streaming.Grains;

internal sealed partial class VideoStreamGrain : IWatchGrain
{
    Task<Outcome<WatchDocument>> IWatchGrain.AddAsync(WatchRequest request, CancellationToken cancellation) => OnAsync(here => here.Watches.AddAsync(Name, request, cancellation));

    Task<Outcome<WatchList>> IWatchGrain.AllAsync(CancellationToken cancellation) => OnAsync(here => here.Watches.AllAsync(Name, cancellation));

    Task<Outcome<WatchDocument>> IWatchGrain.FindAsync(string watch, CancellationToken cancellation) => OnAsync(here => here.Watches.FindAsync(Name, watch, cancellation));

    Task<Outcome<WatchDocument>> IWatchGrain.ChangeAsync(string watch, WatchPatch patch, CancellationToken cancellation) =>
        OnAsync(here => here.Watches.ChangeAsync(Name, watch, patch, cancellation));

    Task<Outcome<WatchDocument>> IWatchGrain.RemoveAsync(string watch, CancellationToken cancellation) => OnAsync(here => here.Watches.RemoveAsync(Name, watch, cancellation));

    Task<Outcome<BacktestDocument>> IWatchGrain.BacktestAsync(WatchRequest request, CancellationToken cancellation) => OnAsync(here => here.Watches.BacktestAsync(Name, request, cancellation));
}
