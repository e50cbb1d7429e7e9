using Orleans.Concurrency;
using Streaming.Contracts;
using Streaming.Grains.Placement;

namespace Streaming.Grains;

/// <summary>
/// One machine of the cluster, by its address, where events of watches are heard of. They lie in Redis, which numbers them; whichever machine
/// stores or changes one tells all others, so that whoever follows events there need not wait until that machine looks by itself.
/// </summary>
public interface IEventGrain : IGrainWithStringKey
{
    [OneWay]
    Task HearAsync();
}

/// <inheritdoc cref="IEventGrain"/>
[OwnMachinePlacement]
internal sealed class EventGrain(IStreamHost host) : Grain, IEventGrain
{
    public Task HearAsync()
    {
        host.HearOfEvents();
        return Task.CompletedTask;
    }
}
