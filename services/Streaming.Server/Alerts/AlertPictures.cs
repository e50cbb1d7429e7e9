using Streaming.Server.Archive;

namespace Streaming.Server.Alerts;

/// <summary>The pictures of events in a folder, where they may come from a backup of either kind.</summary>
/// <param name="isShared">Machines share the folder: a picture lies there before the event has a number, so that it is named by whose event it is and when it was stored.</param>
internal sealed class AlertPictures(string folder, bool isShared)
{
    internal string PathOf(Alert alert)
    {
        string own = Path(alert, isShared), other = Path(alert, !isShared);
        return !File.Exists(own) && File.Exists(other) ? other : own;
    }

    /// <exception cref="IOException">The disk does not take it.</exception>
    internal void Write(Alert alert, byte[] picture) => AtomicFile.Write(Path(alert, isShared), picture);

    /// <summary>Removes what a program that was killed had not finished; nobody else may write in the folder.</summary>
    internal void Tidy() => AtomicFile.Tidy(System.IO.Path.Combine(folder, "*.jpg"));

    internal void Delete(Alert alert) => File.Delete(PathOf(alert));

    /// <summary>Bytes of an event's picture; 0: it has none.</summary>
    internal long SizeOf(Alert alert) => alert.HasPicture && new FileInfo(PathOf(alert)) is { Exists: true } picture ? picture.Length : 0;

    private string Path(Alert alert, bool isShared) => System.IO.Path.Combine(
        folder, isShared ? FormattableString.Invariant($"{alert.Stream}.{alert.Watch}.{alert.StoredAt.UtcTicks}.jpg") : FormattableString.Invariant($"{alert.Number:0000000000}.jpg"));
}
