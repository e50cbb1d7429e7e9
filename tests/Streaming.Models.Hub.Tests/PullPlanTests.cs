using Streaming.Models.Hub.Pulling;

namespace Streaming.Models.Hub.Tests;

public sealed class PullPlanTests
{
    private static readonly string[] Settings = ["config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"];

    [Fact]
    public void Of_a_speech_recogniser_takes_its_encoder_and_decoder()
    {
        HubRepository repository = Repository([.. Settings, "onnx/encoder_model.onnx", "onnx/encoder_model_q4.onnx", "onnx/decoder_model_merged.onnx", "onnx/decoder_model.onnx", "onnx/decoder_with_past_model.onnx"]);
        PullPlan plan = PullPlan.Of(repository, "fp32");
        Assert.True(plan.IsSpeech);
        Assert.Equal(["onnx/decoder_model_merged.onnx", "onnx/encoder_model.onnx"], plan.Files.Select(file => file.Path).Where(path => path.EndsWith(".onnx", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_a_dtype_takes_its_graphs_with_external_data_and_falls_back_for_all_but_the_decoder() => Assert.Equal(
        ["README.md", "config.json", "onnx/decoder_model_merged_fp16.onnx", "onnx/decoder_model_merged_fp16.onnx_data", "onnx/decoder_model_merged_fp16.onnx_data_1", "onnx/embed_tokens_fp16.onnx", "onnx/vision_encoder.onnx",
         "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"],
        Taken(
            "fp16",
            "onnx/vision_encoder.onnx", "onnx/embed_tokens.onnx", "onnx/embed_tokens_fp16.onnx", "onnx/decoder_model_merged.onnx",
            "onnx/decoder_model_merged_fp16.onnx", "onnx/decoder_model_merged_fp16.onnx_data", "onnx/decoder_model_merged_fp16.onnx_data_1",
            "onnx/decoder_model_merged.onnx_data", "README.md", "model.safetensors").Order(StringComparer.Ordinal));

    [Fact]
    public void Of_a_dtype_that_is_not_there_names_those_that_are()
    {
        string message = Assert.Throws<HubException>(() => Taken("q4", "onnx/vision_encoder.onnx", "onnx/embed_tokens.onnx", "onnx/decoder_model_merged_q8.onnx")).Message;
        Assert.Contains("decoder_model_merged_q4.onnx", message, StringComparison.Ordinal);
        Assert.Contains("decoder_model_merged_q8.onnx", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_repository_that_is_no_model_names_what_it_lacks() =>
        Assert.Contains("tokenizer.json", Assert.Throws<HubException>(() => PullPlan.Of(Repository("config.json"), "fp32")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../config.json")]
    [InlineData("onnx/../../x")]
    [InlineData("/etc/x")]
    [InlineData("onnx//x")]
    [InlineData("a\\b")]
    public void Of_a_repository_with_a_file_outside_throws(string path) =>
        Assert.Contains("out of its folder", Assert.Throws<HubException>(() => Taken("fp32", path)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sha": "main", "siblings": []}""")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "x"}]}""")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "x", "size": 3, "lfs": {"size": 3, "sha256": "../x"}}]}""")]
    [InlineData("not json")]
    public void HubRepository_of_an_answer_that_is_none_throws(string json) =>
        Assert.Throws<HubException>(() => HubRepository.Parse("a/b", json));

    private static IEnumerable<string> Taken(string dtype, params string[] files) =>
        PullPlan.Of(Repository([.. Settings, .. files]), dtype).Files.Select(file => file.Path);

    private static HubRepository Repository(params string[] files) =>
        new("someone/model", LocalHub.Commit, null, [.. files.Select(file => new HubFile(file, 1, Digest.GitBlob(LocalHub.Commit)))]);
}
