using System.Buffers.Text;

namespace Streaming.Video.Sandboxing;

/// <summary>Ends this process when more of it lies in memory than it may take. The kernel's limits count what is asked for; this counts what is there.</summary>
internal static class MemoryWatch
{
    /// <summary>The exit code of a process that was ended for it.</summary>
    internal const int TooMuch = 4;

    private const int BetweenMilliseconds = 200;
    private const int LongestLine = 128;

    /// <summary>Begins to watch, on a thread of its own.</summary>
    /// <param name="mostBytes">What of the film may lie in memory, beside what the program itself has there now.</param>
    internal static void Start(long mostBytes)
    {
        var file = File.OpenHandle("/proc/self/statm");
        var most = Pages(file, second: true) * Environment.SystemPageSize + mostBytes;
        new Thread(() =>
        {
            while (Pages(file, second: true) * Environment.SystemPageSize <= most)
                Thread.Sleep(BetweenMilliseconds);
            LibC.Exit(TooMuch);
        }, 64 * 1024)
        { IsBackground = true, Name = "memory watch" }.Start();
    }

    /// <summary>All that this process has reserved by now.</summary>
    internal static long AddressSpaceBytes()
    {
        using var file = File.OpenHandle("/proc/self/statm");
        return Pages(file, second: false) * Environment.SystemPageSize;
    }

    /// <summary>The first number of the line, all pages, or the second, those in memory (proc(5)).</summary>
    private static long Pages(Microsoft.Win32.SafeHandles.SafeFileHandle file, bool second)
    {
        Span<byte> line = stackalloc byte[LongestLine];
        var text = line[..RandomAccess.Read(file, line, 0)];
        if (second)
            text = text[(text.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(text, out long pages, out _) ? pages : 0;
    }
}
