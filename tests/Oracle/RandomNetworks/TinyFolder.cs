using System.Text.Json.Nodes;
using Streaming.Models.Families;
using Streaming.Models.Hub;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Folders of the published families with a few random weights: the settings beside the oracle, and graphs drawn to them with the published names and signatures.</summary>
internal static class TinyFolder
{
    public const string SmolVlm = "tiny-smolvlm", Onevision = "tiny-onevision", Qwen2Vl = "tiny-qwen2vl", Whisper = "tiny-whisper";

    private const int Seed = 11;

    /// <summary>Writes a folder unless it is there.</summary>
    /// <param name="name">Which settings.</param>
    /// <param name="parent">Where the folder is made.</param>
    /// <param name="precisions">Of which there is a decoder each; the other graphs are in single precision.</param>
    /// <returns>Its path.</returns>
    public static string Write(string name, string parent, DecoderStyle style, params Precision[] precisions)
    {
        string folder = Settings(name, Path.Combine(parent, $"{name}-{style}"), out bool isThere), onnx = Path.Combine(folder, "onnx");
        if (isThere)
            return folder;
        var (encoder, decoder) = ShapesOf(folder);
        Write("vision_encoder", new RandomEncoder(encoder, EncoderStyle.Plain, new RandomWeights(Seed).Tensor).Draw());
        Write("embed_tokens", RandomEmbeddings.Draw(decoder, new RandomWeights(Seed).Tensor));
        foreach (var precision in precisions)
            Write(
                precision == Precision.Single ? "decoder_model_merged" : $"decoder_model_merged_{precision.Dtype()}",
                new RandomDecoder(decoder, style, new RandomWeights(Seed).Tensor, precision).Draw());
        return folder;

        void Write(string graph, OnnxGraph drawn) => File.WriteAllBytes(Path.Combine(onnx, $"{graph}.onnx"), drawn.ToBytes(""));
    }

    /// <summary>The same networks in single precision with their weights as external data.</summary>
    /// <returns>Its path.</returns>
    public static string WriteExternal(string name, string parent, DecoderStyle style)
    {
        string folder = Settings(name, Path.Combine(parent, $"{name}-{style}-external"), out bool isThere);
        if (isThere)
            return folder;
        string path = Path.Combine(folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config["transformers.js_config"] = new JsonObject { ["use_external_data_format"] = true };
        File.WriteAllText(path, config.ToJsonString());
        var (encoder, decoder) = ShapesOf(folder);
        Write("vision_encoder", weights => new RandomEncoder(encoder, EncoderStyle.Plain, weights).Draw());
        Write("embed_tokens", weights => RandomEmbeddings.Draw(decoder, weights));
        Write("decoder_model_merged", weights => new RandomDecoder(decoder, style, weights).Draw());
        return folder;

        void Write(string graph, Func<Func<string, long[], GraphTensor>, OnnxGraph> draw)
        {
            string file = Path.Combine(folder, "onnx", $"{graph}.onnx");
            using var weights = new RandomWeightsFile(Seed, file + "_data");
            File.WriteAllBytes(file, draw(weights.Tensor).ToBytes(""));
        }
    }

    /// <summary>Writes the folder of a speech recogniser unless it is there.</summary>
    /// <returns>Its path.</returns>
    public static string WriteSpeech(string parent)
    {
        string folder = Settings(Whisper, Path.Combine(parent, Whisper), out bool isThere), onnx = Path.Combine(folder, "onnx");
        if (isThere)
            return folder;
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
        var sizes = new SpeechSizes(
            Int(config, "num_mel_bins"), Int(config, "max_source_positions"), Int(config, "d_model"), Int(config, "decoder_layers"),
            Int(config, "decoder_attention_heads"), Int(config, "vocab_size"), Int(config, "max_target_positions"));
        var drawn = new RandomSpeech(sizes, new RandomWeights(Seed).Tensor);
        File.WriteAllBytes(Path.Combine(onnx, "encoder_model.onnx"), drawn.DrawEncoder().ToBytes(""));
        File.WriteAllBytes(Path.Combine(onnx, "decoder_model_merged.onnx"), drawn.DrawDecoder().ToBytes(""));
        return folder;
    }

    private static string Settings(string name, string folder, out bool isThere)
    {
        isThere = Directory.Exists(folder);
        if (isThere)
            return folder;
        Directory.CreateDirectory(Path.Combine(folder, "onnx"));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(TransformersJs.Folder, name)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    private static (EncoderShape Encoder, DecoderShape Decoder) ShapesOf(string folder)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
        return (EncoderOf(config, ModelFolder.Open(folder).Preprocessor.Size), DecoderOf(config));
    }

    private static EncoderShape EncoderOf(JsonNode config, PictureSize picture)
    {
        var vision = config["vision_config"]!;
        if (vision["depth"] is not null)
        {
            int patch = Int(vision, "patch_size"), width = Int(vision, "embed_dim");
            return new EncoderShape(0, patch, Int(vision, "depth"), width, width * Int(vision, "mlp_ratio"), Int(vision, "num_heads"), Int(config, "hidden_size"))
            { Layout = EncoderLayout.QwenVl, Shuffle = Int(vision, "spatial_merge_size"), Patches = picture.Width / patch * (picture.Height / patch) };
        }
        return new EncoderShape(
            Int(vision, "image_size"), Int(vision, "patch_size"), Int(vision, "num_hidden_layers"), Int(vision, "hidden_size"),
            Int(vision, "intermediate_size"), Int(vision, "num_attention_heads"), Int(config["text_config"]!, "hidden_size"))
        { Layout = config["scale_factor"] is null ? EncoderLayout.Llava : EncoderLayout.SmolVlm, Shuffle = (int?)config["scale_factor"] ?? 1 };
    }

    private static DecoderShape DecoderOf(JsonNode config)
    {
        var text = config["text_config"] ?? config;
        return new DecoderShape(
            Int(text, "num_hidden_layers"), Int(text, "hidden_size"), Int(text, "intermediate_size"), Int(text, "num_attention_heads"),
            Int(text, "num_key_value_heads"), Int(text, "vocab_size"))
        { Axes = config["rope_scaling"] is null ? 1 : 3 };
    }

    private static int Int(JsonNode node, string field) => (int)node[field]!;
}
