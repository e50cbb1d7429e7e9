using Streaming.Models.Families;

namespace Streaming.Models.Tests;

public sealed class ModelManifestTests
{
    private static readonly ImagePreprocessor Preprocessor = new(new PictureSize(128, 96), ResizeFilter.Bilinear, 1, [0, 0, 0], [1, 1, 1]);

    private const string Config = """
        {
          "model_type": "llava_onevision", "image_token_index": 7, "vision_config": {"patch_size": 16},
          "text_config": {"hidden_size": 192, "max_position_embeddings": 2048, "eos_token_id": 1},
          "streaming": {"frame_header": " {seconds}", "question_separator": "\n\n"}
        }
        """;

    [Fact]
    public void Parse_of_a_whole_config_reads_every_field()
    {
        var manifest = ModelManifest.Parse("scenes", Config, Preprocessor, """{"eos_token_id": [3, 4]}""");
        Assert.Equal("scenes", manifest.Name);
        Assert.Equal("llava_onevision", manifest.Family);
        Assert.Equal(new VisionShape(128, 96, 6, 8, 192), manifest.Vision);
        Assert.Equal(7, manifest.ImageTokenId);
        Assert.Equal([3, 4], manifest.EosTokenIds);
        Assert.Equal(2048, manifest.ContextTokens);
        Assert.Equal(" {seconds}", manifest.Wording.FrameHeader.Format);
        Assert.Equal("\n\n", manifest.Wording.QuestionSeparator);
    }

    [Fact]
    public void Parse_without_generation_config_takes_the_end_token_of_the_text_config() =>
        Assert.Equal([1], ModelManifest.Parse("scenes", Config, Preprocessor, null).EosTokenIds);

    [Fact]
    public void Parse_with_a_declared_grid_prefers_it_to_the_patch_size()
    {
        string config = Config.Replace("\"streaming\": {", "\"streaming\": {\"grid\": [5, 4], ", StringComparison.Ordinal);
        var vision = ModelManifest.Parse("scenes", config, Preprocessor, null).Vision;
        Assert.Equal((5, 4, 20), (vision.GridRows, vision.GridColumns, vision.TokensPerFrame));
    }

    [Fact]
    public void Parse_of_smolvlm_counts_a_token_a_square_of_patches_and_marks_frames()
    {
        const string config = """
            {
              "model_type": "smolvlm", "image_token_id": 49190, "scale_factor": 4, "vision_config": {"image_size": 512, "patch_size": 16},
              "text_config": {"hidden_size": 576, "max_position_embeddings": 8192}
            }
            """;
        var preprocessor = new ImagePreprocessor(new PictureSize(512, 512, 512), ResizeFilter.Lanczos, 1, [0, 0, 0], [1, 1, 1]);
        var manifest = ModelManifest.Parse("SmolVLM2", config, preprocessor, """{"eos_token_id": 49279}""");
        Assert.Equal(new VisionShape(512, 512, 8, 8, 576), manifest.Vision);
        Assert.Equal((49190, 8192), (manifest.ImageTokenId, manifest.ContextTokens));
        Assert.Equal(("<fake_token_around_image><global-img>", "<fake_token_around_image>"), (manifest.Wording.FrameStart, manifest.Wording.FrameEnd));
    }

    [Fact]
    public void Parse_of_llava_onevision_as_published_pools_each_frame_to_half_its_sides()
    {
        const string config = """
            {
              "model_type": "llava_onevision", "image_token_index": 151646, "video_token_index": 151647,
              "vision_config": {"image_size": 384, "patch_size": 14}, "text_config": {"hidden_size": 896, "max_position_embeddings": 32768}
            }
            """;
        var preprocessor = new ImagePreprocessor(new PictureSize(384, 384), ResizeFilter.Bicubic, 1, [0, 0, 0], [1, 1, 1]);
        var manifest = ModelManifest.Parse("onevision", config, preprocessor, """{"eos_token_id": 151645}""");
        Assert.Equal((196, 729), (manifest.Vision.TokensPerFrame, manifest.Vision.Encoded.TokensPerFrame));
        Assert.Equal(151647, manifest.VideoTokenId);
    }

    [Fact]
    public void Parse_of_fastvlm_as_published_has_a_token_for_64_by_64_pixels()
    {
        const string config = """
            {
              "model_type": "llava_qwen2", "image_token_index": 151646, "hidden_size": 896, "max_position_embeddings": 32768,
              "mm_vision_tower": "mobileclip_l_1024", "eos_token_id": 151645
            }
            """;
        const string picture = """
            {"crop_size": {"height": 1024, "width": 1024}, "size": {"shortest_edge": 1024}, "resample": 3, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}
            """;
        var manifest = ModelManifest.Parse("fastvlm", config, ImagePreprocessor.Parse(picture, ModelFamily.Parse(config)), null);
        Assert.Equal(new VisionShape(1024, 1024, 16, 16, 896), manifest.Vision);
        Assert.Equal("\n", manifest.Wording.QuestionSeparator);
    }

    [Fact]
    public void Parse_of_qwen2_vl_as_published_gives_frames_one_size()
    {
        const string config = """
            {
              "model_type": "qwen2_vl", "image_token_id": 151655, "hidden_size": 1536, "max_position_embeddings": 32768,
              "vision_config": {"patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2}
            }
            """;
        const string picture = """
            {"min_pixels": 3136, "max_pixels": 12845056, "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}
            """;
        var manifest = ModelManifest.Parse("qwen", config, ImagePreprocessor.Parse(picture, ModelFamily.Parse(config)), """{"eos_token_id": [151645, 151643]}""");
        Assert.Equal(new VisionShape(588, 336, 12, 21, 1536), manifest.Vision);
        Assert.Equal([151645, 151643], manifest.EosTokenIds);
    }

    [Fact]
    public void Parse_of_an_unknown_family_names_it_and_those_that_are_known()
    {
        string config = Config.Replace("llava_onevision", "chameleon", StringComparison.Ordinal);
        string message = Assert.Throws<InvalidModelException>(() => ModelManifest.Parse("m", config, Preprocessor, null)).Message;
        Assert.Contains("chameleon", message, StringComparison.Ordinal);
        Assert.Contains("smolvlm", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("\"reads_notes\": true, ", true)]
    [InlineData("\"reads_notes\": false, ", false)]
    public void Parse_of_a_model_that_does_not_say_otherwise_gives_it_notes(string key, bool expected)
    {
        string config = Config.Replace("\"streaming\": {", "\"streaming\": {" + key, StringComparison.Ordinal);
        Assert.Equal(expected, ModelManifest.Parse("scenes", config, Preprocessor, null).ReadsNotes);
    }

    [Theory]
    [InlineData("model_type")]
    [InlineData("image_token_index")]
    [InlineData("patch_size")]
    [InlineData("hidden_size")]
    [InlineData("max_position_embeddings")]
    [InlineData("eos_token_id")]
    public void Parse_without_a_needed_field_names_it(string field)
    {
        string config = Config.Replace($"\"{field}\"", "\"other\"", StringComparison.Ordinal);
        var error = Assert.Throws<InvalidModelException>(() => ModelManifest.Parse("scenes", config, Preprocessor, null));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192", "\"wide\"")]
    [InlineData("\"llava_onevision\"", "5")]
    [InlineData("7,", "\"seven\",")]
    public void Parse_of_a_field_of_another_type_throws(string value, string other) => Assert.Throws<InvalidModelException>(
        () => ModelManifest.Parse("scenes", Config.Replace(value, other, StringComparison.Ordinal), Preprocessor, null));
}
