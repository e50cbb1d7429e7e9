using Streaming.Models.Speech;

namespace Streaming.Models.Tests.Speech;

public sealed class WhisperManifestTests
{
    private const string Config = """{"model_type": "whisper", "d_model": 8, "max_source_positions": 100, "max_target_positions": 64, "vocab_size": 114}""";

    private const string Generation = """
        {"decoder_start_token_id": 11, "eos_token_id": [10], "no_timestamps_token_id": 12, "suppress_tokens": [4, -1], "lang_to_id": {"<|en|>": 7}, "task_to_id": {"transcribe": 8}}
        """;

    private const string Preprocessor = """{"feature_size": 80, "sampling_rate": 16000, "n_fft": 400, "hop_length": 160, "n_samples": 32000}""";

    [Fact]
    public void Parse_of_whole_files_reads_every_field()
    {
        var manifest = WhisperManifest.Parse(Config, Generation, Preprocessor);
        Assert.Equal((8, 100, 64, 114), (manifest.Hidden, manifest.Positions, manifest.MostTokens, manifest.Vocabulary));
        Assert.Equal((11, 10, 12, 13, 8), (manifest.StartToken, manifest.EndToken, manifest.NoTimestampsToken, manifest.FirstTimestamp, manifest.TranscribeToken));
        Assert.Equal(new SpeechShape(80, 16_000, 400, 160, 32_000), manifest.Sound);
        Assert.Equal(new KeyValuePair<string, int>("en", 7), Assert.Single(manifest.Languages));
        Assert.Equal([4], manifest.Suppressed);
        Assert.Empty(manifest.SuppressedFirst);
        Assert.Null(manifest.LatestFirstTimestamp);
        Assert.Equal(TimeSpan.FromSeconds(0.1), manifest.TimeOf(13 + 5));
    }

    [Theory]
    [InlineData("\"d_model\": 8, ", "", "config.json: \"d_model\"")]
    [InlineData("whisper", "moonshine", "config.json is of a moonshine")]
    [InlineData("\"hop_length\": 160", "\"hop_length\": 0", "preprocessor_config.json: \"hop_length\"")]
    [InlineData("16000", "8000", "preprocessor_config.json: the model listens at 8000")]
    [InlineData("\"decoder_start_token_id\": 11, ", "", "generation_config.json has no \"decoder_start_token_id\"")]
    [InlineData("[4, -1]", "[4, 114]", "names the token 114")]
    [InlineData("\"<|en|>\": 7", "\"<|en|>\": -7", "names the token -7")]
    [InlineData("\"no_timestamps_token_id\": 12", "\"no_timestamps_token_id\": 113", "names the token 114")]
    [InlineData("\"transcribe\": 8", "\"transcribe\": 200", "names the token 200")]
    [InlineData("[10]", "[]", "generation_config.json is not as expected")]
    [InlineData("\"suppress_tokens\"", "\"max_initial_timestamp_index\": -1, \"suppress_tokens\"", "\"max_initial_timestamp_index\" is below 0")]
    public void Parse_of_what_cannot_be_names_the_file_and_what_is_wrong(string right, string wrong, string told)
    {
        string[] files = [.. new[] { Config, Generation, Preprocessor }.Select(file => file.Replace(right, wrong, StringComparison.Ordinal))];
        Assert.Contains(told, Assert.Throws<InvalidModelException>(() => WhisperManifest.Parse(files[0], files[1], files[2])).Message, StringComparison.Ordinal);
    }
}
