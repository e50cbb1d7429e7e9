using Streaming.Server.Store;

namespace Streaming.Server.Tests.Store;

public sealed class RedisMemoryStoreTests : StoreContractTests, IDisposable
{
    private readonly RedisServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task AppendAsync_log_that_another_has_written_anew_is_not_added_to()
    {
        await using IMemoryStore late = Open(), store = Open();
        await late.ReplaceAsync(Bytes(100, seed: 1));
        await store.ReplaceAsync(Bytes(50, seed: 2));
        await Assert.ThrowsAsync<StoreTakenException>(() => late.AppendAsync(Bytes(10, seed: 3)));
        Assert.Equal(Bytes(50, 2), await Open().ReadAsync());
    }

    [Fact]
    public async Task AppendAsync_redis_that_has_forgotten_is_noticed()
    {
        await using IMemoryStore store = Open();
        await store.ReplaceAsync(Bytes(100, seed: 1));
        await _server.Link.SendAsync("FLUSHALL");
        await Assert.ThrowsAsync<StoreException>(() => store.AppendAsync(Bytes(10, seed: 3)));
        await store.ReplaceAsync(Bytes(60, seed: 4));
        Assert.Equal(Bytes(60, 4), await Open().ReadAsync());
    }

    [Fact]
    public async Task TakeAsync_what_an_earlier_owner_writes_is_refused()
    {
        await using IMemoryStore earlier = Open(), later = Open();
        await earlier.TakeAsync();
        await earlier.ReplaceAsync(Bytes(100, seed: 1));
        await later.TakeAsync();
        Assert.Equal(Bytes(100, 1), await later.ReadAsync());
        await Assert.ThrowsAsync<StoreTakenException>(() => earlier.AppendAsync(Bytes(10, seed: 2)));
        await Assert.ThrowsAsync<StoreTakenException>(() => earlier.ReplaceAsync(Bytes(10, seed: 2)));
        await Assert.ThrowsAsync<StoreTakenException>(() => earlier.DeleteAsync());
        await later.AppendAsync(Bytes(10, seed: 3));
        await Assert.ThrowsAsync<StoreTakenException>(() => earlier.ReplaceAsync(Bytes(10, seed: 2)));
        Assert.Equal((byte[])[.. Bytes(100, 1), .. Bytes(10, 3)], await Open().ReadAsync());
    }

    [Fact]
    public async Task TakeAsync_redis_that_has_forgotten_the_owner_learns_it_from_the_later_one()
    {
        await using IMemoryStore earlier = Open(), later = Open();
        await earlier.TakeAsync();
        await later.TakeAsync();
        await _server.Link.SendAsync("FLUSHALL");
        // Nobody can know better yet.
        await earlier.ReplaceAsync(Bytes(10, seed: 1));
        await later.ReplaceAsync(Bytes(20, seed: 2));
        await Assert.ThrowsAsync<StoreTakenException>(() => earlier.ReplaceAsync(Bytes(10, seed: 3)));
        Assert.Equal(Bytes(20, 2), await Open().ReadAsync());
    }

    [Fact]
    public async Task TakeAsync_log_that_was_forgotten_and_made_anew_is_not_its_earlier_owners()
    {
        await using IMemoryStore earlier = Open(), removing = Open(), anew = Open();
        await earlier.ReplaceAsync(Bytes(10, seed: 1));
        await removing.DeleteAsync();
        await anew.ReplaceAsync(Bytes(20, seed: 2));
        await Assert.ThrowsAsync<StoreTakenException>(() => earlier.ReplaceAsync(Bytes(10, seed: 3)));
        Assert.Equal(Bytes(20, 2), await Open().ReadAsync());
    }

    [Fact]
    public async Task ReadAsync_alone_takes_nothing()
    {
        await using IMemoryStore owner = Open();
        await owner.ReplaceAsync(Bytes(10, seed: 1));
        Assert.Equal(Bytes(10, 1), await Open().ReadAsync());
        await owner.AppendAsync(Bytes(10, seed: 2));
    }

