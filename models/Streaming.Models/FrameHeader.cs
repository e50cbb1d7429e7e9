using System.Globalization;

namespace Streaming.Models;

/// <summary>
/// The text that tells the model when a frame was seen. <c>{seconds}</c> stands for the whole seconds since the start of the stream,
/// <c>{mm:ss}</c> for minutes and seconds; both round down.
/// </summary>
public sealed record FrameHeader(string Format)
{
    public string Text(TimeSpan time)
    {
        long seconds = (long)Math.Floor(time.TotalSeconds);
        return Format
            .Replace("{seconds}", seconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{mm:ss}", string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:00}:{seconds % 60:00}"), StringComparison.Ordinal);
    }
}
