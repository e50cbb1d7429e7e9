using System.Text.Json.Nodes;
using Streaming.Models.Hub;
using Streaming.Oracle;

namespace Streaming.Models.Onnx.Tests;

public sealed class LoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("model-").FullName;

    public LoadTests()
    {
        string source = Path.Combine(TransformersJs.Folder, TinyModel.Llava);
        Directory.CreateDirectory(Path.Combine(_folder, "onnx"));
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(_folder, Path.GetRelativePath(source, file)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Load_with_cuda_where_there_is_none_warns_once_and_answers_on_the_cpu()
    {
        var warnings = new List<string>();
        var options = new OnnxOptions { Device = ExecutionDevice.Cuda, Warn = warnings.Add };
        using var model = OnnxVideoLanguageModel.Load(ModelFolder.Open(_folder), options);
        Assert.Contains("CUDA", Assert.Single(warnings), StringComparison.Ordinal);
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, TinyModel.Pixels(model, 1, 1), 1), "?");
        Assert.Equal(3, (await model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(3))).CompletionTokens);
    }

    [Fact]
    public void Load_of_graphs_that_contradict_the_config_reports_tensor_by_tensor()
    {
        Edit("config.json", json => json["text_config"]!["hidden_size"] = 48);
        var vision = Assert.Throws<InvalidModelException>(Load);
        Assert.Contains("vision_encoder", vision.Message, StringComparison.Ordinal);
        Assert.Matches(@"image_features is Float \[.*64\], expected Float \[any, 16, 48\]", vision.Message);
    }

    [Fact]
    public void Load_of_a_folder_whose_decoder_is_another_graph_lists_every_missing_tensor()
    {
        File.Copy(Path.Combine(_folder, "onnx/embed_tokens.onnx"), Path.Combine(_folder, "onnx/decoder_model_merged.onnx"), overwrite: true);
        string message = Assert.Throws<InvalidModelException>(Load).Message;
        foreach (string name in (string[])["inputs_embeds is missing", "attention_mask is missing", "input_ids is an input that is not known", "logits is missing"])
            Assert.Contains(name, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_of_a_broken_graph_names_it()
    {
        File.WriteAllText(Path.Combine(_folder, "onnx/vision_encoder.onnx"), "not a graph");
        Assert.Contains("vision_encoder.onnx", Assert.Throws<InvalidModelException>(Load).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("preprocessor_config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("onnx/vision_encoder.onnx")]
    [InlineData("onnx/embed_tokens.onnx")]
    [InlineData("onnx/decoder_model_merged.onnx")]
    public void Load_of_a_folder_that_lacks_a_file_names_it(string file)
    {
        File.Delete(Path.Combine(_folder, file));
        Assert.Contains(file, Assert.Throws<InvalidModelException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_with_a_dtype_that_the_folder_lacks_names_the_file()
    {
        var error = Assert.Throws<InvalidModelException>(
            () => OnnxVideoLanguageModel.Load(ModelFolder.Open(_folder), new OnnxOptions { Dtype = "q4" }));
        Assert.Contains("decoder_model_merged_q4.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_of_a_tokenizer_without_the_image_token_throws()
    {
        Edit("config.json", json => json["image_token_index"] = 3);
        Assert.Contains("image token", Assert.Throws<InvalidModelException>(Load).Message, StringComparison.Ordinal);
    }

    private void Load() => OnnxVideoLanguageModel.Load(ModelFolder.Open(_folder)).Dispose();

    private void Edit(string file, Action<JsonNode> change)
    {
        string path = Path.Combine(_folder, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
