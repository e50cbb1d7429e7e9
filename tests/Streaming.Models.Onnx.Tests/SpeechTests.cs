using System.Text.Json.Nodes;
using Streaming.Models.Hub;
using Streaming.Models.Onnx.Speech;
using Streaming.Models.Speech;
using Streaming.Oracle;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests;

/// <summary>Whisper's layout against transformers.js on the same files.</summary>
[Collection("tiny")]
public sealed class SpeechTests(TinyModel tiny) : IDisposable
{
    private const int Rate = 16_000;

    private readonly string _copies = Directory.CreateTempSubdirectory("whisper-").FullName;

    [Theory]
    [InlineData(80, 2, 1.3, 1)]
    [InlineData(80, 2, 2.0, 2)]
    [InlineData(128, 2, 0.1, 3)]
    [InlineData(80, 30, 17.2, 4)]
    public void Features_are_those_of_transformers_js(int bands, int length, double seconds, int seed)
    {
        float[] sound = Sound(seconds, seed);
        var settings = new JsonObject
        {
            ["feature_size"] = bands,
            ["sampling_rate"] = Rate,
            ["n_fft"] = 400,
            ["hop_length"] = 160,
            ["n_samples"] = length * Rate,
            ["nb_max_frames"] = length * 100,
            ["chunk_length"] = length,
        };
        float[] expected = tiny.Oracle.Listen(settings, sound);
        float[] actual = new LogMel(new SpeechShape(bands, Rate, 400, 160, length * Rate)).Features(sound);
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max(), 0, 1e-4);
    }

    [Theory]
    [InlineData(0.4, "en", 11)]
    [InlineData(1.1, "de", 12)]
    [InlineData(2.0, "en", 13)]
    [InlineData(1.7, "fr", 14)]
    [InlineData(0.9, "fr", 15)]
    [InlineData(2.0, "de", 16)]
    public void Transcribe_of_random_sound_gives_the_ids_of_transformers_js(double seconds, string language, int seed)
    {
        var folder = Folder();
        using var recognizer = OnnxSpeechRecognizer.Load(folder, new OnnxOptions(), language);
        float[] sound = Sound(seconds, seed);
        var transcript = recognizer.Transcribe(sound);
        var expected = tiny.Oracle.Transcribe(folder.Path, sound, language, folder.Manifest.MostTokens / 2);
        Assert.NotEmpty(transcript.TokenIds);
        Assert.Equal(expected.Ids, transcript.TokenIds);
        Assert.Equal(language, transcript.Language);
        Assert.All(transcript.Lines, line => Assert.InRange(line.Until, line.From, TimeSpan.FromSeconds(seconds)));
        Assert.InRange(transcript.LogProbability, -20, 0);
    }

    [Fact]
    public void Transcribe_without_a_language_listens_for_the_one_that_transformers_js_finds_likeliest()
    {
        var folder = Folder();
        using var recognizer = OnnxSpeechRecognizer.Load(folder, new OnnxOptions());
        for (int seed = 21; seed < 25; seed++)
        {
            float[] sound = Sound(1.5, seed);
            Assert.Equal(tiny.Oracle.Transcribe(folder.Path, sound, "en", 1).Language, recognizer.Transcribe(sound).Language);
        }
    }

    [Fact]
    public void Transcribe_that_is_cancelled_throws_and_the_next_one_is_whole()
    {
        using var recognizer = OnnxSpeechRecognizer.Load(Folder(), new OnnxOptions(), "en");
        float[] sound = Sound(1, 31);
        Assert.ThrowsAny<OperationCanceledException>(() => recognizer.Transcribe(sound, new CancellationToken(canceled: true)));
        Assert.Equal(recognizer.Transcribe(sound).TokenIds, recognizer.Transcribe(sound).TokenIds);
    }

    [Fact]
    public void Load_of_a_language_that_the_model_does_not_know_says_which_it_knows() => Assert.Contains(
        "does not know the language xx; it knows de, en, fr.", Fault(Folder(), "xx"), StringComparison.Ordinal);

    [Fact]
    public void Load_of_a_model_for_english_alone_writes_english_and_refuses_other_languages()
    {
        SpeechFolder folder = Changed("generation_config.json", settings =>
        {
            settings.Remove("lang_to_id");
            settings.Remove("task_to_id");
        });
        Assert.Contains("does not know the language de; it knows en.", Fault(folder, "de"), StringComparison.Ordinal);
        foreach (string? language in (string?[])["en", null])
        {
            using var recognizer = OnnxSpeechRecognizer.Load(folder, new OnnxOptions(), language);
            Transcript transcript = recognizer.Transcribe(Sound(1.2, 41));
            Assert.Equal("en", transcript.Language);
            Assert.NotEmpty(transcript.TokenIds);
        }
    }

    [Fact]
    public void Load_of_graphs_with_other_inputs_reports_each()
    {
        SpeechFolder folder = Copy();
        File.Copy(Path.Combine(folder.Path, "onnx", "encoder_model.onnx"), Path.Combine(folder.Path, "onnx", "decoder_model_merged.onnx"), overwrite: true);
        string message = Fault(folder);
        Assert.Contains("input_ids is missing", message, StringComparison.Ordinal);
        Assert.Contains("input_features is an input that is not known", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_of_a_decoder_of_another_vocabulary_reports_it() => Assert.Contains(
        "logits is", Fault(Changed("config.json", settings => settings["vocab_size"] = 1000)), StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_copies, recursive: true);

    private static string Fault(SpeechFolder folder, string? language = null) =>
        Assert.Throws<InvalidModelException>(() => OnnxSpeechRecognizer.Load(folder, new OnnxOptions(), language).Dispose()).Message;

    /// <summary>A folder of the test's own.</summary>
    private SpeechFolder Copy() => SpeechFolder.Open(TinyFolder.WriteSpeech(_copies));

    private SpeechFolder Changed(string file, Action<JsonObject> change)
    {
        string path = Path.Combine(Copy().Path, file);
        JsonObject settings = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(settings);
        File.WriteAllText(path, settings.ToJsonString());
        return Copy();
    }

    private SpeechFolder Folder() => SpeechFolder.Open(tiny.DrawnSpeech());

    /// <summary>A few tones that come and go in noise.</summary>
    private static float[] Sound(double seconds, int seed)
    {
        var random = new Random(seed);
        double[] tones = [.. Enumerable.Range(0, 4).Select(_ => 80 + (random.NextDouble() * 3000))];
        return [.. Enumerable.Range(0, (int)(seconds * Rate)).Select(i => (float)((0.2 * tones.Sum(hertz =>
            Math.Sin(2 * Math.PI * hertz * i / Rate) * Math.Pow(Math.Sin((i / (double)Rate * 3) + hertz), 2))) + (0.02 * (random.NextDouble() - 0.5))))];
    }
}
