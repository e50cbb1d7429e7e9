using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Streaming.Grains.Placement;

/// <summary>A grain whose key is a machine's address is on that machine.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking]
internal sealed class OwnMachinePlacement : PlacementStrategy;

/// <inheritdoc cref="OwnMachinePlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OwnMachinePlacementAttribute() : PlacementAttribute(new OwnMachinePlacement());

internal sealed class OwnMachineDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var machine = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!);
        return context.GetCompatibleSilos(target).Contains(machine)
            ? Task.FromResult(machine)
            : throw new SiloUnavailableException($"the machine at {machine.Endpoint} has left the cluster");
    }
}
