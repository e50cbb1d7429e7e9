using System.Globalization;

namespace Streaming.Faults;

/// <summary>What the kernel tells of other processes (proc(5)).</summary>
public static class ProcessTable
{
    /// <summary>All processes of a session, alive or not yet reaped; it is named after the process that began it, also when that is gone.</summary>
    public static IReadOnlyList<int> OfSession(int session) => With(3, session);

    /// <param name="field">Of its stat, after its name.</param>
    private static IReadOnlyList<int> With(int field, int value) =>
        [.. from folder in Directory.EnumerateDirectories("/proc")
            where int.TryParse(Path.GetFileName(folder), out _)
            let fields = StatOf(folder)
            where fields is not null && fields[field] == value.ToString(CultureInfo.InvariantCulture)
            select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)];

    /// <summary>The processes that a process has started, alive or not yet reaped.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent) => With(1, parent);

    /// <summary>Program and arguments, separated by blanks; empty: it is gone.</summary>
    public static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Resident memory in bytes; 0: there is no such process.</summary>
    public static long ResidentBytes(int process) => StatOf($"/proc/{process}") is { } fields ? long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;

    /// <summary>User and system time so far, in steps of a hundredth of a second; zero: it is gone.</summary>
    public static TimeSpan ProcessorTimeOf(int process) =>
        StatOf($"/proc/{process}") is { } fields ? TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0) : default;

    public static int Threads(int process) => StatOf($"/proc/{process}") is { } fields ? int.Parse(fields[17], CultureInfo.InvariantCulture) : 0;

    /// <summary>Open files, sockets and pipes.</summary>
    public static int Handles(int process)
    {
        try
        {
            return Directory.GetFileSystemEntries($"/proc/{process}/fd").Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The fields of its stat after its name, the state first; null: it is gone.</summary>
    private static string[]? StatOf(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
