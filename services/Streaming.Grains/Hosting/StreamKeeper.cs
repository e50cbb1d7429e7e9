using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Streaming.Grains.Hosting;

/// <summary>
/// Has the catalog see to all streams when a machine came or went, and every <see cref="Period"/> besides: what was told to a machine that was
/// lost in that moment is so told again long before the catalog's reminder.
/// </summary>
internal sealed class StreamKeeper(IClusterMembershipService membership, IGrainFactory grains) : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (bool _ in TurnsAsync(stoppingToken))
        {
            try
            {
                await grains.GetGrain<IStreamCatalogGrain>(0).ReviveAsync().WaitAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                // The machine that has the catalog was lost: the next turn finds it elsewhere.
                await Task.Delay(TimeSpan.FromMilliseconds(250), stoppingToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>One at once, one whenever who is there changes, and one each period.</summary>
    private async IAsyncEnumerable<bool> TurnsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await using IAsyncEnumerator<ClusterMembershipSnapshot> changes = membership.MembershipUpdates.GetAsyncEnumerator(stop);
        Task<bool> changed = changes.MoveNextAsync().AsTask();
        while (true)
        {
            yield return true;
            await Task.WhenAny(changed, Task.Delay(Period, stop)).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (changed.IsCompleted)
                changed = changes.MoveNextAsync().AsTask();
        }
    }
}
