namespace Streaming.Models.Onnx.Graphs;

/// <summary>
/// Adds to a vision encoder what HoliTom (arXiv 2505.21334) takes for the missing [CLS] token: the attention that each patch receives in
/// the last layer, averaged over heads and over the patches that pay it.
/// </summary>
internal static class EncoderSaliency
{
    /// <summary>float32, [frames, patches].</summary>
    public const string Output = "saliency";

    private const string Pixels = "pixel_values", Features = "image_features";
    private const int Query = 0, Key = 1, MultiHeadBias = 3, PaddingMask = 4, AddedBias = 5;

    /// <summary>The standard's operators from this version on take axes as an input.</summary>
    private const long AxesAreInput = 18;

    /// <returns>Null if the graph has no self-attention of a known form.</returns>
    public static OnnxGraph? Add(OnnxGraph graph)
    {
        var flow = new ValueFlow(graph);
        HashSet<string> seen = flow.From(Pixels), needed = flow.Into(Features);
        var attention = graph.Nodes.LastOrDefault(node =>
            needed.Contains(node.Output(0)) && seen.Contains(node.Input(0))
            && (node.Is("MultiHeadAttention", "Attention") || (node.Is("Softmax") && Mixes(graph, node.Output(0), seen))));
        var sketch = attention switch
        {
            null => null,
            { Operator: "Softmax" } => new Sketch([], [], attention.Output(0)),
            { Operator: "MultiHeadAttention" } => OfQueries(graph, attention),
            _ => OfPacked(graph, attention),
        };
        return sketch is null ? null : graph.With([.. sketch.Nodes, .. Mean(graph, sketch)], sketch.Tensors, GraphValue.Of(Output, ElementType.Float));
    }

    /// <summary>The probabilities, [frames, heads, patches, patches], with the operations that make them.</summary>
    private sealed record Sketch(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphTensor> Tensors, string Probabilities);

    /// <summary>It weighs what the patches say, and not rows of a table, as a classifier's softmax may.</summary>
    private static bool Mixes(OnnxGraph graph, string weights, HashSet<string> seen)
    {
        var readers = graph.Nodes.Where(node => node.Input(0) == weights);
        return readers.Any(node => node.Is("Cast", "Dropout", "Identity")
            ? Mixes(graph, node.Output(0), seen)
            : node.Is("MatMul") && seen.Contains(node.Input(1)));
    }

    private static IEnumerable<GraphNode> Mean(OnnxGraph graph, Sketch sketch)
    {
        string[] axes = graph.Opset < AxesAreInput ? [] : [Name("heads_and_queries")];
        NodeAttribute[] attributes = [NodeAttribute.Of("keepdims", 0), .. graph.Opset < AxesAreInput ? (NodeAttribute[])[NodeAttribute.Of("axes", [1, 2])] : []];
        yield return Float(sketch.Probabilities, Name("probabilities"));
        if (axes.Length > 0)
            yield return GraphNode.Of("Constant", [], axes[0], NodeAttribute.Of("value_ints", [1, 2]));
        yield return GraphNode.Of("ReduceMean", [Name("probabilities"), .. axes], Output, attributes);
    }

    /// <summary>MultiHeadAttention keeps its softmax to itself: it is computed again from queries and keys, [frames, patches, hidden].</summary>
    private static Sketch? OfQueries(OnnxGraph graph, GraphNode node)
    {
        string bias = node.Input(MultiHeadBias);
        if (node.Input(Key).Length == 0 || node.Input(PaddingMask).Length > 0)
            return null;
        if (bias.Length == 0)
            return Scores(node, [], [], node.Input(Query), node.Input(Key));
        if (graph.Tensors.FirstOrDefault(tensor => tensor.Name == bias) is not { Dimensions: [var packed] })
            return null;
        GraphNode[] nodes =
        [
            Thirds(bias, "query_bias", "key_bias", "value_bias"),
            GraphNode.Of("Add", [node.Input(Query), Name("query_bias")], Name("query")),
            GraphNode.Of("Add", [node.Input(Key), Name("key_bias")], Name("key")),
        ];
        return Scores(node, nodes, [Third(packed)], Name("query"), Name("key"));
    }

