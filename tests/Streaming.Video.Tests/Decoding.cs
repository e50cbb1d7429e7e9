using Streaming.Compression;

namespace Streaming.Video.Tests;

/// <summary>What a test sees of a frame after its pixels went back.</summary>
internal sealed record Picture(TimeSpan Time, long Index, int Width, int Height, CodecSignals Codec, byte[] Rgb)
{
    internal (int R, int G, int B) At(double x, double y)
    {
        var i = ((int)(y * Height) * Width + (int)(x * Width)) * 3;
        return (Rgb[i], Rgb[i + 1], Rgb[i + 2]);
    }
}

internal sealed record Decoded(IReadOnlyList<Picture> Pictures, DecodeReport Report)
{
    internal double[] Seconds => Pictures.Select(p => p.Time.TotalSeconds).ToArray();
}

/// <summary>Runs decoder processes for tests.</summary>
internal static class Decoding
{
    internal static readonly string Child = Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild");

    /// <summary>Patient, for tests that are not about time: the machine may be busy with the other tests.</summary>
    internal static readonly DecodeLimits Patient = new() { ReadTimeout = TimeSpan.FromSeconds(30), StallTimeout = TimeSpan.FromSeconds(60) };

    internal static Decoder Decoder(DecodeLimits? limits = null) => new(new DecoderOptions { Command = [Child], Limits = limits ?? Patient });

    internal static Task<Decoded> Decode(string path, DecodeRequest? request = null, DecodeLimits? limits = null) =>
        Decode(new FileSource(path), request, limits);

    internal static async Task<Decoded> Decode(VideoSource source, DecodeRequest? request = null, DecodeLimits? limits = null, int atMost = int.MaxValue)
    {
        await using var session = Decoder(limits).Open(source, request ?? new DecodeRequest());
        var pictures = new List<Picture>();
        await foreach (var frame in session.Frames())
        {
            using (frame)
                pictures.Add(new(frame.Time, frame.Index, frame.Width, frame.Height, frame.Codec, frame.Rgb.ToArray()));
            if (pictures.Count == atMost)
                break;
        }
        if (pictures.Count == atMost)
            await session.DisposeAsync();
        var report = await session.Completion;
        Assert.False(Directory.Exists($"/proc/{session.ProcessId}"), "the decoder process is still there");
        return new(pictures, report);
    }

    /// <summary>Decodes what must fail, and checks the shape of the failure: one line, no address, no picture.</summary>
    internal static async Task<SourceFailure> Fail(string path, DecodeRequest? request = null, DecodeLimits? limits = null)
    {
        var decoded = await Decode(path, request, limits ?? new DecodeLimits());
        var failure = Assert.IsType<SourceFailure>(decoded.Report.Failure);
        Assert.DoesNotContain('\n', failure.Message);
        return failure;
    }
}
