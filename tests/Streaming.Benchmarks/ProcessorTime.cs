using System.Globalization;

namespace Streaming.Benchmarks;

/// <summary>User and system time of this process and of its children that have ended.</summary>
internal static class ProcessorTime
{
    /// <summary>Ticks a second of the times in /proc, the same on every Linux: USER_HZ, see proc(5).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>utime, stime, cutime and cstime of proc(5), counted from the field after the program's name.</summary>
    private const int FirstField = 11;

    public static TimeSpan Now()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = Enumerable.Range(FirstField, 4).Sum(i => long.Parse(fields[i], CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
