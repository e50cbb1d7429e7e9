using StackExchange.Redis;

namespace Streaming.Server.Store;

/// <summary>
/// A log as a list of pieces in Redis, under a key of its own generation; the stream's head names the generation that counts. A
/// new log is filled beside the old one before the head turns to it. Each adding names the generation and the length that it goes on
/// from, so that one which arrives late, or after Redis forgot something, is refused. Whoever takes the log is given an epoch later than
/// all before; the head keeps it, and every change names its own, so that an earlier owner changes nothing any more.
/// </summary>
/// <param name="owner">The stream's name, or that of what else has logs.</param>
/// <param name="kind">Which log of its owner it is.</param>
public sealed class RedisMemoryStore(RedisLink redis, string owner, string kind = "memory") : IMemoryStore
{
    /// <summary>Values of up to a megabyte leave others their turn on the connection.</summary>
    private const int LargestPiece = 512 << 10;

    /// <summary>How many pieces are sent or read at once.</summary>
    private const int AtOnce = 4;

    /// <summary>How long a log that nobody finished stays.</summary>
    private static readonly TimeSpan DraftLifetime = TimeSpan.FromHours(1);

    // Redis' own clock, in microseconds: later than any before even where the head, and with it the last epoch, was forgotten meanwhile.
    private const string Take = """
        local clock = redis.call('TIME')
        local last = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
        local epoch = string.format('%.0f', math.max(clock[1] * 1000000 + clock[2], last + 1))
        redis.call('HSET', KEYS[1], 'epoch', epoch)
        if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
        return epoch
        """;

    private const string RefuseEarlier = """
        local epoch = redis.call('HGET', KEYS[1], 'epoch')
        if epoch and tonumber(epoch) > tonumber(ARGV[1]) then return -2 end

        """;

    private const string Append = RefuseEarlier + """
        if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[2] or redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[3]) then return -1 end
        for i = 5, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[i]) end
        if ARGV[4] ~= '0' then for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[4]) end end
        return redis.call('LLEN', KEYS[2])
        """;

    private const string Fill = """
        for i = 2, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
        return redis.call('LLEN', KEYS[1])
        """;

    private const string Turn = RefuseEarlier + """
        if redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[3]) then return -1 end
        local old = redis.call('HGET', KEYS[1], 'generation')
        redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'generation', ARGV[2])
        if old and old ~= ARGV[2] then redis.call('UNLINK', ARGV[5] .. old) end
        for _, key in ipairs(KEYS) do if ARGV[4] == '0' then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, ARGV[4]) end end
        return 1
        """;

    private const string Forget = RefuseEarlier + """
        local old = redis.call('HGET', KEYS[1], 'generation')
        if old then redis.call('UNLINK', ARGV[2] .. old) end
        return redis.call('UNLINK', KEYS[1])
        """;

    /// <summary>The store of a log that would lie at <paramref name="path"/> in a data folder; null: such a file is not stored in Redis.</summary>
    internal static RedisMemoryStore? OfLog(RedisLink redis, string path) => path.Split('/') switch
    {
        ["conversations.log"] => new RedisMemoryStore(redis, "machine", "conversations"),
        ["streams", var name, "keyframes.log"] => new RedisMemoryStore(redis, name),
        ["streams", var name, "ledger.log"] => new RedisMemoryStore(redis, name, "ledger"),
        _ => null,
    };

    private string? _epoch;
    private string _generation = "";
    private long _pieces;

    // The braces keep all keys of an owner on one machine of a cluster.
    private string Head => $"{redis.Address.Prefix}:{{{owner}}}:{kind}";

    private string LogPrefix => $"{Head}:log:";

    private string Lifetime => redis.Address.Lifetime is { } time ? $"{(long)time.TotalMilliseconds}" : "0";

    public async Task TakeAsync(CancellationToken cancellation = default) =>
        _epoch = Read(await redis.RunAsync(Take, [Head], Lifetime).ConfigureAwait(false), reply => (string?)reply);

