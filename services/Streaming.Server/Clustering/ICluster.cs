using Microsoft.Extensions.Logging;
using Streaming.Contracts;
using Streaming.Server.Store;

namespace Streaming.Server.Clustering;

/// <summary>A cluster as the server's start and end see it. Disposing it leaves the cluster.</summary>
internal interface ICluster : IAsyncDisposable
{
    /// <summary>What this machine is made with.</summary>
    IClusterLink Link { get; }

    /// <summary>Joins, and gives what is asked from then on.</summary>
    /// <exception cref="StoreException">It cannot be joined.</exception>
    Task<IStreamDirectory> JoinAsync(IStreamHost streams, RedisAddress redis, ILoggerFactory logs, CancellationToken cancellation);

    /// <summary>Hands the streams of this machine to others, one after another.</summary>
    Task DrainAsync(CancellationToken cancellation);
}

/// <summary>A machine as the table of its cluster has it.</summary>
/// <param name="State">In the table's own words: joining, active, shuttingdown, dead.</param>
/// <param name="SeenAt">When it said last that it is there.</param>
internal sealed record MachineRow(string Machine, string Address, string State, DateTimeOffset SeenAt, bool IsActive, bool IsDead);
