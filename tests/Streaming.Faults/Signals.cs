using System.Runtime.InteropServices;

namespace Streaming.Faults;

/// <summary>What one process can do to another.</summary>
public static partial class Signals
{
    private const int Kill = 9, BadCall = 31, Continue = 18, Stop = 19; // SIGKILL, SIGSYS, SIGCONT, SIGSTOP

    /// <summary>It ends at once and cannot say a word.</summary>
    public static void KillNow(int process) => Send(process, Kill);

    /// <summary>It ends as by a fault of its own; gone already, it has had one.</summary>
    public static void Crash(int process) => _ = Send_(process, BadCall);

    /// <summary>It stands still, with its connections open, until <see cref="Thaw"/>.</summary>
    public static void Freeze(int process) => Send(process, Stop);

    public static void Thaw(int process) => Send(process, Continue);

    /// <exception cref="InvalidOperationException">There is no such process.</exception>
    private static void Send(int process, int signal)
    {
        if (Send_(process, signal) != 0)
            throw new InvalidOperationException($"process {process} does not take signal {signal}: error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send_(int process, int signal);
}
