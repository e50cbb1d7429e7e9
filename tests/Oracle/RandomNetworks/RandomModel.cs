using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>A whole model folder in LLaVA-OneVision's layout with random weights, of any size: what a published model costs can be measured without it.</summary>
/// <param name="Context">The longest prompt and answer together, in tokens.</param>
/// <param name="HasFourBits">There is also a decoder whose linear maps have four bits a weight.</param>
internal sealed record RandomModel(EncoderShape Encoder, DecoderShape Decoder, int Context, bool HasFourBits = false)
{
    private const int Seed = 7;

    /// <summary>Writes the folder, or nothing if it is there.</summary>
    public void Write(string folder)
    {
        if (Directory.Exists(folder))
            return;
        string unfinished = folder + ".unfinished";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(Path.Combine(unfinished, "onnx"));
        WriteSettings(unfinished);
        WriteGraph("vision_encoder", weights => new RandomEncoder(Encoder, EncoderStyle.MultiHead, weights).Draw());
        WriteGraph("embed_tokens", weights => RandomEmbeddings.Draw(Decoder, weights));
        WriteGraph("decoder_model_merged", weights => new RandomDecoder(Decoder, DecoderStyle.Contrib, weights).Draw());
        if (HasFourBits)
            File.WriteAllBytes(
                Path.Combine(unfinished, "onnx", $"decoder_model_merged_{Precision.FourBit.Dtype()}.onnx"),
                new RandomDecoder(Decoder, DecoderStyle.Contrib, Drawn, Precision.FourBit).Draw().ToBytes(""));
        Directory.Move(unfinished, folder);

        void WriteGraph(string name, Func<Func<string, long[], GraphTensor>, OnnxGraph> draw)
        {
            string path = Path.Combine(unfinished, "onnx", $"{name}.onnx");
            using var weights = new RandomWeightsFile(Seed, path + "_data");
            File.WriteAllBytes(path, draw(weights.Tensor).ToBytes(""));
        }
    }

    private static GraphTensor Drawn(string name, long[] shape) =>
        GraphTensor.Of(name, ElementType.Float, shape, MemoryMarshal.AsBytes<float>(RandomWeights.Draw(Seed, name, shape)));

    /// <summary>Those of tiny-llava, whose tokenizer knows a few of the vocabulary's tokens, in other sizes and without times before the frames.</summary>
    private void WriteSettings(string folder)
    {
        string source = Path.Combine(TransformersJs.Folder, "tiny-llava");
        foreach (string file in Directory.EnumerateFiles(source, "*.json"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        Edit("config.json", json =>
        {
            json["vision_config"] = new JsonObject { ["image_size"] = Encoder.Side, ["patch_size"] = Encoder.Patch };
            var text = json["text_config"]!;
            (text["hidden_size"], text["vocab_size"], text["max_position_embeddings"]) = (Decoder.Hidden, Decoder.Vocabulary, Context);
            (text["num_hidden_layers"], text["num_attention_heads"], text["num_key_value_heads"], text["head_dim"]) = (Decoder.Layers, Decoder.Heads, Decoder.Groups, Decoder.Width);
            json["streaming"] = new JsonObject();
        });
        Edit("preprocessor_config.json", json => json["size"] = new JsonObject { ["height"] = Encoder.Side, ["width"] = Encoder.Side });

        void Edit(string file, Action<JsonNode> change)
        {
            string path = Path.Combine(folder, file);
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            change(json);
            File.WriteAllText(path, json.ToJsonString());
        }
    }
}
