namespace Streaming.Video;

/// <summary>Compares what a source says of itself, and then what it does, with <see cref="DecodeLimits"/>.</summary>
internal static class SourceLimits
{
    /// <summary>Before anything is allocated for the source.</summary>
    internal static SourceFailure? Check(int width, int height, TimeSpan? duration, DecodeOrder order)
    {
        if ((long)width * height > order.Limits.MaxPixels)
            return Exceeded($"a picture has {width}x{height} pixels, more than the limit of {order.Limits.MaxPixels}");
        if (!order.Source.IsLive && duration > order.Limits.MaxDuration)
            return Exceeded($"lasts {Words(duration.Value)} by its header; the limit is {Words(order.Limits.MaxDuration)}");
        return null;
    }

    /// <summary>While decoding a file: headers lie.</summary>
    internal static SourceFailure? Check(in DecodeProgress progress, DecodeLimits limits)
    {
        if (progress.Decoded > limits.MaxFrames)
            return Exceeded($"has more than {limits.MaxFrames} pictures, which is the limit");
        if (progress.Time > limits.MaxDuration)
            return Exceeded($"lasts longer than {Words(limits.MaxDuration)}, which is the limit");
        return null;
    }

    private static SourceFailure Exceeded(string message) => new(SourceFailureKind.LimitExceeded, message);

    private static string Words(TimeSpan time) => time.TotalHours >= 1 ? $"{time.TotalHours:0.#} h" : $"{time.TotalSeconds:0.#} s";
}
