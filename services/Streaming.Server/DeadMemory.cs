namespace Streaming.Server;

/// <summary>Keeps what a server holds close to what it needs, however long it runs. Figures: <c>./run soak</c>.</summary>
internal static class DeadMemory
{
    /// <summary>
    /// Remembered tokens are few, large and live for minutes, so that the dead among them are found by full collections only, and those
    /// come by themselves when as much as four fifths of the living has died. One in the background each minute costs some milliseconds,
    /// because the arrays hold no references.
    /// </summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

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
}
