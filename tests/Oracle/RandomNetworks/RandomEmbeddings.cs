using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Draws embed_tokens.onnx.</summary>
internal static class RandomEmbeddings
{
    public static OnnxGraph Draw(DecoderShape decoder, Func<string, long[], GraphTensor> weights)
    {
        var sketch = new GraphSketch(weights);
        string[] axes = ["batch_size", "sequence_length"];
        string ids = sketch.Input("input_ids", ElementType.Int64, [.. axes]);
        sketch.Output("inputs_embeds", [.. axes, (long)decoder.Hidden]);
        sketch.Node("Gather", "inputs_embeds", [sketch.Weight("embed_tokens.weight", decoder.Vocabulary, decoder.Hidden), ids]);
        return sketch.ToGraph(opset: 17);
    }
}
