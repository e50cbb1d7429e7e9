using Streaming.Compression;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>A film at a glance: some frames, evenly spread over its length, with all their tokens. What benchmarks of video models ask about.</summary>
public static class FilmGlance
{
    /// <summary>How many pictures are encoded at once: enough to fill a processor, few enough to hold.</summary>
    private const int Batch = 8;

    /// <param name="frames">How many frames at most. A short film gives as many as it has at <see cref="DecodeRequest.MaxFramesPerSecond"/>.</param>
    /// <returns>The tokens in order of time, or why there are none.</returns>
    public static async Task<(VisualTokens? Tokens, SourceFailure? Failure)> SeeAsync(
        Decoder decoder, FrameEncoder encoder, FileSource film, int frames, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        if (film.Examine() is { } unusable)
            return (null, unusable);
        var (length, failure) = await LengthAsync(decoder, film, cancellation).ConfigureAwait(false);
        if (length <= TimeSpan.Zero)
            return (null, failure ?? new SourceFailure(SourceFailureKind.NotVideo, "it holds no picture"));
        var request = new DecodeRequest { FramesPerSecond = Math.Min(DecodeRequest.MaxFramesPerSecond, frames / length.TotalSeconds) };
        return await EncodeAsync(decoder, encoder, film, request, frames, cancellation).ConfigureAwait(false);
    }

    /// <summary>By its header, or, where that does not say, by decoding it.</summary>
    private static async Task<(TimeSpan Length, SourceFailure? Failure)> LengthAsync(Decoder decoder, FileSource film, CancellationToken cancellation)
    {
        await using DecodeSession session = decoder.Open(film, new DecodeRequest { FramesPerSecond = 1, MaxWidth = 16, MaxHeight = 16 }, cancellation);
        await foreach (Frame frame in session.Frames().ConfigureAwait(false))
        {
            frame.Dispose();
            if (session.Facts?.Duration is { } duration && duration > TimeSpan.Zero)
                return (duration, null);
        }
        DecodeReport report = await session.Completion.ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return (report.Progress.Sampled > 0 ? report.Progress.Time + TimeSpan.FromTicks(1) : TimeSpan.Zero, report.Failure);
    }

    private static async Task<(VisualTokens?, SourceFailure?)> EncodeAsync(
        Decoder decoder, FrameEncoder encoder, FileSource film, DecodeRequest request, int frames, CancellationToken cancellation)
    {
        await using DecodeSession session = decoder.Open(film, request, cancellation);
        var seen = new List<VisualTokens>(frames);
        var batch = new List<Frame>(Batch);
        try
        {
            await foreach (Frame frame in session.Frames().ConfigureAwait(false))
            {
                batch.Add(frame);
                if (seen.Count + batch.Count == frames)
                    break;
                if (batch.Count == Batch)
                    await EncodeAsync(encoder, batch, seen, cancellation).ConfigureAwait(false);
            }
            if (batch.Count > 0)
                await EncodeAsync(encoder, batch, seen, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Release(batch);
        }
        cancellation.ThrowIfCancellationRequested();
        if (seen.Count > 0)
            return (seen.Join(encoder.Hidden), null);
        return (null, (await session.Completion.ConfigureAwait(false)).Failure ?? new SourceFailure(SourceFailureKind.NotVideo, "it holds no picture"));
    }

    private static async Task EncodeAsync(FrameEncoder encoder, List<Frame> batch, List<VisualTokens> seen, CancellationToken cancellation)
    {
        seen.AddRange(await encoder.EncodeAsync(batch, cancellation).ConfigureAwait(false));
        Release(batch);
    }

    private static void Release(List<Frame> batch)
    {
        foreach (Frame frame in batch)
            frame.Dispose();
        batch.Clear();
    }
}
