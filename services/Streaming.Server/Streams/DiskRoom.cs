namespace Streaming.Server.Streams;

/// <summary>The disk that the data folder lies on, and how much of it is kept free.</summary>
/// <param name="measure">How many bytes are free now.</param>
internal sealed class DiskRoom(long reserveBytes, Func<long> measure)
{
    private volatile bool _isLow;

    internal long ReserveBytes => reserveBytes;

    /// <summary>There was less room than is kept free when somebody looked last, and nothing that may go.</summary>
    internal bool IsLow => _isLow;

    internal string Words => $"the disk has less than {reserveBytes >> 20} MiB left (STREAMING_DISK_RESERVE)";

    internal static DiskRoom Of(string folder, long reserveBytes) => new(reserveBytes, () => new DriveInfo(folder).AvailableFreeSpace);

    /// <summary>How many bytes are missing; 0 or less: none.</summary>
    internal long Look()
    {
        long missing = reserveBytes - measure();
        _isLow = missing > 0;
        return missing;
    }
}
