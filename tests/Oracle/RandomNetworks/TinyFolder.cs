using System.Text.Json.Nodes;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Folders of the published families with a few random weights: the settings beside the oracle, and graphs drawn to them with the published names and signatures.</summary>
internal static class TinyFolder
{
    public const string SmolVlm = "tiny-smolvlm", Onevision = "tiny-onevision";

    private const int Seed = 11;

    /// <summary>Writes a folder unless it is there.</summary>
    /// <param name="name">Which settings.</param>
    /// <param name="parent">Where the folder is made.</param>
    /// <param name="precisions">Of which there is a decoder each; the other graphs are in single precision.</param>
    /// <returns>Its path.</returns>
    public static string Write(string name, string parent, DecoderStyle style, params Precision[] precisions)
    {
        string folder = Path.Combine(parent, $"{name}-{style}"), onnx = Path.Combine(folder, "onnx");
        if (Directory.Exists(folder))
            return folder;
        Directory.CreateDirectory(onnx);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(TransformersJs.Folder, name)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
        var (encoder, decoder) = (EncoderOf(config), DecoderOf(config));
        Write("vision_encoder", new RandomEncoder(encoder, EncoderStyle.Plain, new RandomWeights(Seed).Tensor).Draw());
        Write("embed_tokens", RandomEmbeddings.Draw(decoder, new RandomWeights(Seed).Tensor));
        foreach (var precision in precisions)
            Write(
                precision == Precision.Single ? "decoder_model_merged" : $"decoder_model_merged_{precision.Dtype()}",
                new RandomDecoder(decoder, style, new RandomWeights(Seed).Tensor, precision).Draw());
        return folder;

        void Write(string graph, OnnxGraph drawn) => File.WriteAllBytes(Path.Combine(onnx, $"{graph}.onnx"), drawn.ToBytes(""));
    }

    private static EncoderShape EncoderOf(JsonNode config)
    {
        var vision = config["vision_config"]!;
        return new EncoderShape(
            Int(vision, "image_size"), Int(vision, "patch_size"), Int(vision, "num_hidden_layers"), Int(vision, "hidden_size"),
            Int(vision, "intermediate_size"), Int(vision, "num_attention_heads"), Int(config["text_config"]!, "hidden_size"))
        { Shuffle = config["scale_factor"] is { } factor ? (int)factor : 0 };
    }

    private static DecoderShape DecoderOf(JsonNode config)
    {
        var text = config["text_config"]!;
        return new DecoderShape(
            Int(text, "num_hidden_layers"), Int(text, "hidden_size"), Int(text, "intermediate_size"), Int(text, "num_attention_heads"),
            Int(text, "num_key_value_heads"), Int(text, "vocab_size"));
    }

    private static int Int(JsonNode node, string field) => (int)node[field]!;
}
