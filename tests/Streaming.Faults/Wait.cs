namespace Streaming.Faults;

/// <summary>Waiting for something to come to pass. Every look is a turn of the machine, not a time.</summary>
public static class Wait
{
    // Far beyond what anything here takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">It never came to pass.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> otherwise)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException(otherwise());
            await Task.Delay(Turn, CancellationToken.None);
        }
    }
}
