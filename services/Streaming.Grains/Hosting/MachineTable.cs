using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Streaming.Grains.Hosting;

/// <summary>The table in which a cluster keeps its machines, looked into without joining.</summary>
public sealed class MachineTable : IDisposable
{
    /// <summary>How long a table may take; it is one key of a Redis.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private readonly IMembershipTable _table;

    private MachineTable(IHost host) => (_host, _table) = (host, host.Services.GetRequiredService<IMembershipTable>());

    /// <param name="register">Where the cluster keeps who is there.</param>
    public static async Task<MachineTable> OpenAsync(string cluster, Action<ISiloBuilder> register)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = ClusterMember.Service });
        builder.UseOrleans(silo =>
        {
            ClusterMember.Name(silo, cluster);
            register(silo);
        });
        var table = new MachineTable(builder.Build());
        await table._table.InitializeMembershipTable(tryInitTableVersion: true).WaitAsync(Patience).ConfigureAwait(false);
        return table;
    }

    /// <summary>Every machine with the moment at which it said last that it is there.</summary>
    public async Task<IReadOnlyList<(MembershipEntry Machine, DateTimeOffset SeenAt)>> ReadAsync() =>
        [.. (await _table.ReadAll().WaitAsync(Patience).ConfigureAwait(false)).Members.Select(row => (row.Item1, SeenAt(row.Item1)))];

    /// <summary>
    /// Strikes off those that were silent for too long, until it is told to end. A machine that joins has to reach every one that the table
    /// says is there, and where all were killed at once there is nobody to say that they are gone. One that was only frozen finds out that
    /// it was struck off, and ends.
    /// </summary>
    internal async Task StrikeOffSilentAsync(TimeProvider clock, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            MembershipTableData rows = await _table.ReadAll().WaitAsync(Patience, end).ConfigureAwait(false);
            TableVersion version = rows.Version;
            foreach ((MembershipEntry machine, string etag) in rows.Members)
            {
                if (machine.Status is not (SiloStatus.Active or SiloStatus.Joining) || clock.GetUtcNow() - SeenAt(machine) <= ClusterMember.Silence)
                    continue;
                machine.Status = SiloStatus.Dead;
                version = version.Next();
                if (!await _table.UpdateRow(machine, etag, version).WaitAsync(Patience, end).ConfigureAwait(false))
                    break; // Somebody else changed the table: it is read again.
            }
            await Task.Delay(Turn, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _host.Dispose();

    private static DateTimeOffset SeenAt(MembershipEntry machine) =>
        new(DateTime.SpecifyKind(machine.IAmAliveTime > machine.StartTime ? machine.IAmAliveTime : machine.StartTime, DateTimeKind.Utc));
}
