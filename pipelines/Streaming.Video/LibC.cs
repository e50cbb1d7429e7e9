using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Video;

/// <summary>What setrlimit(2) bounds: processor seconds, bytes of a file that is written, private writable memory (heap and anonymous maps), bytes of a core dump, all that is mapped.</summary>
internal enum LimitedResource { ProcessorSeconds = 0, FileSize = 1, Data = 2, CoreDump = 4, AddressSpace = 9 }

/// <summary>The few calls of Linux that .NET does not offer.</summary>
internal static partial class LibC
{
    internal const int NotFound = 2; // ENOENT
    internal const int AccessDenied = 13; // EACCES
    internal const int NoFolder = 20; // ENOTDIR

    private const short PollIn = 1;
    private const int Interrupted = 4; // EINTR
    private const int NoNewRights = 38; // PR_SET_NO_NEW_PRIVS
    private const int PathOnly = 0x200000 | 0x80000; // O_PATH | O_CLOEXEC
    private const int StatusBytes = 256; // struct statx
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeAndSize = 0x1 | 0x200; // STATX_TYPE | STATX_SIZE
    private const int TypeMask = 0xf000; // S_IFMT

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

    /// <summary>Bounds what this process may take of something, for good.</summary>
    internal static void Limit(LimitedResource resource, long most)
    {
        var limit = new ResourceLimit { Soft = (nuint)most, Hard = (nuint)most };
        if (SetResourceLimit((int)resource, in limit) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>No program that this thread starts has more rights than it; filters can then be set without being root.</summary>
    internal static bool GiveUpNewRights() => Control(NoNewRights, 1, 0, 0, 0) == 0;

    /// <summary>A handle that only names a place; null: there is none.</summary>
    internal static SafeFileHandle? OpenPath(string path) => Open(path, PathOnly) is >= 0 and var file ? new SafeFileHandle(file, ownsHandle: true) : null;

    /// <summary>What a path names, links followed, without opening it: opening a named pipe waits for its writer.</summary>
    /// <returns>Kind and size in bytes; or a code of errno.</returns>
    internal static unsafe (FileKind Kind, long SizeBytes, int Error) Look(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        fixed (byte* at = status)
        {
            if (Status(CurrentFolder, path, 0, TypeAndSize, at) != 0)
                return (default, 0, Marshal.GetLastPInvokeError());
        }
        // struct statx, the same on every architecture: stx_mode at 28, stx_size at 40.
        var kind = (FileKind)(BitConverter.ToUInt16(status[28..]) & TypeMask);
        return (kind, BitConverter.ToInt64(status[40..]), 0);
    }

    /// <summary>A system call by its number; negative: it failed.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Call(nint number, nint first, nint second, nint third);

    /// <summary>S_IFMT of a file's mode; other kinds are devices, pipes and sockets.</summary>
    internal enum FileKind { Folder = 0x4000, File = 0x8000 }

    /// <summary>Ends this process at once, whatever its threads do.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollFd file, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

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
