namespace Streaming.Models.Onnx.Graphs;

/// <summary>
/// A .onnx file as far as surgery needs to know it: ModelProto and GraphProto of onnx.proto. What is not named here is kept as it
/// stands. Valid while the <see cref="MappedFile"/> that it was read from is open.
/// </summary>
internal sealed record OnnxGraph
{
    private const int FormatField = 1, GraphField = 7, OpsetField = 8;

    /// <summary>IR version 8, of ONNX 1.10 to 1.12.</summary>
    private const int FormatVersion = 8;

    private const int OpsetDomain = 1, OpsetVersion = 2;
    private const int NodeField = 1, NameField = 2, TensorField = 5, InputField = 11, OutputField = 12, ValueField = 13;

    /// <summary>The operations, each after those that it reads from.</summary>
    public required IReadOnlyList<GraphNode> Nodes { get; init; }

    public required IReadOnlyList<GraphTensor> Tensors { get; init; }

    public required IReadOnlyList<GraphValue> Inputs { get; init; }

    public required IReadOnlyList<GraphValue> Outputs { get; init; }

    /// <summary>What the file says about tensors inside.</summary>
    public required IReadOnlyList<GraphValue> Values { get; init; }

    /// <summary>Version of the standard's operators.</summary>
    public required long Opset { get; init; }

    private IReadOnlyList<WireField> ModelRest { get; init; } = [];

    private IReadOnlyList<WireField> GraphRest { get; init; } = [];

    /// <summary>A graph of operators of the standard and of ONNX Runtime's own.</summary>
    /// <param name="opset">Version of the standard's operators.</param>
    public static OnnxGraph Of(
        long opset, IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphTensor> tensors, IReadOnlyList<GraphValue> inputs, IReadOnlyList<GraphValue> outputs) => new()
        {
            Nodes = nodes,
            Tensors = tensors,
            Inputs = inputs,
            Outputs = outputs,
            Values = [],
            Opset = opset,
            ModelRest =
            [
                WireField.Of(FormatField, FormatVersion),
                WireField.Of(OpsetField, [WireField.Of(OpsetDomain, ""), WireField.Of(OpsetVersion, opset)]),
                WireField.Of(OpsetField, [WireField.Of(OpsetDomain, GraphNode.Contrib), WireField.Of(OpsetVersion, 1)]),
            ],
            GraphRest = [WireField.Of(NameField, "graph")],
        };

    /// <exception cref="InvalidDataException">The file is no graph.</exception>
    public static OnnxGraph Read(ReadOnlyMemory<byte> file)
    {
        var model = WireMessage.Read(file);
        var graph = model.Find(GraphField) is { } found ? WireMessage.Read(found.Content) : throw new InvalidDataException("The file holds no graph.");
        return new OnnxGraph
        {
            Nodes = [.. graph.Where(field => field.Number == NodeField).Select(field => GraphNode.Read(field.Content))],
            Tensors = [.. graph.Where(field => field.Number == TensorField).Select(field => new GraphTensor(WireMessage.Read(field.Content)))],
            Inputs = Values(InputField),
            Outputs = Values(OutputField),
            Values = Values(ValueField),
            Opset = OpsetOf(model),
            ModelRest = [.. model.Where(field => field.Number != GraphField)],
            GraphRest = [.. graph.Where(field => field.Number is not (NodeField or TensorField or InputField or OutputField or ValueField))],
        };

        List<GraphValue> Values(int number) => [.. graph.Where(field => field.Number == number).Select(GraphValue.Read)];
    }

    /// <param name="weights">Name of the file that the graph was read from: the bytes of large tensors stay there.</param>
    public byte[] ToBytes(string weights) => WireMessage.Write(
    [
        .. ModelRest,
        WireField.Of(GraphField,
        [
            .. GraphRest,
            .. Nodes.Select(node => node.ToField(NodeField)),
            .. Tensors.Select(tensor => WireField.Of(TensorField, tensor.Referenced(weights).Fields)),
            .. Inputs.Select(value => WireField.Of(InputField, value.Fields)),
            .. Outputs.Select(value => WireField.Of(OutputField, value.Fields)),
            .. Values.Select(value => WireField.Of(ValueField, value.Fields)),
        ]),
    ]);

    public GraphValue? Input(string name) => Inputs.FirstOrDefault(value => value.Name == name);

    /// <summary>The graph with operations, constants and an output more.</summary>
    public OnnxGraph With(IEnumerable<GraphNode> nodes, IEnumerable<GraphTensor> tensors, GraphValue output) => this with
    {
        Nodes = [.. Nodes, .. nodes],
        Tensors = [.. Tensors, .. tensors],
        Outputs = [.. Outputs, output],
    };

    /// <summary>The part that computes <paramref name="outputs"/> from <paramref name="entries"/> and the graph's own inputs.</summary>
    /// <param name="entries">Tensors that become inputs; the operations that made them are left out.</param>
    public OnnxGraph Extract(IReadOnlyList<GraphValue> entries, IReadOnlyList<GraphValue> outputs)
    {
        var needed = new HashSet<string>(outputs.Select(value => value.Name));
        var entered = entries.Select(value => value.Name).ToHashSet();
        var named = outputs.Select(value => value.Name).Concat(entered).ToHashSet();
        var nodes = new List<GraphNode>();
        for (int i = Nodes.Count - 1; i >= 0; i--)
            if (Nodes[i].Outputs.Any(name => name.Length > 0 && needed.Contains(name) && !entered.Contains(name)))
            {
                nodes.Add(Nodes[i]);
                needed.UnionWith(Nodes[i].Inputs);
            }
        nodes.Reverse();
        return this with
        {
            Nodes = nodes,
            Tensors = [.. Tensors.Where(tensor => needed.Contains(tensor.Name))],
            Inputs = [.. entries, .. Inputs.Where(value => needed.Contains(value.Name))],
            Outputs = outputs,
            Values = [.. Values.Where(value => needed.Contains(value.Name) && !named.Contains(value.Name))],
        };
    }

    private static long OpsetOf(IEnumerable<WireField> model) => model.Where(field => field.Number == OpsetField)
        .Select(field => WireMessage.Read(field.Content))
        .Where(set => set.Text(OpsetDomain) is "" or "ai.onnx")
        .Select(set => set.Find(OpsetVersion)?.Integer ?? 0)
        .FirstOrDefault();
}
