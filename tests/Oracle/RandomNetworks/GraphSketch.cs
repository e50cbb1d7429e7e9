using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Draws a graph operation by operation; every method returns the name of the tensor that it adds.</summary>
/// <param name="weights">Gives a weight of a name and shape.</param>
/// <param name="precision">Of weights, constants and outputs.</param>
internal sealed class GraphSketch(Func<string, long[], GraphTensor> weights, Precision precision = Precision.Single)
{
    private readonly List<GraphNode> _nodes = [];
    private readonly Dictionary<string, GraphTensor> _tensors = [];
    private readonly List<GraphValue> _inputs = [], _outputs = [];

    /// <summary>The type of real numbers.</summary>
    public ElementType Real => precision is Precision.Half or Precision.FourBitHalf ? ElementType.Float16 : ElementType.Float;

    public string Input(string name, ElementType type, params object[] axes)
    {
        _inputs.Add(GraphValue.Of(name, type, axes));
        return name;
    }

    public void Output(string name, params object[] axes) => _outputs.Add(GraphValue.Of(name, Real, axes));

    public string Weight(string name, params long[] shape)
    {
        if (!_tensors.ContainsKey(name))
            _tensors.Add(name, InPrecision(weights(name, shape)));
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

    /// <summary>A linear map without or with a bias.</summary>
    public string Linear(string name, string input, long from, long to, bool bias = false)
    {
        string product = Product($"{name}/MatMul", input, $"{name}.weight", from, to);
        return bias ? Node("Add", $"{name}/Add", [product, Weight($"{name}.bias", to)]) : product;
    }

    /// <summary>[.., from] times a weight [from, to].</summary>
    public string Product(string output, string input, string weight, long from, long to)
    {
        if (precision is Precision.Single or Precision.Half)
            return Node("MatMul", output, [input, Weight(weight, from, to)]);
        var few = new FourBitWeight(weights(weight, [from, to]));
        return Contrib(
            "MatMulNBits", [output], [input, Constant(few.Packed), Constant(few.Scales)],
            NodeAttribute.Of("K", from), NodeAttribute.Of("N", to), NodeAttribute.Of("bits", (long)FourBitWeight.Bits), NodeAttribute.Of("block_size", (long)FourBitWeight.Block));
    }

    public OnnxGraph ToGraph(int opset) => OnnxGraph.Of(opset, _nodes, [.. _tensors.Values], _inputs, _outputs);

    private string Constant(GraphTensor tensor)
    {
        _tensors.TryAdd(tensor.Name, InPrecision(tensor));
        return tensor.Name;
    }

    private GraphTensor InPrecision(GraphTensor tensor)
    {
        if (tensor.Type != ElementType.Float || Real == ElementType.Float)
            return tensor;
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span);
        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        return GraphTensor.Of(tensor.Name, Real, tensor.Dimensions, MemoryMarshal.AsBytes<Half>(halves));
    }
}
