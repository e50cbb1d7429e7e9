using System.Runtime.InteropServices;

namespace Streaming.Server;

/// <summary>Keeps what a server holds close to what it needs, however long it runs. Figures: <c>./run soak</c>.</summary>
internal static class ResidentMemory
{
    /// <summary>
    /// Remembered tokens are few, large and live for minutes, so that the dead among them are found by full collections only, and those
    /// come by themselves when as much as four fifths of the living has died. One in the background each minute costs some milliseconds,
    /// because the arrays hold no references.
    /// </summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // From glibc's malloc.h.
    private const int ArenaMax = -8, MmapThreshold = -3;

    /// <summary>A block of this size, as pictures and activations are, goes back to the system when it is freed: glibc's own limit grows up to 32 MB.</summary>
    private const int LargeBlock = 256 * 1024;

    /// <summary>
    /// One native heap a processor instead of eight, each of which keeps holes of its own. To be called before the threads of the model
    /// are there. Elsewhere than on glibc nothing is done.
    /// </summary>
    public static void BoundNativeHeaps()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out nint library) || !NativeLibrary.TryGetExport(library, "mallopt", out _))
            return;
        _ = mallopt(ArenaMax, Environment.ProcessorCount);
        _ = mallopt(MmapThreshold, LargeBlock);
    }

    /// <summary>Until it is cancelled, which is no error.</summary>
    public static async Task CollectAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    [DllImport("libc.so.6")]
    private static extern int mallopt(int parameter, int value);
}
