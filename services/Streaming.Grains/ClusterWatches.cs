using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>The watches of a cluster, each on the machine of its stream, and their events, which every machine sees.</summary>
internal sealed class ClusterWatches(IStreamHost host, IGrainFactory grains) : IWatchDirectory
{
    private IWatchGrain Of(string stream) => grains.GetGrain<IWatchGrain>(stream);

    public Task<Outcome<WatchDocument>> AddAsync(string stream, WatchRequest request, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Of(stream).AddAsync(request, cancellation), cancellation);

    public Task<Outcome<WatchList>> AllAsync(string stream, CancellationToken cancellation) => ClusterCalls.AskAsync(() => Of(stream).AllAsync(cancellation), cancellation);

    public Task<Outcome<WatchDocument>> FindAsync(string stream, string watch, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Of(stream).FindAsync(watch, cancellation), cancellation);

    public Task<Outcome<WatchDocument>> ChangeAsync(string stream, string watch, WatchPatch patch, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Of(stream).ChangeAsync(watch, patch, cancellation), cancellation);

    public Task<Outcome<WatchDocument>> RemoveAsync(string stream, string watch, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Of(stream).RemoveAsync(watch, cancellation), cancellation);

    public Task<Outcome<BacktestDocument>> BacktestAsync(string stream, WatchRequest request, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Of(stream).BacktestAsync(request, cancellation), cancellation);

    public Task<AlertList> EventsAsync(AlertQuery query, CancellationToken cancellation) => host.Here.Watches.EventsAsync(query, cancellation);

    public Task<Outcome<AlertDocument>> EventAsync(string id, CancellationToken cancellation) => host.Here.Watches.EventAsync(id, cancellation);

    public Task<Outcome<AlertDocument>> AcknowledgeAsync(string id, Acknowledgement acknowledgement, CancellationToken cancellation) =>
        host.Here.Watches.AcknowledgeAsync(id, acknowledgement, cancellation);

    public Task<Outcome<AlertDocument>> RedeliverAsync(string id, CancellationToken cancellation) => host.Here.Watches.RedeliverAsync(id, cancellation);

    public Task<Outcome<byte[]>> PictureAsync(string id, CancellationToken cancellation) => host.Here.Watches.PictureAsync(id, cancellation);

    public IAsyncEnumerable<AlertDocument> FollowAsync(AlertQuery query, CancellationToken cancellation) => host.Here.Watches.FollowAsync(query, cancellation);
}
