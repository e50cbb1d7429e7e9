namespace Streaming.Server.Streams;

/// <summary>
/// Looks now and then whether the disk has room. Where it has less than is kept free, pictures go, of each stream in proportion to what
/// it has; while that does not help, no more are stored and no more films taken.
/// </summary>
internal sealed class DiskKeeper(DiskRoom disk, Func<IReadOnlyList<LocalStream>> streams, TimeProvider clock, Action<string> warn) : IAsyncDisposable
{
    /// <summary>In so much time a hundred cameras write 60 MB, an eighth of what is kept free.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;
    private bool _wasLow;

    internal void Start() => _work = Task.Run(WorkAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            Look();
            await Task.Delay(Interval, clock, _stop.Token).ConfigureAwait(false);
        }
    }

    private void Look()
    {
        try
        {
            if (disk.Look() is > 0 and var missing)
                MakeRoom(missing);
            if (disk.IsLow != _wasLow)
                warn(_wasLow ? "the disk has room again" : $"{disk.Words}: pictures are not stored and films not taken");
            _wasLow = disk.IsLow;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"room on the disk cannot be made: {e.Message}");
        }
    }

    private void MakeRoom(long missing)
    {
        IReadOnlyList<LocalStream> all = streams();
        long bytes = all.Sum(stream => stream.Pictures.Bytes), before = all.Sum(stream => stream.Pictures.Deleted.Disk);
        if (bytes == 0)
            return;
        foreach (LocalStream stream in all)
            stream.MakeRoom((long)((double)stream.Pictures.Bytes / bytes * Math.Min(missing, bytes)));
        if (all.Sum(stream => stream.Pictures.Deleted.Disk) - before is > 0 and var gone)
            warn($"{gone} of the oldest pictures were deleted, because {disk.Words}");
        disk.Look();
    }
}
