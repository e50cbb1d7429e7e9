namespace Streaming.Models.Onnx.Graphs;

/// <summary>
/// GroupQueryAttention that rotates queries and keys itself counts positions by the length of the cache. Where tokens are left out
/// these are not their own, so the rotation becomes an operation before it that reads <c>position_ids</c>.
/// </summary>
internal static class ExplicitRotary
{
    private const int Query = 0, Key = 1, PastKey = 3, Cosines = 7, Sines = 8;

    public static OnnxGraph Apply(OnnxGraph graph)
    {
        if (!graph.Nodes.Any(Rotates))
            return graph;
        var tensors = new List<GraphTensor>();
        GraphNode[] nodes = [.. graph.Nodes.SelectMany(node => Rotates(node) ? Unfold(graph, node, tensors) : [node])];
        bool declared = graph.Input(DecoderCut.Positions) is not null;
        var positions = graph.Input(DecoderCut.Embeddings)!.Like(DecoderCut.Positions, ElementType.Int64, axes: 2);
        return graph with
        {
            Nodes = nodes,
            Tensors = [.. graph.Tensors, .. tensors],
            Inputs = declared ? graph.Inputs : [.. graph.Inputs, positions],
        };
    }

    private static bool Rotates(GraphNode node) => node.Is("GroupQueryAttention") && node.Attribute("do_rotary")?.Integer == 1;

    private static IEnumerable<GraphNode> Unfold(OnnxGraph graph, GraphNode node, List<GraphTensor> tensors)
    {
        string output = node.Output(0);
        string[] inputs = [.. node.Inputs.Take(Cosines)];
        long heads = node.Attribute("num_heads")!.Integer, groups = node.Attribute("kv_num_heads")!.Integer;
        var interleaved = NodeAttribute.Of("interleaved", node.Attribute("rotary_interleaved")?.Integer ?? 0);
        if (inputs[Key].Length == 0)
        {
            // [1, tokens, (heads + 2 groups) * width] -> queries, keys and values
            long width = graph.Input(inputs[PastKey])!.Dimensions[3];
            tensors.Add(GraphTensor.Of($"{output}.sizes", [3], heads * width, groups * width, groups * width));
            string[] parts = [.. Enumerable.Range(0, 3).Select(part => $"{output}.part{part}")];
            yield return GraphNode.Of("Split", [inputs[Query], $"{output}.sizes"], parts[Query], NodeAttribute.Of("axis", -1)) with { Outputs = parts };
            parts.CopyTo(inputs, 0);
        }
        yield return Rotation(Query, heads);
        yield return Rotation(Key, groups);
        string[] rotated = [.. inputs];
        (rotated[Query], rotated[Key]) = ($"{output}.rotated{Query}", $"{output}.rotated{Key}");
        yield return node.With(NodeAttribute.Of("do_rotary", 0)) with { Inputs = rotated };

        GraphNode Rotation(int index, long count) => GraphNode.OfContrib(
            "RotaryEmbedding",
            [inputs[index], DecoderCut.Positions, node.Input(Cosines), node.Input(Sines)],
            $"{output}.rotated{index}",
            interleaved,
            NodeAttribute.Of("num_heads", count));
    }
}