    public async Task<byte[]> ReadAsync(CancellationToken cancellation = default)
    {
        _generation = Read(await redis.SendAsync("HGET", Head, "generation").ConfigureAwait(false), reply => (string?)reply) ?? "";
        _pieces = 0;
        using var log = new MemoryStream();
        while (_generation.Length > 0)
        {
            RedisValue[] pieces = Read(await redis.SendAsync("LRANGE", LogPrefix + _generation, _pieces, _pieces + AtOnce - 1).ConfigureAwait(false), reply => (RedisValue[]?)reply) ?? [];
            foreach (RedisValue piece in pieces)
                log.Write((byte[])piece!);
            _pieces += pieces.Length;
            if (pieces.Length < AtOnce)
                break;
        }
        return log.ToArray();
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        foreach (object[] some in Pieces(bytes))
        {
            _pieces = await ChangeAsync(Append, "no longer holds what it held", [Head, LogPrefix + _generation], [_generation, _pieces, Lifetime, .. some]).ConfigureAwait(false);
        }
    }

    public async Task ReplaceAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        string generation = Guid.NewGuid().ToString("N");
        long pieces = 0;
        foreach (object[] some in Pieces(bytes))
            pieces = Read(await redis.RunAsync(Fill, [LogPrefix + generation], [(long)DraftLifetime.TotalMilliseconds, .. some]).ConfigureAwait(false), reply => (long)reply);
        await ChangeAsync(Turn, "lost what it was just given", [Head, LogPrefix + generation], [generation, pieces, Lifetime, LogPrefix]).ConfigureAwait(false);
        (_generation, _pieces) = (generation, pieces);
    }

    public async Task<string> SetAsideAsync(CancellationToken cancellation = default)
    {
        string aside = $"{Head}:unread:{_generation}";
        await redis.SendAsync("COPY", LogPrefix + _generation, aside).ConfigureAwait(false);
        await redis.SendAsync("PERSIST", aside).ConfigureAwait(false);
        return $"the key {aside}";
    }

    public Task DeleteAsync(CancellationToken cancellation = default) => ChangeAsync(Forget, "does not forget", [Head], [LogPrefix]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A reply as what it has to be.</summary>
    /// <exception cref="StoreException">It is something else: whatever answers there is no Redis, or not ours.</exception>
    private T Read<T>(RedisResult reply, Func<RedisResult, T> read)
    {
        try
        {
            return read(reply);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException or NullReferenceException)
        {
            throw new StoreException($"{redis.Address.Name} answers with something else than it was asked for", e);
        }
    }

    /// <summary>Runs a script that names the epoch of this store, taking the log first if that was not done.</summary>
    /// <param name="refusal">What Redis does when it answers -1.</param>
    private async Task<long> ChangeAsync(string script, string refusal, string[] keys, object[] arguments)
    {
        if (_epoch is null)
            await TakeAsync().ConfigureAwait(false);
        return Read(await redis.RunAsync(script, keys, [_epoch!, .. arguments]).ConfigureAwait(false), reply => (long)reply) switch
        {
            -2 => throw new StoreTakenException($"another server took {owner} over in {redis.Address.Name}"),
            < 0 => throw new StoreException($"{redis.Address.Name} {refusal}"),
            var done => done,
        };
    }

    /// <summary>At most so many pieces at once.</summary>
    private static IEnumerable<object[]> Pieces(ReadOnlyMemory<byte> bytes)
    {
        var pieces = new List<object>();
        for (int start = 0; start < bytes.Length; start += LargestPiece)
        {
            pieces.Add(bytes.Slice(start, Math.Min(LargestPiece, bytes.Length - start)).ToArray());
            if (pieces.Count == AtOnce || start + LargestPiece >= bytes.Length)
            {
                yield return [.. pieces];
                pieces.Clear();
            }
        }
    }
}
