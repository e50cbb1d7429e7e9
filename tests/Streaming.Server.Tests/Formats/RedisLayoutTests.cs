using StackExchange.Redis;
using Streaming.Server.Store;
using Streaming.Server.Tests.Store;

namespace Streaming.Server.Tests.Formats;

/// <summary>The keys under which logs lie in Redis; what they hold has a version of its own. Another layout takes other keys, so that programs of before begin anew beside it.</summary>
public sealed class RedisLayoutTests : IAsyncLifetime
{
    private const string Head = "test:{gate}:memory";

    private readonly RedisServer _server = new();
    private RedisLink _link = null!;

    public Task InitializeAsync()
    {
        _link = RedisLink.Connect(_server.Address, TimeSpan.FromSeconds(20));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _link.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Keys_of_a_log_are_its_head_and_a_list_of_its_generation()
    {
        await using var store = new RedisMemoryStore(_link, "gate");
        await store.ReplaceAsync("one"u8.ToArray());
        await store.AppendAsync("two"u8.ToArray());
        string generation = (string)(await _link.SendAsync("HGET", Head, "generation"))!;
        Assert.Equal([Head, $"{Head}:log:{generation}"], ((string[])(await _link.SendAsync("KEYS", "*"))!).Order(StringComparer.Ordinal));
        Assert.Equal(["epoch", "generation"], ((string[])(await _link.SendAsync("HKEYS", Head))!).Order(StringComparer.Ordinal));
        Assert.Equal(["one", "two"], (string[])(await _link.SendAsync("LRANGE", $"{Head}:log:{generation}", 0, -1))!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // Before there were epochs.
    public async Task Log_that_a_program_of_before_left_is_read_taken_over_and_gone_on_with(bool hasEpoch)
    {
        await _link.SendAsync("HSET", Head, "generation", "0123");
        if (hasEpoch)
            await _link.SendAsync("HSET", Head, "epoch", "1763769600000000");
        await _link.SendAsync("RPUSH", $"{Head}:log:0123", "one", "two");
        await using var store = new RedisMemoryStore(_link, "gate");
        await store.TakeAsync();
        Assert.Equal("onetwo"u8.ToArray(), await store.ReadAsync());
        await store.AppendAsync("three"u8.ToArray());
        Assert.Equal(["one", "two", "three"], (string[])(await _link.SendAsync("LRANGE", $"{Head}:log:0123", 0, -1))!);
        Assert.True(await _link.SendAsync("HGET", Head, "epoch") is { IsNull: false });
    }
}
