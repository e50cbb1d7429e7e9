using System.Text.Json.Nodes;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Oracle;
using Streaming.Server;
using Streaming.Video;
using Streaming.World;

namespace Streaming.Benchmarks;

/// <summary>Whether the service and transformers.js write the same tokens on the same files, pictures and questions.</summary>
internal static class OracleBench
{
    private const int Films = 20;
    private const int QuestionsPerFilm = 10;

    /// <summary>The longest stretch that the shipped model was trained on at most budgets; later frames of a longer one are read.</summary>
    private const int MostFrames = 16;

    private static readonly GenerationLimits Limits = new(MaxNewTokens: 32, TimeSpan.FromMinutes(5));

    public static Bench Bench { get; } = new("oracle", "identical token ids with transformers.js on 200 questions", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        using var oracle = new TransformersJs();
        using var model = OnnxVideoLanguageModel.Load(ModelLibrary.Default().Find(Settings.FromEnvironment().Model));
        var folder = Directory.CreateTempSubdirectory("streaming-oracle-");
        int asked = 0, samePrompt = 0, sameAnswer = 0;
        foreach (var paper in Exam.Papers(folder.FullName, run.Seed, Films, QuestionsPerFilm))
        {
            var pictures = await PicturesAsync(model, paper.Film, cancellation);
            foreach (var question in paper.Questions)
            {
                var seen = pictures.Where(p => p.Time.TotalSeconds >= question.FromSeconds && p.Time.TotalSeconds <= question.ToSeconds).TakeLast(MostFrames).ToArray();
                float[] pixels = [.. seen.SelectMany(picture => picture.PixelValues)];
                var prompt = new PromptBuilder(model.Manifest).Build(Encode(model, pixels, seen), question.Question);
                int[] counts = [.. seen.Select(_ => model.Manifest.Vision.TokensPerFrame)];
                var expected = oracle.Generate(model.Folder.Path, Messages(prompt), counts, pixels, features: null, Limits.MaxNewTokens);
                var completion = await model.LanguageModel.CompleteAsync(prompt, Limits, cancellation: cancellation);
                asked++;
                samePrompt += expected.Prompt.SequenceEqual(model.Folder.PromptEncoder().Encode(prompt).TokenIds) ? 1 : 0;
                sameAnswer += expected.Ids.SequenceEqual(completion.TokenIds) ? 1 : 0;
            }
            BenchRun.Progress($"oracle: {sameAnswer} of {asked} answers identical");
        }
        folder.Delete(recursive: true);
        return
        [
            new("questions", asked, "questions", Goal.AtLeast(Films * QuestionsPerFilm)),
            new("identical_prompt_ids", (double)samePrompt / asked, "share", Goal.AtLeast(1)),
            new("identical_answer_ids", (double)sameAnswer / asked, "share", Goal.AtLeast(1)),
        ];
    }

    /// <param name="PixelValues">[3, height, width], as the vision encoder reads them.</param>
    private sealed record Picture(TimeSpan Time, float[] PixelValues);

    private static async Task<List<Picture>> PicturesAsync(OnnxVideoLanguageModel model, string film, CancellationToken cancellation)
    {
        var pictures = new List<Picture>();
        await using var session = new Decoder(DecoderProcessOfThis.Options).Open(new FileSource(film), new DecodeRequest(), cancellation);
        await foreach (var frame in session.Frames())
        {
            using (frame)
            {
                var pixels = new float[model.Folder.Preprocessor.ValuesPerFrame];
                model.Folder.Preprocessor.Process(frame.Rgb, frame.Width, frame.Height, pixels);
                pictures.Add(new Picture(frame.Time, pixels));
            }
        }
        return pictures;
    }

    private static VisualTokens Encode(OnnxVideoLanguageModel model, float[] pixels, Picture[] seen)
    {
        var shape = model.Manifest.Vision;
        var features = new float[seen.Length * shape.TokensPerFrame * shape.Hidden];
        model.VisionEncoder.Encode(pixels, seen.Length, features);
        TokenOrigin[] origins =
        [
            .. from picture in seen
               from token in Enumerable.Range(0, shape.TokensPerFrame)
               select new TokenOrigin(picture.Time, (short)(token / shape.GridColumns), (short)(token % shape.GridColumns)),
        ];
        float[] ones = [.. Enumerable.Repeat(1f, origins.Length)];
        return new VisualTokens(shape.Hidden, features, origins, ones, ones);
    }

    private static JsonArray Messages(Prompt prompt) => new([.. prompt.Messages.Select(message => OracleMessages.Message(
        message.Role, [.. message.Content.Select(part => part is TextPart text ? OracleMessages.Text(text.Text) : OracleMessages.Image())]))]);
}
