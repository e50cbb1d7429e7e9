using StackExchange.Redis;

namespace Streaming.Server.Store;

/// <summary>
/// A log as a list of pieces in Redis, under a key of its own generation; the stream's head names the generation that counts. A
/// new log is filled beside the old one before the head turns to it. Each adding names the generation and the length that it goes on
/// from, so that one which arrives late, or after Redis forgot something, is refused.
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

    private const string Append = """
        if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[1] or redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[2]) then return -1 end
        for i = 4, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[i]) end
        if ARGV[3] ~= '0' then for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[3]) end end
        return redis.call('LLEN', KEYS[2])
        """;

    private const string Fill = """
        for i = 2, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
        return redis.call('LLEN', KEYS[1])
        """;

    private const string Turn = """
        if redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[2]) then return -1 end
        local old = redis.call('HGET', KEYS[1], 'generation')
        redis.call('HSET', KEYS[1], 'generation', ARGV[1])
        if old and old ~= ARGV[1] then redis.call('UNLINK', ARGV[4] .. old) end
        for _, key in ipairs(KEYS) do if ARGV[3] == '0' then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, ARGV[3]) end end
        return 1
        """;

    private const string Forget = """
        local old = redis.call('HGET', KEYS[1], 'generation')
        if old then redis.call('UNLINK', ARGV[1] .. old) end
        return redis.call('UNLINK', KEYS[1])
        """;

    private string _generation = "";
    private long _pieces;

    // The braces keep all keys of an owner on one machine of a cluster.
    private string Head => $"{redis.Address.Prefix}:{{{owner}}}:{kind}";

    private string LogPrefix => $"{Head}:log:";

    private string Lifetime => redis.Address.Lifetime is { } time ? $"{(long)time.TotalMilliseconds}" : "0";

    public async Task<byte[]> ReadAsync(CancellationToken cancellation = default)
    {
        _generation = (string?)await redis.SendAsync("HGET", Head, "generation").ConfigureAwait(false) ?? "";
        _pieces = 0;
        using var log = new MemoryStream();
        while (_generation.Length > 0)
        {
            var pieces = (RedisValue[]?)await redis.SendAsync("LRANGE", LogPrefix + _generation, _pieces, _pieces + AtOnce - 1).ConfigureAwait(false) ?? [];
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
            long pieces = (long)await redis.RunAsync(Append, [Head, LogPrefix + _generation], [_generation, _pieces, Lifetime, .. some]).ConfigureAwait(false);
            if (pieces < 0)
                throw new StoreException($"{redis.Address.Name} no longer holds what it held");
            _pieces = pieces;
        }
    }

    public async Task ReplaceAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        string generation = Guid.NewGuid().ToString("N");
        long pieces = 0;
        foreach (object[] some in Pieces(bytes))
            pieces = (long)await redis.RunAsync(Fill, [LogPrefix + generation], [(long)DraftLifetime.TotalMilliseconds, .. some]).ConfigureAwait(false);
        if ((long)await redis.RunAsync(Turn, [Head, LogPrefix + generation], generation, pieces, Lifetime, LogPrefix).ConfigureAwait(false) < 0)
            throw new StoreException($"{redis.Address.Name} lost what it was just given");
        (_generation, _pieces) = (generation, pieces);
    }

    public async Task<string> SetAsideAsync(CancellationToken cancellation = default)
    {
        string aside = $"{Head}:unread:{_generation}";
        await redis.SendAsync("COPY", LogPrefix + _generation, aside).ConfigureAwait(false);
        await redis.SendAsync("PERSIST", aside).ConfigureAwait(false);
        return $"the key {aside}";
    }

    public Task DeleteAsync(CancellationToken cancellation = default) => redis.RunAsync(Forget, [Head], LogPrefix);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
