namespace Streaming.Models.Onnx.Graphs;

/// <summary>Adds what the last token of a run attends to in one layer as an output.</summary>
internal static class LastAttention
{
    /// <summary>float32, [.., heads, keys] or [.., groups, heads / groups, keys] after a leading axis of size 1.</summary>
    public const string Output = "last_attention";

    /// <exception cref="UncuttableGraphException">The layer's attention is not of a known form.</exception>
    public static OnnxGraph Add(OnnxGraph graph, ValueFlow flow, int layer)
    {
        string past = $"past_key_values.{layer}.key";
        var fused = graph.Nodes.FirstOrDefault(node => node.Is("GroupQueryAttention", "MultiHeadAttention") && node.Inputs.Contains(past));
        var (nodes, tensors) = fused is null ? LastRow(Softmax(graph, flow, past)) : Score(fused, graph.Input(past)!.Dimensions, $"present.{layer}.key");
        return graph.With(nodes, tensors, GraphValue.Of(Output, ElementType.Float));
    }

    /// <summary>Plain operators: the first softmax that reads the layer's keys.</summary>
    private static GraphNode Softmax(OnnxGraph graph, ValueFlow flow, string past)
    {
        var keys = flow.From(past);
        return graph.Nodes.FirstOrDefault(node => node.Is("Softmax") && keys.Contains(node.Input(0)))
            ?? throw new UncuttableGraphException($"no softmax reads {past}");
    }

    private static (GraphNode[] Nodes, GraphTensor[] Tensors) LastRow(GraphNode softmax) =>
    (
        [
            GraphNode.Of("Gather", [softmax.Output(0), Name("last")], Name("row"), NodeAttribute.Of("axis", 2)), // [1, heads, tokens, keys] -> [1, heads, keys]
            Float(Name("row"), Output),
        ],
        [GraphTensor.Of(Name("last"), [], -1)]
    );

    /// <summary>Fused operators keep their softmax to themselves: for one query it is computed again.</summary>
    /// <param name="cache">Of the layer's keys: [1, groups, past, width].</param>
    private static (GraphNode[] Nodes, GraphTensor[] Tensors) Score(GraphNode attention, long[] cache, string keys)
    {
        bool biased = attention.Is("MultiHeadAttention") && attention.Input(3).Length > 0;
        if (attention.Input(1).Length == 0 || biased || attention.Attribute("softcap") is { Real: not 0 } || cache is not [_, > 0, _, > 0])
            throw new UncuttableGraphException($"{attention.Operator} with packed queries, a bias, a soft cap or a cache of unknown size");
        long heads = attention.Attribute("num_heads")!.Integer, groups = cache[1], width = cache[3];
        float scale = attention.Attribute("scale") is { Real: not 0 } set ? set.Real : 1 / MathF.Sqrt(width);
        return (
            [
                GraphNode.Of("Gather", [attention.Input(0), Name("last")], Name("row"), NodeAttribute.Of("axis", 1)), // -> [1, heads * width]
                Float(Name("row"), Name("row_float")),
                GraphNode.Of("Reshape", [Name("row_float"), Name("groups")], Name("query")), // -> [1, groups, heads / groups, width]
                Float(keys, Name("keys_float")),
                GraphNode.Of("Transpose", [Name("keys_float")], Name("keys"), NodeAttribute.Of("perm", [0, 1, 3, 2])),
                GraphNode.Of("MatMul", [Name("query"), Name("keys")], Name("products")),
                GraphNode.Of("Mul", [Name("products"), Name("scale")], Name("scores")),
                GraphNode.Of("Softmax", [Name("scores")], Output, NodeAttribute.Of("axis", -1)),
            ],
            [GraphTensor.Of(Name("last"), [], -1), GraphTensor.Of(Name("groups"), [4], 1, groups, heads / groups, width), GraphTensor.Of(Name("scale"), scale)]);
    }

    private static GraphNode Float(string tensor, string output) => GraphNode.Of("Cast", [tensor], output, NodeAttribute.Of("to", (long)ElementType.Float));

    private static string Name(string what) => $"{Output}.{what}";
}
