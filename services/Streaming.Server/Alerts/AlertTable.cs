using System.Globalization;
using StackExchange.Redis;
using Streaming.Server.Store;

namespace Streaming.Server.Alerts;

/// <summary>Where a table stands: the number of its newest event ever, the revision of its newest change, and how often events were removed.</summary>
internal readonly record struct AlertTableHead(long Newest, long Revision, long Removals);

/// <summary>A row of the table.</summary>
/// <param name="Revision">Of its last change.</param>
/// <param name="Line">Null: it was removed meanwhile.</param>
internal readonly record struct AlertRow(long Number, long Revision, byte[]? Line);

/// <summary>
/// The events of a cluster in Redis: lines by number, and numbers by the revision of their last change. Scripts store and change them as a
/// whole. Every method may throw a <see cref="StoreException"/>: Redis does not do its part.
/// </summary>
internal sealed class AlertTable(RedisLink redis)
{
    /// <summary>Events that are fetched or stored at once; their lines have a kilobyte.</summary>
    private const int AtOnce = 1000;

    // KEYS of all scripts: the head with the counters, the events by number, their numbers by the revision of their last change.
    private const string Store = """
        local number = ARGV[1]
        if number == '0' then number = redis.call('HINCRBY', KEYS[1], 'next', 1)
        elseif redis.call('ZSCORE', KEYS[3], number) ~= ARGV[2] then return 0 end
        redis.call('HSET', KEYS[2], number, ARGV[3])
        redis.call('ZADD', KEYS[3], redis.call('HINCRBY', KEYS[1], 'revision', 1), number)
        return number
        """;

    // In a script the reply is flat whatever the connection speaks.
    private const string Changes = "return redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. ARGV[1], '+inf', 'WITHSCORES')";

    private const string All = "return redis.call('HGETALL', KEYS[2])";

    private const string Remove = """
        for i = 1, #ARGV do
          redis.call('HDEL', KEYS[2], ARGV[i])
          redis.call('ZREM', KEYS[3], ARGV[i])
        end
        return redis.call('HINCRBY', KEYS[1], 'removals', 1)
        """;

    private const string Fill = """
        for i = 1, #ARGV, 2 do
          redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
          redis.call('ZADD', KEYS[3], redis.call('HINCRBY', KEYS[1], 'revision', 1), ARGV[i])
        end
        """;

    private readonly string[] _keys =
        [$"{redis.Address.Prefix}:{{events}}", $"{redis.Address.Prefix}:{{events}}:alerts", $"{redis.Address.Prefix}:{{events}}:changes"];

    public async Task<AlertTableHead> HeadAsync()
    {
        var counters = (RedisValue[])(await redis.SendAsync("HMGET", _keys[0], "next", "revision", "removals").ConfigureAwait(false))!;
        return new AlertTableHead(Of(counters[0]), Of(counters[1]), Of(counters[2]));

        static long Of(RedisValue counter) => counter.IsNull ? 0 : (long)counter;
    }

    /// <returns>The number of the event: greater than all before.</returns>
    public async Task<long> AppendAsync(byte[] line) => (long)await RunAsync(Store, "0", "", line).ConfigureAwait(false);

    /// <returns>False: another machine changed it since <paramref name="revision"/>.</returns>
    public async Task<bool> ChangeAsync(long number, long revision, byte[] line) => (long)await RunAsync(Store, Text(number), Text(revision), line).ConfigureAwait(false) != 0;

    /// <summary>Those that were stored or changed after a revision, in that order.</summary>
    public async Task<List<AlertRow>> ChangedSinceAsync(long revision)
    {
        var rows = new List<AlertRow>();
        // Number and revision by turns.
        foreach (RedisValue[] some in ((RedisValue[])(await RunAsync(Changes, revision).ConfigureAwait(false))!).Chunk(2 * AtOnce))
        {
            RedisValue[][] pairs = [.. some.Chunk(2)];
            var lines = (RedisValue[])(await redis.SendAsync("HMGET", [_keys[1], .. pairs.Select(pair => (object)pair[0])]).ConfigureAwait(false))!;
            rows.AddRange(pairs.Zip(lines, (pair, line) => new AlertRow((long)pair[0], (long)pair[1], line)));
        }
        return rows;
    }

    /// <summary>The numbers of all that are there.</summary>
    public async Task<HashSet<long>> NumbersAsync() => [.. ((RedisValue[])(await redis.SendAsync("HKEYS", _keys[1]).ConfigureAwait(false))!).Select(number => (long)number)];

    public async Task RemoveAsync(IEnumerable<long> numbers)
    {
        foreach (long[] some in numbers.Chunk(AtOnce))
            await RunAsync(Remove, [.. some.Select(number => (object)Text(number))]).ConfigureAwait(false);
    }

    /// <summary>All lines by their numbers.</summary>
    public async Task<SortedDictionary<long, byte[]>> AllAsync() =>
        new(((RedisValue[])(await RunAsync(All).ConfigureAwait(false))!).Chunk(2).ToDictionary(pair => (long)pair[0], pair => (byte[])pair[1]!));

    /// <summary>These lines in place of all there were.</summary>
    /// <param name="newest">The number after which the next event is numbered.</param>
    public async Task ReplaceAsync(IReadOnlyDictionary<long, byte[]> lines, long newest)
    {
        await redis.SendAsync("DEL", [.. _keys]).ConfigureAwait(false);
        foreach (KeyValuePair<long, byte[]>[] some in lines.Chunk(AtOnce))
            await RunAsync(Fill, [.. some.SelectMany(pair => (object[])[Text(pair.Key), pair.Value])]).ConfigureAwait(false);
        await redis.SendAsync("HSET", _keys[0], "next", newest).ConfigureAwait(false);
    }

    private Task<RedisResult> RunAsync(string script, params object[] arguments) => redis.RunAsync(script, _keys, arguments);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
