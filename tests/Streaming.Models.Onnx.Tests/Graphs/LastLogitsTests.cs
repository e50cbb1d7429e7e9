using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Streaming.Models.Onnx.Graphs;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests.Graphs;

/// <summary>Logits of the last token alone: ends of decoders in every published form, and decoders that are left as they are.</summary>
public sealed class LastLogitsTests
{
    private const int Hidden = 32, Vocabulary = 24, Tokens = 7;
    private const ElementType Byte = (ElementType)2;

    [Theory]
    [InlineData("product", 1e-5)]
    [InlineData("half", 1e-3)]
    [InlineData("capped", 1e-5)]
    [InlineData("quantised", 1e-5)]
    [InlineData("four bits", 1e-4)]
    public void Add_of_a_known_end_gives_the_last_row_of_all(string end, double tolerance)
    {
        var graph = End(end);
        float[] all = Run(graph), last = Run(LastLogits.Add(graph)!);
        Assert.Equal((Tokens * Vocabulary, Vocabulary), (all.Length, last.Length));
        Assert.All(all[^Vocabulary..].Zip(last), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Theory]
    [InlineData("reshaped")]
    [InlineData("sliced")]
    [InlineData("second factor")]
    public void Add_of_another_end_changes_nothing(string end) => Assert.Null(LastLogits.Add(End(end)));

    [Theory]
    [InlineData(DecoderStyle.Plain)]
    [InlineData(DecoderStyle.Contrib)]
    [InlineData(DecoderStyle.Packed)]
    public void Add_of_a_whole_decoder_is_done_once(DecoderStyle style)
    {
        var shape = new DecoderShape(Layers: 2, Hidden: 16, Inner: 24, Heads: 2, Groups: 1, Vocabulary: 50);
        var graph = new RandomDecoder(shape, style, new RandomWeights(1).Tensor).Draw();
        var sliced = LastLogits.Add(graph)!;
        Assert.Equal([-1, 1, 50], sliced.Outputs.Single(value => value.Name == "logits").Dimensions);
        Assert.Equal(graph.Nodes.Count + 1, sliced.Nodes.Count);
        Assert.Null(LastLogits.Add(sliced));
        Assert.Null(LastLogits.Add(sliced with { Outputs = graph.Outputs }));
    }

    [Fact]
    public void Add_of_a_decoder_that_is_told_how_many_logits_to_keep_changes_nothing() => AssertUntouched(TinyModel.Folder(TinyModel.Bare).Graph("decoder_model_merged"));

    [Fact]
    public void Add_of_scenes_which_computes_the_last_logits_alone_changes_nothing() => AssertUntouched(Scenes.Graph("decoder_model_merged"));

    private static void AssertUntouched(string path)
    {
        using var file = new MappedFile(path);
        Assert.Null(LastLogits.Add(OnnxGraph.Read(file.Memory)));
    }

    /// <summary>The end of a decoder, that reads <c>inputs_embeds</c> as if it were the last layer's.</summary>
    private static OnnxGraph End(string form)
    {
        var random = new Random(8);
        var tensors = new List<GraphTensor> { GraphTensor.Of("factor", 1.5f) };
        GraphNode[] nodes = [GraphNode.Of("Mul", ["inputs_embeds", "factor"], "x"), .. form switch
        {
            "product" => Product("x", Weight("w", Hidden, Vocabulary), "logits"),
            "half" => [Cast("x", "h", ElementType.Float16), Cast(Weight("w", Hidden, Vocabulary), "half_w", ElementType.Float16), .. Product("h", "half_w", "l"), Cast("l", "logits", ElementType.Float)],
            "capped" =>
            [
                .. Product("x", Weight("w", Hidden, Vocabulary), "l"), GraphNode.Of("Add", [Weight("bias", Vocabulary), "l"], "biased"), GraphNode.Of("Div", ["biased", "factor"], "d"),
                GraphNode.Of("Tanh", ["d"], "t"), GraphNode.Of("Mul", ["t", "factor"], "logits"),
            ],
            "quantised" =>
            [
                GraphNode.Of("DynamicQuantizeLinear", ["x"], "q") with { Outputs = ["q", "q_scale", "q_zero"] },
                GraphNode.Of("MatMulInteger", ["q", Bytes("w", Hidden, Vocabulary), "q_zero"], "i"), Cast("i", "l", ElementType.Float),
                GraphNode.Of("Mul", ["q_scale", "factor"], "scale"), GraphNode.Of("Mul", ["l", "scale"], "logits"),
            ],
            "four bits" => [GraphNode.OfContrib(
                "MatMulNBits", ["x", Bytes("w", Vocabulary, 1, Hidden / 2), Weight("scales", Vocabulary)], "logits",
                NodeAttribute.Of("K", Hidden), NodeAttribute.Of("N", Vocabulary), NodeAttribute.Of("bits", 4), NodeAttribute.Of("block_size", Hidden))],
            "reshaped" =>
            [
                GraphNode.Of("Reshape", ["x", Sizes("flat", -1, Hidden)], "f"), .. Product("f", Weight("w", Hidden, Vocabulary), "l"),
                GraphNode.Of("Reshape", ["l", Sizes("rows", 1, -1, Vocabulary)], "logits"),
            ],
            "sliced" => [GraphNode.Of("Slice", ["x", Sizes("from", -2), Sizes("to", long.MaxValue), Sizes("axis", 1)], "s"), .. Product("s", Weight("w", Hidden, Vocabulary), "logits")],
            "second factor" => Product(Weight("w", Tokens, Hidden), "x", "logits"),
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        }];
        string[] axes = ["batch_size", "sequence_length"];
        return OnnxGraph.Of(
            17, nodes, tensors, [GraphValue.Of("inputs_embeds", ElementType.Float, [.. axes, (long)Hidden])], [GraphValue.Of("logits", ElementType.Float, [.. axes, (long)Vocabulary])]);

        string Constant(GraphTensor tensor)
        {
            tensors.Add(tensor);
            return tensor.Name;
        }

        string Weight(string name, params long[] shape) =>
            Constant(GraphTensor.Of(name, ElementType.Float, shape, MemoryMarshal.AsBytes<float>(RandomWeights.Draw(3, name, shape))));

        string Bytes(string name, params long[] shape)
        {
            var bytes = new byte[shape.Aggregate(1L, (count, size) => count * size)];
            random.NextBytes(bytes);
            return Constant(GraphTensor.Of(name, Byte, shape, bytes));
        }

        string Sizes(string name, params long[] values) => Constant(GraphTensor.Of(name, [values.Length], values));
    }

    private static GraphNode[] Product(string rows, string weights, string output) => [GraphNode.Of("MatMul", [rows, weights], output)];

    private static GraphNode Cast(string tensor, string output, ElementType type) => GraphNode.Of("Cast", [tensor], output, NodeAttribute.Of("to", (long)type));

    private static float[] Run(OnnxGraph graph)
    {
        var random = new Random(5);
        float[] embeddings = [.. Enumerable.Range(0, Tokens * Hidden).Select(_ => random.NextSingle() - 0.5f)];
        using var session = new InferenceSession(graph.ToBytes(""));
        using var input = OrtValue.CreateTensorValueFromMemory(embeddings, [1, Tokens, Hidden]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["inputs_embeds"], [input], ["logits"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
