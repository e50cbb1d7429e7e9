namespace Streaming.Server.Store;

/// <summary>A log of bytes as a whole.</summary>
public interface ILogStore
{
    /// <summary>The log as it was left, with a torn end if there is one; empty: there is none.</summary>
    /// <exception cref="StoreException">It cannot be read now.</exception>
    Task<byte[]> ReadAsync(CancellationToken cancellation = default);

    /// <summary>A new log in place of the old one. It is durable once this returns.</summary>
    /// <exception cref="StoreException">It is not known whether the old log is there or the new one.</exception>
    Task ReplaceAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default);
}

/// <summary>
/// Where the memory of one stream outlives the process: a log of bytes that grows and is sometimes written anew. Whatever interrupts a
/// writing leaves the old log or the new one, and of what was being added all, nothing, or a torn end. One caller at a time.
/// Any writing may throw a <see cref="StoreTakenException"/>: another store took the log over, and nothing was changed.
/// </summary>
public interface IMemoryStore : ILogStore, IAsyncDisposable
{
    /// <summary>Makes the log this store's own: what others that had it before write from now on is refused. A store that only one process can reach has nobody to refuse.</summary>
    /// <exception cref="StoreException">It cannot be taken now.</exception>
    Task TakeAsync(CancellationToken cancellation = default) => Task.CompletedTask;

    /// <summary>Adds to the log that was written anew last. It is durable once this returns.</summary>
    /// <exception cref="StoreException">It is not known whether it was added: only a log written anew is sure again.</exception>
    Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default);

    /// <summary>Keeps a copy of the log that nothing reads or overwrites.</summary>
    /// <returns>Where it is.</returns>
    /// <exception cref="StoreException">It cannot be copied.</exception>
    Task<string> SetAsideAsync(CancellationToken cancellation = default);

    /// <summary>Forgets the log; copies that were set aside stay.</summary>
    /// <exception cref="StoreException">It cannot be removed now.</exception>
    Task DeleteAsync(CancellationToken cancellation = default);
}

/// <summary>A store does not do what it is told, with the reason in one line without secrets.</summary>
public class StoreException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Another store took the log over; what this one writes is refused for good.</summary>
public sealed class StoreTakenException(string message) : StoreException(message);