    [Fact]
    public async Task ReplaceAsync_keys_begin_with_the_prefix_and_end_with_their_lifetime()
    {
        await using IMemoryStore store = Open();
        await store.ReplaceAsync(Bytes(100, seed: 1));
        await store.AppendAsync(Bytes(100, seed: 2));
        var keys = (string[])(await _server.Link.SendAsync("KEYS", "*"))!;
        Assert.Equal(2, keys.Length);
        foreach (string key in keys)
        {
            Assert.StartsWith("test:{gate}:memory", key);
            Assert.InRange((long)await _server.Link.SendAsync("PTTL", key), TimeSpan.FromHours(23).TotalMilliseconds, TimeSpan.FromDays(1).TotalMilliseconds);
        }
    }

    [Fact]
    public async Task ReplaceAsync_logs_of_several_kinds_do_not_touch_each_other()
    {
        await using IMemoryStore memory = Open(), ledger = new RedisMemoryStore(_server.Link, "gate", "ledger");
        await memory.ReplaceAsync(Bytes(100, seed: 1));
        await ledger.ReplaceAsync(Bytes(50, seed: 2));
        await memory.AppendAsync(Bytes(10, seed: 3));
        await ledger.DeleteAsync();
        Assert.Empty(await ledger.ReadAsync());
        Assert.Equal((byte[])[.. Bytes(100, 1), .. Bytes(10, 3)], await Open().ReadAsync());
    }

    [Fact]
    public async Task CheckAsync_redis_without_a_file_is_said_to_forget()
    {
        Assert.Null(await _server.Link.CheckAsync());
        await _server.Link.SendAsync("CONFIG", "SET", "appendonly", "no");
        Assert.Contains("append-only", await _server.Link.CheckAsync());
    }

    [Fact]
    public async Task CheckAsync_wrong_password_is_said_in_one_line_without_it()
    {
        using var guarded = new RedisServer("--requirepass", "right");
        await using RedisLink link = RedisLink.Connect(guarded.Address with { Password = "wrong-secret" }, TimeSpan.FromSeconds(2));
        var e = await Assert.ThrowsAsync<StoreException>(link.CheckAsync);
        Assert.DoesNotContain("secret", e.Message);
        Assert.DoesNotContain('\n', e.Message);
        await using RedisLink right = RedisLink.Connect(guarded.Address with { Password = "right" }, TimeSpan.FromSeconds(20));
        Assert.Null(await right.CheckAsync());
    }

    [Fact]
    public async Task CheckAsync_with_tls_only_a_certificate_of_a_trusted_authority_is_taken()
    {
        using var papers = new TlsPapers();
        using var guarded = new RedisServer("--port", "0", "--tls-cert-file", papers.Certificate, "--tls-key-file", papers.Key, "--tls-ca-cert-file", papers.Authority, "--tls-auth-clients", "no");
        RedisAddress address = guarded.Address with { Tls = true };
        await using RedisLink trusting = RedisLink.Connect(address with { Authorities = RedisAddress.ReadAuthorities("CA", papers.Authority) }, TimeSpan.FromSeconds(20));
        Assert.Null(await trusting.CheckAsync());
        using var others = new TlsPapers();
        await using RedisLink doubting = RedisLink.Connect(address with { Authorities = RedisAddress.ReadAuthorities("CA", others.Authority) }, TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<StoreException>(doubting.CheckAsync);
    }

    protected override IMemoryStore Open(string stream = "gate") => new RedisMemoryStore(_server.Link, stream);

    protected override async Task<byte[]> ReadAsideAsync(string where)
    {
        var pieces = (byte[][])(await _server.Link.SendAsync("LRANGE", where.Split(' ')[^1], 0, -1))!;
        return [.. pieces.SelectMany(piece => piece)];
    }
}
