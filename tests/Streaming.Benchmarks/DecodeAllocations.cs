using Streaming.Compression;
using Streaming.Video;

namespace Streaming.Benchmarks;

/// <summary>Managed memory that a frame costs on its way to being thrown away: decoded, perhaps sent to this process, looked at, not kept.</summary>
internal static class DecodeAllocations
{
    /// <summary>Sampled frames after which all code has run.</summary>
    private const int WarmUp = 40;

    /// <summary>Sampled frames of one measurement. Of several the median counts: now and then the runtime starts a thread of its pool.</summary>
    private const int Window = 50;

    /// <param name="film">A film in which nothing happens.</param>
    /// <param name="samples">Frames that will be sampled from it.</param>
    /// <returns>Bytes that both processes allocated, on all their threads, for each frame that was not kept.</returns>
    public static async Task<double> MeasureAsync(string film, DecodeRequest request, int samples, CancellationToken cancellation)
    {
        // A gap longer than the film: nothing is kept but the first frame, so every byte belongs to a frame that is not.
        var selector = new KeyframeSelector(new KeyframeSelectorOptions { MaximumGap = TimeSpan.MaxValue });
        await using var session = new Decoder(DecoderProcessOfThis.Options).Open(new FileSource(film), request, cancellation);
        int sampled = 0, kept = 0;
        var moments = new List<Moment>(samples);
        await foreach (var frame in session.Frames())
        {
            using (frame)
            {
                kept += selector.Select(frame) is null ? 0 : 1;
                sampled++;
                if (sampled == WarmUp)
                    await UntilAllFramesExistAsync(session, cancellation);
                if (sampled >= WarmUp && (sampled - WarmUp) % Window == 0)
                    moments.Add(Moment.Now(frame));
            }
        }
        var report = await session.Completion;
        if (report.Failure is not null || sampled != samples || kept != 1)
            throw new InvalidOperationException($"The still film gave {sampled} samples, {kept} of them keyframes: {report.Failure}");
        var here = Statistics.Median(moments.Zip(moments.Skip(1), (start, end) => (double)(end.Bytes - start.Bytes) / (end.Frames - start.Frames)));
        return here + (double)report.AllocatedBytes / report.Progress.Decoded;
    }

    /// <summary>Dawdles until the session is as far ahead of its reader as it ever is: one frame here, some waiting, one in the pipe.</summary>
    private static async Task UntilAllFramesExistAsync(DecodeSession session, CancellationToken cancellation)
    {
        while (session.FramesInUse < DecodeSession.FramesAhead + 2)
            await Task.Delay(1, cancellation);
    }

    /// <param name="Frames">Decoded so far.</param>
    private readonly record struct Moment(long Bytes, long Frames)
    {
        public static Moment Now(Frame frame) => new(GC.GetTotalAllocatedBytes(precise: true), frame.Index);
    }
}
