using Streaming.Benchmarks.Stores;
using Streaming.Server.Tests.Store;

namespace Streaming.Benchmarks.Tests;

/// <summary>The bench of 200 kills in short.</summary>
public sealed class StoreBenchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-kills-").FullName;

    [Fact]
    public async Task KillAsync_of_the_program_while_it_writes_loses_nothing_acknowledged()
    {
        StoreBench.Toll toll = await StoreBench.KillAsync(3, new Random(5), Path.Combine(_folder, "gate.log"), null, CancellationToken.None);
        Assert.Equal((3, 0L, 0), (toll.Kills, toll.Lost, toll.Unreadable));
    }

    [Fact]
    public async Task KillAsync_of_program_and_redis_while_they_write_loses_nothing_acknowledged()
    {
        using var redis = new RedisServer();
        StoreBench.Toll toll = await StoreBench.KillAsync(2, new Random(6), redis.Url, redis, CancellationToken.None);
        Assert.Equal((2, 0L, 0), (toll.Kills, toll.Lost, toll.Unreadable));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
