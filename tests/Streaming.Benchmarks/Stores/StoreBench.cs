using System.Diagnostics;
using Streaming.Server.Archive;
using Streaming.Server.Store;
using Streaming.Server.Tests.Store;

namespace Streaming.Benchmarks.Stores;

/// <summary>
/// What is left when the program, or the Redis, is killed in the middle of writing, at random points: everything that was acknowledged,
/// and always something that can be read.
/// </summary>
internal static class StoreBench
{
    private const int Kills = 200;

    public static Bench Bench { get; } = new("store", "what is lost of what was acknowledged when the program or the Redis is killed while it writes; --kills N of each", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        int kills = run.Kills ?? Kills;
        string folder = Directory.CreateTempSubdirectory("streaming-kills-").FullName;
        try
        {
            Toll files = await KillAsync(kills, new Random((int)run.Seed), Path.Combine(folder, "gate.log"), null, cancellation);
            using var redis = new RedisServer();
            Toll both = await KillAsync(kills, new Random((int)run.Seed + 1), redis.Url, redis, cancellation);
            return [.. files.Results("files"), .. both.Results("redis")];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <param name="where">A file, or the address of a Redis.</param>
    /// <param name="redis">Killed too, now before the writer and now after it; null: there is none.</param>
    internal static async Task<Toll> KillAsync(int kills, Random random, string where, RedisServer? redis, CancellationToken cancellation)
    {
        var toll = new Toll();
        for (int kill = 0; kill < kills; kill++)
        {
            cancellation.ThrowIfCancellationRequested();
            long acknowledged = await StoreWriter.RunUntilKilledAsync(where, acknowledgements: random.Next(1, 60), spins: random.Next(0, 200_000), random.Next(2) == 0 ? redis : null);
            if (redis is not null)
            {
                redis.Kill();
                redis.Start();
            }
            toll.Count(await StoreWriter.ReadAsync(where), acknowledged);
            BenchRun.Progress($"store: {kill + 1} kills, {toll.Lost} keyframes and notes lost, {toll.Unreadable} logs unreadable");
        }
        return toll;
    }

    internal sealed class Toll
    {
        public int Kills { get; private set; }

        public long Lost { get; private set; }

        public int Unreadable { get; private set; }

        private long Acknowledged { get; set; }

        public void Count((LogEnd Keyframes, LogEnd Notes, HashSet<int> Numbers, HashSet<string> Lines) log, long acknowledged)
        {
            Kills++;
            Unreadable += (log.Keyframes is LogEnd.Whole or LogEnd.Torn ? 0 : 1) + (log.Notes is LogEnd.Whole or LogEnd.Torn ? 0 : 1);
            Acknowledged = Math.Max(Acknowledged, acknowledged);
            for (long number = Math.Max(0, acknowledged - StoreWriter.Remembered / 2); number <= acknowledged; number++)
                Lost += (log.Numbers.Contains((int)number) ? 0 : 1) + (log.Lines.Contains(StoreWriter.NoteOf(number)) ? 0 : 1);
        }

        public IEnumerable<BenchResult> Results(string store) =>
        [
            new($"kills_{store}", Kills, "kills"),
            new($"acknowledged_{store}", Acknowledged + 1, "keyframes"),
            new($"lost_{store}", Lost, "keyframes and notes", Goal.AtMost(0)),
            new($"unreadable_{store}", Unreadable, "logs", Goal.AtMost(0)),
        ];
    }
}
