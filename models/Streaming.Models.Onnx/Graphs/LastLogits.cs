namespace Streaming.Models.Onnx.Graphs;

/// <summary>
/// Decoders published for any use compute logits for every token of a prompt; greedy answers read the last ones only. Where the graph
/// has no input that says how many are wanted, all but the last row are left out before the product with the vocabulary: 6,000 tokens
/// of a vocabulary of 152,000 would take 3.8 GB.
/// </summary>
internal static class LastLogits
{
    private const string Logits = DecoderCut.Logits, Row = "last_row";
    private const int TokenAxis = 1;

    /// <summary>What the vocabulary's product may be; its first factor holds a row for each token.</summary>
    private static readonly string[] Products = ["MatMul", "MatMulNBits", "MatMulInteger"];

    /// <summary>What may come between that product and the logits: it leaves each token's row to itself.</summary>
    private static readonly string[] Elementwise = ["Cast", "Identity", "Add", "Sub", "Mul", "Div", "Tanh"];

    /// <summary>What norms are made of besides.</summary>
    private static readonly string[] Norm =
        ["Pow", "ReduceMean", "Sqrt", "Reciprocal", "LayerNormalization", "SimplifiedLayerNormalization", "SkipLayerNormalization", "SkipSimplifiedLayerNormalization"];

    /// <returns>Null where nothing is to be done, or the graph's end is not of a known form.</returns>
    public static OnnxGraph? Add(OnnxGraph graph)
    {
        if (graph.Input("num_logits_to_keep") is not null || graph.Outputs.FirstOrDefault(value => value.Name == Logits) is not { } declared
            || declared.Dimensions is [_, 1, _])
            return null;
        var flow = new ValueFlow(graph);
        var rows = flow.From(DecoderCut.Embeddings);
        if (Product(flow, rows, Logits) is not { } product || IsChosen(flow, product.Input(0)))
            return null;
        var after = flow.From(product.Output(0));
        return graph with
        {
            Nodes = [.. graph.Nodes.SelectMany(node => node == product ? Sliced(product) : [node])],
            Tensors = [.. graph.Tensors, Number("from", -1), Number("to", long.MaxValue), Number("axis", TokenAxis)],
            Outputs = [.. graph.Outputs.Select(value => value == declared ? declared.WithAxis(TokenAxis, 1) : value)],
            Values = [.. graph.Values.Where(value => !after.Contains(value.Name))],
        };
    }

    /// <summary>The product that the logits come from.</summary>
    /// <param name="rows">Everything that is computed from the tokens; the vocabulary's weights are not.</param>
    private static GraphNode? Product(ValueFlow flow, HashSet<string> rows, string tensor) => flow.Producer(tensor) switch
    {
        { } node when node.Is(Products) => rows.Contains(node.Input(0)) && !rows.Contains(node.Input(1)) ? node : null,
        { } node when node.Is(Elementwise) => node.Inputs.Select(input => Product(flow, rows, input)).FirstOrDefault(found => found is not null),
        _ => null,
    };

    /// <summary>Some rows have been chosen before, either side of the last norm.</summary>
    private static bool IsChosen(ValueFlow flow, string tensor) => flow.Producer(tensor) is { } node
        && (node.Is("Slice", "Gather", "GatherND") || (node.Is([.. Elementwise, .. Norm, "DynamicQuantizeLinear"]) && node.Inputs.Any(input => IsChosen(flow, input))));

    private static IEnumerable<GraphNode> Sliced(GraphNode product) =>
    [
        GraphNode.Of("Slice", [product.Input(0), Name("from"), Name("to"), Name("axis")], Row), // [1, tokens, hidden] -> [1, 1, hidden]
        product with { Inputs = [Row, .. product.Inputs.Skip(1)] },
    ];

    private static GraphTensor Number(string name, long value) => GraphTensor.Of(Name(name), [1], value);

    private static string Name(string what) => $"{Row}.{what}";
}
