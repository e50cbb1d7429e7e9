using System.Runtime.InteropServices;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Draws a graph operation by operation; every method returns the name of the tensor that it adds.</summary>
/// <param name="weights">Gives a weight of a name and shape.</param>
internal sealed class GraphSketch(Func<string, long[], GraphTensor> weights)
{
    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<string, GraphTensor> _tensors = [];
    private readonly List<GraphValue> _inputs = [], _outputs = [];

    public string Input(string name, ElementType type, params object[] axes)
    {
        _inputs.Add(GraphValue.Of(name, type, axes));
        return name;
    }

    public void Output(string name, params object[] axes) => _outputs.Add(GraphValue.Of(name, ElementType.Float, axes));

    public string Weight(string name, params long[] shape)
    {
        _tensors.TryAdd(name, weights(name, shape));
        return name;
    }

    /// <summary>A list of integers.</summary>
    public string Integers(params long[] values) => Constant(GraphTensor.Of($"integers_{string.Join('_', values)}", [values.Length], values));

    public string Integer(long value) => Constant(GraphTensor.Of($"integer_{value}", [], value));

    public string Number(float value) => Constant(GraphTensor.Of($"number_{BitConverter.SingleToInt32Bits(value):x8}", value));

    public string Numbers(string name, long[] shape, float[] values) =>
        Constant(GraphTensor.Of(name, ElementType.Float, shape, MemoryMarshal.AsBytes<float>(values)));

    /// <summary>An operation of the standard.</summary>
    public string Node(string type, string output, IReadOnlyList<string> inputs, params NodeAttribute[] attributes)
    {
        _nodes.Add(GraphNode.Of(type, inputs, output, attributes));
        return output;
    }

    /// <summary>An operation of com.microsoft.</summary>
    public string Contrib(string type, IReadOnlyList<string> outputs, IReadOnlyList<string> inputs, params NodeAttribute[] attributes)
    {
        _nodes.Add(GraphNode.OfContrib(type, inputs, outputs[0], attributes) with { Outputs = outputs });
        return outputs[0];
    }

    public string Linear(string name, string input, long from, long to, bool bias = false)
    {
        string product = Node("MatMul", $"{name}/MatMul", [input, Weight($"{name}.weight", from, to)]);
        return bias ? Node("Add", $"{name}/Add", [product, Weight($"{name}.bias", to)]) : product;
    }

    public OnnxGraph ToGraph(int opset) => OnnxGraph.Of(opset, _nodes, [.. _tensors.Values], _inputs, _outputs);

    private string Constant(GraphTensor tensor)
    {
        _tensors.TryAdd(tensor.Name, tensor);
        return tensor.Name;
    }
}
