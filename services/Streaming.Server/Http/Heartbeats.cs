using System.Runtime.CompilerServices;

namespace Streaming.Server.Http;

/// <summary>A stream of things with a sign of life wherever it is silent.</summary>
internal static class Heartbeats
{
    /// <summary>The things as they come, and null whenever none came for an <paramref name="interval"/>.</summary>
    public static async IAsyncEnumerable<T?> WithHeartbeats<T>(
        this IAsyncEnumerable<T> things, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        IAsyncEnumerator<T> source = things.GetAsyncEnumerator(end.Token);
        Task<bool> next = Task.FromResult(false);
        try
        {
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                while (!await CameWithin(next, interval))
                    yield return null;
                if (!await next)
                    yield break;
                yield return source.Current;
            }
        }
        finally
        {
            // A reader that stops early leaves a step under way; an enumerator may only be disposed between steps.
            await end.CancelAsync();
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await source.DisposeAsync();
        }
    }

    private static async Task<bool> CameWithin(Task next, TimeSpan interval)
    {
        using var wake = new CancellationTokenSource();
        Task first = await Task.WhenAny(next, Task.Delay(interval, wake.Token));
        await wake.CancelAsync();
        return first == next;
    }
}
