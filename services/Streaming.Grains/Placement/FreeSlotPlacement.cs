using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Streaming.Grains.Placement;

/// <summary>A stream goes to the machine with the most free decoder slots.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking]
internal sealed class FreeSlotPlacement : PlacementStrategy;

/// <inheritdoc cref="FreeSlotPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreeSlotPlacementAttribute() : PlacementAttribute(new FreeSlotPlacement());

/// <summary>
/// Asks every machine how many slots it has free, and chooses the one with the most. What was placed since a machine told its load counts as
/// taken, so that thirty streams that come at once are spread. A machine that drains is chosen only where there is no other; one that
/// has no slot left is too, because a stream that ran on a machine that is gone runs slower there, rather than not at all: new streams are
/// refused by the machine itself.
/// </summary>
internal sealed class FreeSlotDirector(IGrainFactory grains, DrainState drain, TimeProvider clock) : IPlacementDirector
{
    /// <summary>A load is asked for anew after this: a machine answers in milliseconds, and streams come in bursts.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>A machine that does not answer within this is not the one to be given a stream.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _asking = new(1);
    private readonly Dictionary<SiloAddress, int> _free = [];
    private long? _asked;

    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress[] machines = context.GetCompatibleSilos(target);
        // What was asked a moment ago does not know yet that this machine drains.
        if (drain.IsDraining && machines.Length > 1)
            machines = [.. machines.Where(machine => !machine.Equals(context.LocalSilo))];
        if (machines.Length == 1)
            return machines[0];
        await _asking.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_asked is not { } asked || clock.GetElapsedTime(asked) > Fresh || machines.Any(machine => !_free.ContainsKey(machine)))
                await AskAsync(machines).ConfigureAwait(false);
            SiloAddress chosen = machines.MaxBy(machine => _free[machine])!;
            _free[chosen]--;
            return chosen;
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task AskAsync(SiloAddress[] machines)
    {
        int[] free = await Task.WhenAll(machines.Select(FreeAsync)).ConfigureAwait(false);
        _free.Clear();
        foreach ((SiloAddress machine, int slots) in machines.Zip(free))
            _free[machine] = slots;
        _asked = clock.GetTimestamp();
    }

    /// <summary>Far less than any machine has that can be given streams, where it does not answer or drains.</summary>
    private async Task<int> FreeAsync(SiloAddress machine)
    {
        try
        {
            MachineLoad load = await grains.GetGrain<IMachineGrain>(machine.ToParsableString()).LoadAsync().WaitAsync(Patience).ConfigureAwait(false);
            return load.IsDraining ? int.MinValue / 2 : load.Slots - load.Streams.Count;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return int.MinValue / 2;
        }
    }
}
