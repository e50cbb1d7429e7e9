using System.Globalization;
using StackExchange.Redis;
using Streaming.Server.Clustering;
using Streaming.Server.Store;
using Streaming.Server.Streams;

namespace Streaming.Server.Verbs;

/// <summary><c>doctor --cluster</c>: looks at the Redis of a cluster and at what it says of its machines and streams, without joining.</summary>
internal static class ClusterExamination
{
    /// <summary>Machines say that they are there every five seconds; one that was silent for three times that is gone or frozen.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    internal static async Task<IReadOnlyList<Finding>> ExamineAsync(Settings settings, TimeProvider clock)
    {
        if (settings.Cluster is not { } cluster || settings.Redis is not { } redis)
            return [new Finding("cluster", Verdict.Bad, "STREAMING_CLUSTER is not set: ask with the settings of one of the cluster's servers")];
        if (Membership.Missing is { } missing)
            return [new Finding("cluster", Verdict.Bad, missing)];
        await using RedisLink link = await Task.Run(() => RedisLink.Connect(redis, LocalDirectory.RedisPatience)).ConfigureAwait(false);
        var findings = new List<Finding>();
        try
        {
            findings.AddRange(await RedisAsync(link).ConfigureAwait(false));
            IReadOnlyList<MachineRow> rows = await Membership.RowsAsync(cluster, redis).ConfigureAwait(false);
            DateTimeOffset now = clock.GetUtcNow();
            findings.AddRange(Machines(rows, now));
            IReadOnlyList<string> streams = StreamFolder.Names(Path.Combine(settings.DataFolder, "streams"));
            findings.AddRange(Streams(await OwnersAsync(link, streams).ConfigureAwait(false), [.. rows.Where(row => row.IsActive && now - row.SeenAt <= Silence).Select(row => row.Machine)]));
        }
        catch (StoreException e)
        {
            findings.Add(new Finding("Redis", Verdict.Bad, $"{e.Message}; see STREAMING_REDIS"));
        }
        return findings;
    }

    private static async Task<IReadOnlyList<Finding>> RedisAsync(RedisLink link)
    {
        string? weakness = await link.CheckAsync().ConfigureAwait(false);
        Finding kept = weakness is null
            ? new Finding("Redis", Verdict.Good, $"{link.Address.Name} answers and keeps an append-only file")
            : new Finding("Redis", Verdict.Bad, weakness);
        string memory = (string?)await link.SendAsync("INFO", "memory").ConfigureAwait(false) ?? "";
        string? policy = memory.Split('\n').FirstOrDefault(line => line.StartsWith("maxmemory_policy:", StringComparison.Ordinal))?.Split(':')[1].Trim();
        return policy is null or "noeviction"
            ? [kept]
            : [kept, new Finding("Redis", Verdict.Bad, $"{link.Address.Name} throws keys away when it is full (maxmemory-policy {policy}), and with them memory and who is in the cluster: set maxmemory-policy noeviction")];
    }

    /// <summary>One finding for each machine that is there or should be, and one for all that are gone.</summary>
    internal static IEnumerable<Finding> Machines(IReadOnlyList<MachineRow> rows, DateTimeOffset now)
    {
        foreach (MachineRow row in rows.Where(row => !row.IsDead))
        {
            string words = string.Create(CultureInfo.InvariantCulture, $"{row.Machine} at {row.Address} is {row.State}, and said so {(now - row.SeenAt).TotalSeconds:0} s ago");
            yield return now - row.SeenAt <= Silence
                ? new Finding("machine", Verdict.Good, words)
                : new Finding("machine", Verdict.Bad, $"{words}: it was killed or is frozen; the others take its streams over and strike it off by themselves, and if none is left, the next one that starts does. End it if it still runs");
        }
        if (!rows.Any(row => row.IsActive && now - row.SeenAt <= Silence))
            yield return new Finding("machine", Verdict.Bad, "none is there: start one, with the same STREAMING_CLUSTER, STREAMING_REDIS and data folder");
        int gone = rows.Count(row => row.IsDead);
        if (gone > 0)
            yield return new Finding("machine", Verdict.Optional, $"{gone} that have left are still listed; they are struck off after an hour, and need nothing");
    }

    /// <param name="owners">Each stream with the machine that took it last; null: none ever did.</param>
    internal static IEnumerable<Finding> Streams(IReadOnlyList<(string Stream, string? Machine)> owners, IReadOnlyList<string> there)
    {
        foreach (string machine in there)
        {
            string[] names = [.. owners.Where(owner => owner.Machine == machine).Select(owner => owner.Stream)];
            yield return new Finding("streams", Verdict.Good, $"{machine} has {names.Length}{(names.Length > 0 ? $": {string.Join(", ", names)}" : "")}");
        }
        string[] lost = [.. owners.Where(owner => owner.Machine is null || !there.Contains(owner.Machine)).Select(owner => owner.Stream)];
        if (lost.Length > 0)
            yield return new Finding("streams", Verdict.Bad, $"no machine has {string.Join(", ", lost)}: one takes them over within ten seconds of the loss of theirs; if that does not come to pass, the log of the servers says why");
    }

    private static async Task<IReadOnlyList<(string, string?)>> OwnersAsync(RedisLink link, IReadOnlyList<string> streams)
    {
        var owners = new List<(string, string?)>();
        foreach (string stream in streams)
            owners.Add((stream, (string?)(RedisValue)await link.SendAsync("GET", LocalDirectory.OwnerKey(link.Address, stream)).ConfigureAwait(false)));
        return owners;
    }
}
