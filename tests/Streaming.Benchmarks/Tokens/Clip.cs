using Streaming.Compression;
using Streaming.Models;
using Streaming.Models.Onnx;
using Streaming.Pipelines;
using Streaming.Video;
using Streaming.World;

namespace Streaming.Benchmarks.Tokens;

/// <summary>A film of 32 frames as visual tokens, every frame whole, with the questions about all of it.</summary>
internal sealed record Clip(VisualTokens Tokens, IReadOnlyList<FilmQuestion> Questions)
{
    /// <summary>The longest that the shipped model is trained at.</summary>
    public const int Frames = 32;

    private const double Seconds = (double)Frames / Film.SamplesPerSecond;

    /// <summary>Renders, encodes and decodes the film as H.264, so that the pictures are those of a real file, and sees every frame of it.</summary>
    /// <param name="folder">Where the file lies meanwhile.</param>
    public static async Task<Clip> ShootAsync(ulong seed, Split split, string folder, OnnxVideoLanguageModel model, CancellationToken cancellation)
    {
        Film film = Director.Direct(seed, split, Seconds);
        string path = Path.Combine(folder, $"{seed}.mp4");
        FilmSidecar sidecar = FilmFile.Write(film, path);
        double end = Film.SecondsOf(Frames - 1);
        VisualTokens tokens = await SeeAsync(path, model, cancellation);
        File.Delete(path);
        File.Delete(Path.ChangeExtension(path, ".json"));
        return new Clip(tokens, [.. sidecar.Questions.Where(question => question.FromSeconds == 0 && question.ToSeconds == end)]);
    }

    /// <summary>The tokens of as many black frames: what a model answers without looking.</summary>
    public static async Task<VisualTokens> DarknessAsync(OnnxVideoLanguageModel model, CancellationToken cancellation)
    {
        Frame[] black = [.. Enumerable.Range(0, Frames).Select(sample => new Frame(
            new byte[Film.Side * Film.Side * 3], Film.Side, Film.Side, TimeSpan.FromSeconds(Film.SecondsOf(sample)), sample, default))];
        FrameEncoder encoder = Encoder(model);
        return (await encoder.EncodeAsync(black, cancellation)).Join(encoder.Hidden);
    }

    private static async Task<VisualTokens> SeeAsync(string path, OnnxVideoLanguageModel model, CancellationToken cancellation)
    {
        var (tokens, failure) = await FilmGlance.SeeAsync(new Decoder(DecoderProcessOfThis.Options), Encoder(model), new FileSource(path), Frames, cancellation);
        return tokens?.Count == Frames * model.Manifest.Vision.TokensPerFrame
            ? tokens
            : throw new InvalidOperationException($"{path} gave {tokens?.Count} tokens: {failure}");
    }

    private static FrameEncoder Encoder(OnnxVideoLanguageModel model) => new(model.VisionEncoder, model.Folder.Preprocessor, new InferenceQueue());
}
