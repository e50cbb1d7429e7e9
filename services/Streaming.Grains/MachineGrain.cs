using Streaming.Contracts;
using Streaming.Grains.Placement;

namespace Streaming.Grains;

/// <summary>One machine of the cluster, by its address: what it has room for.</summary>
internal interface IMachineGrain : IGrainWithStringKey
{
    Task<MachineLoad> LoadAsync();
}

/// <param name="Slots">How many streams it may be given.</param>
/// <param name="Streams">Those that it runs.</param>
/// <param name="IsDraining">It is about to leave.</param>
[GenerateSerializer, Immutable, Alias("streaming.machine-load")]
internal sealed record MachineLoad([property: Id(0)] int Slots, [property: Id(1)] IReadOnlyList<string> Streams, [property: Id(2)] bool IsDraining);

/// <inheritdoc cref="IMachineGrain"/>
[OwnMachinePlacement]
internal sealed class MachineGrain(IStreamHost host, DrainState drain) : Grain, IMachineGrain
{
    public Task<MachineLoad> LoadAsync() => Task.FromResult(new MachineLoad(host.Slots, host.Running, drain.IsDraining));
}

/// <summary>Whether this machine is about to leave the cluster.</summary>
internal sealed class DrainState
{
    internal volatile bool IsDraining;
}
