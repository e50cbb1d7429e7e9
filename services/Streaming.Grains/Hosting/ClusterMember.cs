using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization;
using Streaming.Contracts;
using Streaming.Grains.Placement;

namespace Streaming.Grains.Hosting;

/// <param name="Cluster">The cluster's name.</param>
/// <param name="Address">Where the other machines reach this one.</param>
/// <param name="Machine">Its own name among them.</param>
public sealed record MemberOptions(string Cluster, IPEndPoint Address, string Machine);

/// <summary>This process as a machine of a cluster. Disposing it leaves the cluster.</summary>
public sealed class ClusterMember : IAsyncDisposable
{
    /// <summary>The name under which everything of the service is registered with a cluster.</summary>
    internal const string Service = "streaming";

    /// <summary>Machines are probed this often, and lost after three probes without an answer: 3 to 4 s, on a machine whose decoders leave it no time.</summary>
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);

    private const int MissedProbes = 3;

    /// <summary>How often a machine says in the table that it is there. After three times in silence it need not be reached by one that joins, as when all were killed.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly GrainLink _link;
    private readonly MemberOptions _options;
    private IStreamHost? _streams;
    private IHost? _host;

    public ClusterMember(MemberOptions options) => (_options, _link) = (options, new GrainLink(options.Machine));

    /// <summary>What the machine is made with.</summary>
    public IClusterLink Link => _link;

    /// <summary>The cluster, once joined.</summary>
    public IStreamDirectory Directory { get; private set; } = null!;

    /// <summary>After how long of silence a machine counts as gone.</summary>
    public static TimeSpan Silence => 3 * Heartbeat;

    /// <summary>Joins; returns once the cluster knows this machine and streams may come.</summary>
    /// <param name="register">Where the cluster keeps who is there, and its reminders.</param>
    /// <exception cref="OrleansException">It cannot be joined.</exception>
    public async Task JoinAsync(IStreamHost streams, Action<ISiloBuilder> register, ILoggerFactory logs, CancellationToken cancellation)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = Service });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>().AddSingleton(logs).AddSingleton(streams).AddSingleton<DrainState>().AddSingleton(TimeProvider.System);
        builder.UseOrleans(silo => Configure(silo, register));
        // After the silo, so that it asks a cluster that is there.
        builder.Services.AddHostedService<StreamKeeper>();
        _streams = streams;
        _host = builder.Build();
        using (MachineTable table = await MachineTable.OpenAsync(_options.Cluster, register).ConfigureAwait(false))
            await StartAsync(_host, table, cancellation).ConfigureAwait(false);
        var grains = _host.Services.GetRequiredService<IGrainFactory>();
        _link.Join(grains, Others);
        Directory = new ClusterDirectory(streams, grains);
    }

    /// <summary>Hands the streams of this machine to others, one after another; those that are not handed over in time are opened elsewhere when this machine has left.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        var grains = _host!.Services.GetRequiredService<IGrainFactory>();
        _host.Services.GetRequiredService<DrainState>().IsDraining = true;
        foreach (string name in Others().Any() ? _streams!.Running : [])
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                IVideoStreamGrain stream = grains.GetGrain<IVideoStreamGrain>(name);
                await stream.LeaveAsync().WaitAsync(cancellation).ConfigureAwait(false);
                await ClusterCalls.RepeatAsync(() => stream.RunAsync(), cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                // The catalog sees to it.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is not { } host)
            return;
        await host.StopAsync().ConfigureAwait(false);
        host.Dispose();
    }

    /// <summary>Names the cluster that is meant, all that it takes to look into its table.</summary>
    public static void Name(ISiloBuilder silo, string cluster) => silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, Service));

    /// <summary>The other machines that the cluster knows to be there.</summary>
    private IEnumerable<SiloAddress> Others()
    {
        if (_host is not { } host)
            return [];
        SiloAddress own = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        return host.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(own)).Select(member => member.SiloAddress);
    }

    private static async Task StartAsync(IHost host, MachineTable table, CancellationToken cancellation)
    {
        using var started = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task striking = table.StrikeOffSilentAsync(TimeProvider.System, started.Token);
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            await started.CancelAsync().ConfigureAwait(false);
            await striking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Configure(ISiloBuilder silo, Action<ISiloBuilder> register)
    {
        Name(silo, _options.Cluster);
        silo.Configure<SiloOptions>(options => options.SiloName = _options.Machine);
        silo.Configure<EndpointOptions>(endpoint =>
        {
            (endpoint.AdvertisedIPAddress, endpoint.SiloPort, endpoint.GatewayPort) = (_options.Address.Address, _options.Address.Port, 0);
        });
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            (membership.ProbeTimeout, membership.NumMissedProbesLimit) = (Probe, MissedProbes);
            (membership.IAmAliveTablePublishTimeout, membership.NumMissedTableIAmAliveLimit) = (Heartbeat, (int)(Silence / Heartbeat));
            membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
        });
        silo.Services.AddSerializer(serializer => serializer.AddJsonSerializer(ContractJson.Covers, ContractJson.Options));
        silo.Services.AddPlacementDirector<FreeSlotPlacement, FreeSlotDirector>();
        silo.Services.AddPlacementDirector<OwnMachinePlacement, OwnMachineDirector>();
        // Nothing has to wait for a lost machine to be surely dead: whoever takes a stream has all stores refuse what an earlier owner writes.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        silo.AddReminders();
#pragma warning disable ORLEANSEXP003 // The usual directory of grains ends whatever it knew with a machine that leaves, and so streams of those that stay.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        register(silo);
    }

    /// <summary>Signals are the server's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
