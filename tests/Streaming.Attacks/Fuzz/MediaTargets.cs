using Streaming.Attacks.Media;
using Streaming.Video;

namespace Streaming.Attacks.Fuzz;

/// <summary>Films, read by a decoder process as uploads are.</summary>
public static class MediaTargets
{
    /// <param name="films">Good ones to begin with.</param>
    /// <param name="crashed">Told in words of each decoder process that died of a film; that is what it is for, and no finding.</param>
    public static FuzzTarget Films(IReadOnlyList<Film> films, DecoderOptions options, Action<string> crashed)
    {
        var decoder = new Decoder(options);
        return new FuzzTarget("media", dice => new MediaMutator(dice).Mutate(films[dice.Next(films.Count)]), async input =>
        {
            string path = Path.GetTempFileName();
            try
            {
                await File.WriteAllBytesAsync(path, input);
                await using DecodeSession session = decoder.Open(new FileSource(path), new DecodeRequest { FramesPerSecond = 2, MaxWidth = 128, MaxHeight = 128 });
                await foreach (Compression.Frame frame in session.Frames())
                    frame.Dispose();
                if ((await session.Completion).Failure is { Kind: SourceFailureKind.DecoderLost } lost)
                    crashed(lost.Message);
            }
            finally
            {
                File.Delete(path);
            }
        }, _ => false);
    }
}
