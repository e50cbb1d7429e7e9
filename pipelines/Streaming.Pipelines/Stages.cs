namespace Streaming.Pipelines;

/// <summary>Runs the stages of a pipeline together: a stage whose neighbour died would wait for ever.</summary>
internal static class Stages
{
    /// <summary>Starts all, waits for all. The first fault cancels the others and is the one thrown.</summary>
    public static async Task Run(CancellationToken cancellation, params Func<CancellationToken, Task>[] stages)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Exception? first = null;
        await Task.WhenAll(stages.Select(stage => Task.Run(() => Guard(stage), CancellationToken.None))).ConfigureAwait(false);
        if (first is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);

        async Task Guard(Func<CancellationToken, Task> stage)
        {
            try
            {
                await stage(stop.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }
}
