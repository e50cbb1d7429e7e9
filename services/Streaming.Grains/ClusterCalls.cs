using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>
/// Calls that outlast the loss of a machine: until the cluster has found out, what was called there fails, and is called again where it is by
/// then. What a machine did before it was lost may so be done twice: declaring a stream then tells that it is there already.
/// </summary>
internal static class ClusterCalls
{
    /// <summary>A machine that is killed is found out within four seconds (<see cref="Hosting.ClusterMember"/>), and its streams run again within ten.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static Problem Away => new(ProblemKind.Unavailable, "the machine that has it was lost, and no other has taken it over yet; try again") { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>The outcome, or that no machine has it now.</summary>
    internal static async Task<Outcome<T>> AskAsync<T>(Func<Task<Outcome<T>>> call, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await RepeatAsync(call, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e, cancellation))
        {
            return Away;
        }
    }

    /// <summary>Like <see cref="AskAsync"/>, for what has no problem to tell.</summary>
    /// <exception cref="UnavailableException">No machine has it now.</exception>
    internal static async Task<T> ReachAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await RepeatAsync(call, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e, cancellation))
        {
            throw new UnavailableException(Away, e);
        }
    }

    /// <inheritdoc cref="ReachAsync{T}"/>
    internal static Task ReachAsync(Func<Task> call, CancellationToken cancellation) => ReachAsync(() => DoneAsync(call), cancellation);

    /// <exception cref="OrleansException">No machine has it now.</exception>
    internal static async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception e) when (IsLoss(e, cancellation) && TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="OrleansException">No machine has it now.</exception>
    internal static Task RepeatAsync(Func<Task> call, CancellationToken cancellation) => RepeatAsync(() => DoneAsync(call), cancellation);

    /// <summary>Begins again as long as nothing of the answer came.</summary>
    internal static async IAsyncEnumerable<AnswerPiece> StreamAsync(Func<IAsyncEnumerable<AnswerPiece>> call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        IAsyncEnumerator<AnswerPiece>? pieces = null;
        AnswerPiece? lost = null;
        try
        {
            bool isThere = await RepeatAsync(
                async () =>
                {
                    if (pieces is not null)
                        await pieces.DisposeAsync().ConfigureAwait(false);
                    pieces = call().GetAsyncEnumerator(cancellation);
                    return await pieces.MoveNextAsync().ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            while (isThere)
            {
                yield return pieces!.Current;
                try
                {
                    isThere = await pieces.MoveNextAsync().ConfigureAwait(false);
                }
                catch (Exception e) when (IsLoss(e, cancellation))
                {
                    lost = new AnswerPiece(Problem: Away);
                    break;
                }
            }
        }
        finally
        {
            if (pieces is not null)
                await pieces.DisposeAsync().ConfigureAwait(false);
        }
        if (lost is not null)
            yield return lost;
    }

    private static async Task<bool> DoneAsync(Func<Task> call)
    {
        await call().ConfigureAwait(false);
        return true;
    }

    /// <summary>What a call to a machine that is lost ends with, or one that was on its way when the cluster found out.</summary>
    private static bool IsLoss(Exception e, CancellationToken cancellation) =>
        e is OrleansException or TimeoutException or EnumerationAbortedException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);
}
