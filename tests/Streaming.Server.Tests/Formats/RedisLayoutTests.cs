using StackExchange.Redis;
using Streaming.Server.Store;
using Streaming.Server.Tests.Store;

namespace Streaming.Server.Tests.Formats;

/// <summary>The keys under which logs lie in Redis; what they hold has a version of its own. Another layout takes other keys, so that programs of before begin anew beside it.</summary>
public sealed class RedisLayoutTests : IDisposable
{
    private const string Head = "test:{gate}:memory";

    private readonly RedisServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Keys_of_a_log_are_its_head_and_a_list_of_its_generation()
    {
        await using var store = new RedisMemoryStore(_server.Link, "gate");
        await store.ReplaceAsync("one"u8.ToArray());
        await store.AppendAsync("two"u8.ToArray());
        string generation = (string)(await _server.Link.SendAsync("HGET", Head, "generation"))!;
        Assert.Equal([Head, $"{Head}:log:{generation}"], ((string[])(await _server.Link.SendAsync("KEYS", "*"))!).Order(StringComparer.Ordinal));
        Assert.Equal(["epoch", "generation"], ((string[])(await _server.Link.SendAsync("HKEYS", Head))!).Order(StringComparer.Ordinal));
        Assert.Equal(["one", "two"], (string[])(await _server.Link.SendAsync("LRANGE", $"{Head}:log:{generation}", 0, -1))!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // Before there were epochs.
    public async Task Log_that_a_program_of_before_left_is_read_taken_over_and_gone_on_with(bool hasEpoch)
    {
        await _server.Link.SendAsync("HSET", Head, "generation", "0123");
        if (hasEpoch)
            await _server.Link.SendAsync("HSET", Head, "epoch", "1763769600000000");
        await _server.Link.SendAsync("RPUSH", $"{Head}:log:0123", "one", "two");
        await using var store = new RedisMemoryStore(_server.Link, "gate");
        await store.TakeAsync();
        Assert.Equal("onetwo"u8.ToArray(), await store.ReadAsync());
        await store.AppendAsync("three"u8.ToArray());
        Assert.Equal(["one", "two", "three"], (string[])(await _server.Link.SendAsync("LRANGE", $"{Head}:log:0123", 0, -1))!);
        Assert.True(await _server.Link.SendAsync("HGET", Head, "epoch") is { IsNull: false });
    }
}
