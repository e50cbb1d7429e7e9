using System.Text.Json;
using Streaming.Server.Store;

namespace Streaming.Server.Alerts;

/// <summary>The events of a cluster as the log that one machine keeps of its own (<see cref="AlertLog"/>), for backups. No machine may run when they are replaced.</summary>
internal sealed class SharedAlerts(RedisLink redis) : ILogStore
{
    /// <summary>Where the log lies in a data folder.</summary>
    internal const string Path = "events/events.log";

    private readonly AlertTable _table = new(redis);

    public async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        AlertTableHead head = await _table.HeadAsync().ConfigureAwait(false);
        return head.Newest == 0 ? [] :
        [
            .. AlertFile.BytesOf(new AlertLine(Next: head.Newest + 1)),
            .. (await _table.AllAsync().ConfigureAwait(false)).SelectMany(row => AlertFile.BytesOf(Numbered(row.Value, row.Key))),
        ];
    }

    public Task ReplaceAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var lines = new Dictionary<long, byte[]>();
        long newest = 0;
        AlertFile.Read(
            bytes.Span,
            line =>
            {
                if (line.Event is { } stored)
                    lines[stored.Alert.Number] = JsonSerializer.SerializeToUtf8Bytes(new AlertLine(stored), AlertJson.Default.AlertLine);
                newest = Math.Max(newest, Math.Max(line.Event?.Alert.Number ?? 0, (line.Next ?? 1) - 1));
            },
            () => throw new StoreException($"{Path} has a damaged line"));
        return _table.ReplaceAsync(lines, newest);
    }

    /// <summary>A line as it is stored knows no number: the table does.</summary>
    private static AlertLine Numbered(byte[] line, long number) =>
        JsonSerializer.Deserialize(line, AlertJson.Default.AlertLine) is { Event: { } stored } ? new AlertLine(stored with { Alert = stored.Alert with { Number = number } }) : new AlertLine();
}
