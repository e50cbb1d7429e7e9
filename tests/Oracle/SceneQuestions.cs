using Streaming.Models;
using Streaming.Models.Onnx;
using Streaming.World;

namespace Streaming.Oracle;

/// <summary>Questions about rendered films, with the pictures they are about as the model's pixel_values.</summary>
/// <param name="PixelValues">[frames, 3, height, width], two frames a second.</param>
/// <param name="Times">When each frame was seen.</param>
public sealed record SceneQuestion(string Task, string Question, string Answer, float[] PixelValues, IReadOnlyList<TimeSpan> Times)
{
    /// <summary>The longest film that is asked about, in frames: 16 of 64 tokens are what the model's speed is stated for.</summary>
    private const int MostFrames = 16;

    /// <summary>One question a film, over the tasks in turn; the same for the same seed.</summary>
    public static IEnumerable<SceneQuestion> Of(ImagePreprocessor preprocessor, ulong seed, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var pictures = new List<float[]>();
            var film = Director.Direct(seed + (ulong)i, Split.Test, (double)MostFrames / Film.SamplesPerSecond);
            var footage = Footage.Of(film, (_, _, rgb) => pictures.Add(Pixels(preprocessor, rgb)));
            var asked = FilmFile.Describe(footage).Questions;
            var question = asked[(int)((seed + ((ulong)i * 7)) % (ulong)asked.Count)];
            int first = (int)(question.FromSeconds * Film.SamplesPerSecond), last = (int)(question.ToSeconds * Film.SamplesPerSecond);
            yield return new SceneQuestion(
                question.Task, question.Question, question.Answer,
                [.. pictures[first..(last + 1)].SelectMany(picture => picture)],
                [.. Enumerable.Range(first, last - first + 1).Select(sample => TimeSpan.FromSeconds(Film.SecondsOf(sample)))]);
        }
    }

    /// <summary>The prompt that the service would build when every token of every frame is kept.</summary>
    public Prompt Prompt(OnnxVideoLanguageModel model) => new PromptBuilder(model.Manifest).Build(Seen(model), Question);

    /// <summary>Every token of every frame.</summary>
    public VisualTokens Seen(OnnxVideoLanguageModel model)
    {
        var shape = model.Manifest.Vision;
        var features = new float[Times.Count * shape.TokensPerFrame * shape.Hidden];
        model.VisionEncoder.Encode(PixelValues, Times.Count, features);
        TokenOrigin[] origins = [.. from time in Times
                                    from place in Enumerable.Range(0, shape.TokensPerFrame)
                                    select new TokenOrigin(time, (short)(place / shape.GridColumns), (short)(place % shape.GridColumns))];
        float[] ones = [.. Enumerable.Repeat(1f, origins.Length)];
        return new VisualTokens(shape.Hidden, features, origins, ones, ones);
    }

    private static float[] Pixels(ImagePreprocessor preprocessor, byte[] rgb)
    {
        var values = new float[preprocessor.ValuesPerFrame];
        preprocessor.Process(rgb, Film.Side, Film.Side, values);
        return values;
    }
}
