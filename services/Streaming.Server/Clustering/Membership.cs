#if HAS_ORLEANS
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using StackExchange.Redis;
using Streaming.Contracts;
using Streaming.Grains.Hosting;
using Streaming.Server.Store;

namespace Streaming.Server.Clustering;

using ClusterMember = Streaming.Grains.Hosting.ClusterMember;

/// <summary>The one place that knows whether this build has a cluster, and where a cluster keeps who is there: in the Redis that also has the memory.</summary>
internal static class Membership
{
    /// <summary>Why there can be no cluster, in words; null: there can be.</summary>
    internal static string? Missing => null;

    /// <summary>This server as one of its cluster; it has yet to join.</summary>
    internal static ICluster Prepare(ClusterSettings cluster) => new Member(cluster);

    /// <summary>Who is in a cluster, as Redis tells it, without joining.</summary>
    /// <exception cref="StoreException">Redis does not tell.</exception>
    internal static async Task<IReadOnlyList<MachineRow>> RowsAsync(ClusterSettings cluster, RedisAddress redis)
    {
        try
        {
            using MachineTable table = await MachineTable.OpenAsync(cluster.Id, silo => Register(silo, redis)).ConfigureAwait(false);
            return [.. (await table.ReadAsync().ConfigureAwait(false)).OrderBy(row => row.Machine.SiloName, StringComparer.Ordinal).ThenBy(row => row.SeenAt).Select(row => new MachineRow(
                row.Machine.SiloName, row.Machine.SiloAddress.Endpoint.ToString(), row.Machine.Status.ToString().ToLowerInvariant(),
                row.SeenAt, row.Machine.Status == SiloStatus.Active, row.Machine.Status == SiloStatus.Dead))];
        }
        catch (Exception e) when (e is RedisException or TimeoutException or OrleansException)
        {
            throw new StoreException($"{redis.Name} does not tell who is in the cluster: {e.Message.Split('\n')[0]}", e);
        }
    }

    private static void Register(ISiloBuilder silo, RedisAddress redis)
    {
        ConfigurationOptions options = RedisLink.OptionsOf(redis, LocalDirectory.RedisPatience);
        options.DefaultDatabase = redis.Database;
        silo.UseRedisClustering(clustering => clustering.ConfigurationOptions = options);
        silo.UseRedisReminderService(reminders => reminders.ConfigurationOptions = options);
    }

    private sealed class Member(ClusterSettings cluster) : ICluster
    {
        private readonly ClusterMember _member = new(new MemberOptions(cluster.Id, cluster.Address, cluster.Machine));

        public IClusterLink Link => _member.Link;

        public async Task<IStreamDirectory> JoinAsync(IStreamHost streams, RedisAddress redis, ILoggerFactory logs, CancellationToken cancellation)
        {
            try
            {
                await _member.JoinAsync(streams, silo => Register(silo, redis), logs, cancellation).ConfigureAwait(false);
                return _member.Directory;
            }
            catch (Exception e) when (e is RedisException or OrleansException or TimeoutException)
            {
                throw new StoreException($"the cluster {cluster.Id} cannot be joined: {e.Message.Split('\n')[0]}", e);
            }
        }

        public Task DrainAsync(CancellationToken cancellation) => _member.DrainAsync(cancellation);

        public ValueTask DisposeAsync() => _member.DisposeAsync();
    }
}
#else
using Streaming.Server.Store;

namespace Streaming.Server.Clustering;

/// <summary>The one place that knows whether this build has a cluster: it has none.</summary>
internal static class Membership
{
    /// <summary>Why there can be no cluster, in words; null: there can be.</summary>
    internal static string? Missing => "this program was built without Orleans, which its package feed did not have: build it where Orleans restores (HasOrleans=true), as the published image is";

    /// <exception cref="SettingException">Always.</exception>
    internal static ICluster Prepare(ClusterSettings cluster) => throw new SettingException($"STREAMING_CLUSTER is \"{cluster.Id}\", but {Missing}");

    /// <exception cref="SettingException">Always.</exception>
    internal static Task<IReadOnlyList<MachineRow>> RowsAsync(ClusterSettings cluster, RedisAddress redis) => throw new SettingException($"STREAMING_CLUSTER is \"{cluster.Id}\", but {Missing}");
}
#endif
