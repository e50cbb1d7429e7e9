using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using Streaming.Server.Store;

namespace Streaming.Server.Alerts;

/// <summary>The events of a cluster as the log that one machine keeps of its own (<see cref="AlertLog"/>), for backups. No machine may run when they are replaced.</summary>
internal sealed class SharedAlerts(RedisLink redis) : ILogStore
{
    /// <summary>Where the log lies in a data folder.</summary>
    internal const string Path = "events/events.log";

    /// <summary>Events that are stored at once; their lines have a kilobyte.</summary>
    private const int AtOnce = 1000;

    // In a script the reply is flat whatever the connection speaks.
    private const string All = "return {redis.call('HGET', KEYS[1], 'next') or '', redis.call('HGETALL', KEYS[2])}";

    private const string Add = """
        for i = 1, #ARGV, 2 do
          redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
          redis.call('ZADD', KEYS[3], redis.call('HINCRBY', KEYS[1], 'revision', 1), ARGV[i])
        end
        """;

    private string[] Keys => RedisAlertLog.KeysIn(redis.Address);

    public async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        var found = (RedisResult[])(await redis.RunAsync(All, Keys).ConfigureAwait(false))!;
        if ((string)found[0]! is not { Length: > 0 } newest)
            return [];
        var events = new SortedDictionary<long, AlertLine>();
        foreach (RedisValue[] pair in ((RedisValue[])found[1]!).Chunk(2))
        {
            long number = (long)pair[0];
            if (JsonSerializer.Deserialize((byte[])pair[1]!, AlertJson.Default.AlertLine)?.Event is { } stored)
                events[number] = new AlertLine(stored with { Alert = stored.Alert with { Number = number } });
        }
        return [.. AlertFile.BytesOf(new AlertLine(Next: long.Parse(newest, CultureInfo.InvariantCulture) + 1)), .. events.Values.SelectMany(AlertFile.BytesOf)];
    }

    public async Task ReplaceAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var events = new SortedDictionary<long, AlertLine>();
        long next = 1;
        AlertFile.Read(bytes.Span, line =>
        {
            if (line.Event is { } stored)
                events[stored.Alert.Number] = line;
            next = Math.Max(line.Next ?? 0, Math.Max(next, (line.Event?.Alert.Number ?? 0) + 1));
        }, () => throw new StoreException($"{Path} has a damaged line"));
        await redis.SendAsync("DEL", [.. Keys]).ConfigureAwait(false);
        foreach (KeyValuePair<long, AlertLine>[] some in events.Chunk(AtOnce))
            await redis.RunAsync(Add, Keys, [.. some.SelectMany(pair => (object[])[pair.Key, JsonSerializer.SerializeToUtf8Bytes(new AlertLine(pair.Value.Event), AlertJson.Default.AlertLine)])]).ConfigureAwait(false);
        await redis.SendAsync("HSET", Keys[0], "next", next - 1).ConfigureAwait(false);
    }
}
