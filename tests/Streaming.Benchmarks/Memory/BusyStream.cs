using Streaming.Compression;

namespace Streaming.Benchmarks.Memory;

/// <summary>A stream in which something always happens, one film right after another: what its memory takes once it has had to give things up.</summary>
internal static class BusyStream
{
    /// <returns>Bytes on the managed heap after an hour, and after a day.</returns>
    public static (long AfterAnHour, long AfterADay) Run(IReadOnlyList<Shot> reel, MemoryOptions options)
    {
        long before = Resident(), afterAnHour = 0;
        var memory = new StreamMemory(options);
        int number = 0;
        TimeSpan now = TimeSpan.Zero;
        for (int film = 0; now < TimeSpan.FromDays(1); film++)
        {
            Shot shot = reel[film % reel.Count];
            foreach (MemoryEntry entry in shot.Kept)
                memory.Write(Shot.At(entry, number++, now));
            now += shot.Length + TimeSpan.FromSeconds(0.5);
            if (afterAnHour == 0 && now >= TimeSpan.FromHours(1))
                afterAnHour = Resident() - before;
        }
        long afterADay = Resident() - before;
        GC.KeepAlive(memory);
        return (afterAnHour, afterADay);
    }

    private static long Resident() => GC.GetTotalMemory(forceFullCollection: true);
}
