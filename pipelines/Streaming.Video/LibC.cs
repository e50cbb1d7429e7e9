using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Video;

/// <summary>The few calls of Linux that .NET does not offer.</summary>
internal static partial class LibC
{
    private const short PollIn = 1;
    private const int Interrupted = 4; // EINTR
    private const int ResourceData = 2; // RLIMIT_DATA

    /// <summary>True once a read would not block (data or end), false after the time.</summary>
    internal static bool WaitReadable(SafeFileHandle file, int milliseconds)
    {
        var deadline = Environment.TickCount64 + milliseconds;
        var poll = new PollFd { File = (int)file.DangerousGetHandle(), Events = PollIn };
        while (true)
        {
            var ready = Poll(ref poll, 1, (int)Math.Max(0, deadline - Environment.TickCount64));
            if (ready >= 0)
                return ready > 0;
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error)
                throw new Win32Exception(error);
        }
    }

    /// <summary>Bounds this process's private writable memory (heap and anonymous maps): beyond it allocations fail.</summary>
    internal static void LimitMemory(long sizeBytes)
    {
        var limit = new ResourceLimit { Soft = (nuint)sizeBytes, Hard = (nuint)sizeBytes };
        if (SetResourceLimit(ResourceData, in limit) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Ends this process at once, whatever its threads do.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollFd file, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetResourceLimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        internal int File;
        internal short Events;
        internal short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        internal nuint Soft;
        internal nuint Hard;
    }
}