    /// <summary>Attention also makes its queries and keys itself, from weights [hidden, queries + keys + values] and their bias.</summary>
    private static Sketch? OfPacked(OnnxGraph graph, GraphNode node)
    {
        const int weights = 1, bias = 2, mask = 3;
        if (graph.Tensors.FirstOrDefault(tensor => tensor.Name == node.Input(weights)) is not { Dimensions: [_, var packed] }
            || node.Input(bias).Length == 0 || node.Input(mask).Length > 0 || node.Attribute("qkv_hidden_sizes") is not null)
            return null;
        GraphNode[] nodes =
        [
            GraphNode.Of("MatMul", [node.Input(0), node.Input(weights)], Name("products")),
            GraphNode.Of("Add", [Name("products"), node.Input(bias)], Name("packed")),
            Thirds(Name("packed"), "query", "key", "value"),
        ];
        return Scores(node, nodes, [Third(packed)], Name("query"), Name("key"));
    }

    private static GraphNode Thirds(string packed, params string[] parts) =>
        GraphNode.Of("Split", [packed, Name("thirds")], Name(parts[0]), NodeAttribute.Of("axis", -1)) with { Outputs = [.. parts.Select(Name)] };

    private static GraphTensor Third(long packed) => GraphTensor.Of(Name("thirds"), [3], packed / 3, packed / 3, packed / 3);

    private static Sketch Scores(GraphNode node, GraphNode[] nodes, GraphTensor[] tensors, string query, string key)
    {
        long heads = node.Attribute("num_heads")!.Integer;
        string biased = node.Input(AddedBias);
        return new Sketch(
            [
                .. nodes,
                Float(query, Name("query_float")),
                Float(key, Name("key_float")),
                GraphNode.Of("Reshape", [Name("query_float"), Name("split")], Name("query_split")), // [frames, patches, heads, width]
                GraphNode.Of("Reshape", [Name("key_float"), Name("split")], Name("key_split")),
                GraphNode.Of("Transpose", [Name("query_split")], Name("queries"), NodeAttribute.Of("perm", [0, 2, 1, 3])),
                GraphNode.Of("Transpose", [Name("key_split")], Name("keys"), NodeAttribute.Of("perm", [0, 2, 3, 1])),
                GraphNode.Of("MatMul", [Name("queries"), Name("keys")], Name("scores")),
                .. Scaled(node),
                .. biased.Length == 0 ? (GraphNode[])[] : [Float(biased, Name("bias")), GraphNode.Of("Add", [Name("scaled"), Name("bias")], Name("masked"))],
                GraphNode.Of("Softmax", [biased.Length == 0 ? Name("scaled") : Name("masked")], Name("softmax"), NodeAttribute.Of("axis", -1)),
            ],
            [.. tensors, GraphTensor.Of(Name("split"), [4], 0, 0, heads, -1), IsScaled(node) ? GraphTensor.Of(Name("scale"), node.Attribute("scale")!.Real) : GraphTensor.Of(Name("last"), [], -1)],
            Name("softmax"));
    }

    /// <summary>By the scale that is set, else by one over the root of a head's width, which the graph knows when it runs.</summary>
    private static GraphNode[] Scaled(GraphNode node) => IsScaled(node)
        ? [GraphNode.Of("Mul", [Name("scores"), Name("scale")], Name("scaled"))]
        :
        [
            GraphNode.Of("Shape", [Name("queries")], Name("sizes")),
            GraphNode.Of("Gather", [Name("sizes"), Name("last")], Name("width")),
            Float(Name("width"), Name("width_float")),
            GraphNode.Of("Sqrt", [Name("width_float")], Name("root")),
            GraphNode.Of("Div", [Name("scores"), Name("root")], Name("scaled")),
        ];

    private static bool IsScaled(GraphNode node) => node.Attribute("scale") is { Real: not 0 };

    private static GraphNode Float(string tensor, string output) => GraphNode.Of("Cast", [tensor], output, NodeAttribute.Of("to", (long)ElementType.Float));

    private static string Name(string what) => $"{Output}.{what}";
}
