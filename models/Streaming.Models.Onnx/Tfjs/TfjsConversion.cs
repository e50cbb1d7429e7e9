using System.Runtime.InteropServices;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Models.Onnx.Tfjs;

/// <summary>
/// A convolutional network of TensorFlow.js -> ONNX: the part that computes some outputs, for any number of pictures at once.
/// TensorFlow keeps a picture as [n, height, width, channels], ONNX as [n, channels, height, width]; every tensor between the operations
/// that are known here has these four axes, so none needs to be turned around.
/// </summary>
/// <remarks>Weights of float16 become float32: ONNX Runtime's CPU kernels compute in it. Field numbers are those of onnx.proto.</remarks>
internal sealed class TfjsConversion
{
    private const int IrVersion = 8, Opset = 13;
    private const int Channels = 1, Height = 2, Width = 3;

    private readonly TfjsGraph _graph;
    private readonly List<WireField> _nodes = [];
    private readonly List<WireField> _weights = [];
    private readonly Dictionary<string, (long Height, long Width)> _sizes = [];
    private readonly HashSet<string> _written = [];

    private TfjsConversion(TfjsGraph graph) => _graph = graph;

    /// <param name="input">Name of the placeholder; [n, 3, side, side] in the result.</param>
    /// <param name="outputs">Names of operations.</param>
    /// <returns>The bytes of a .onnx file.</returns>
    /// <exception cref="InvalidModelException">The network has an operation or a form of one that is not known here.</exception>
    public static byte[] Convert(TfjsGraph graph, string input, int side, params IReadOnlyList<string> outputs)
    {
        var conversion = new TfjsConversion(graph);
        conversion._sizes[input] = (side, side);
        conversion._written.Add(input);
        foreach (string output in outputs)
            conversion.Write(output);
        return WireMessage.Write(
        [
            WireField.Of(1, IrVersion),
            WireField.Of(7,
            [
                .. conversion._nodes, WireField.Of(2, "tfjs"), .. conversion._weights,
                WireField.Of(11, Value(input, Axis("n"), Axis(3), Axis(side), Axis(side))),
                .. outputs.Select(output => WireField.Of(12, Value(output, Axis("n"), Axis("channels"), Axis("height"), Axis("width")))),
            ]),
            WireField.Of(8, [WireField.Of(1, ""), WireField.Of(2, Opset)]),
        ]);
    }

    /// <summary>Writes an operation after all that it reads from, once. The network is a few hundred operations deep.</summary>
    private void Write(string name)
    {
        if (_written.Contains(name))
            return;
        TfjsNode node = _graph.Nodes.GetValueOrDefault(name) ?? throw Unknown($"no operation {name}");
        if (node.Operator == "Const")
            return;
        foreach (string input in node.Inputs)
            Write(input);
        _written.Add(name);
        switch (node.Operator)
        {
            case "_FusedConv2D" or "Conv2D":
                WriteConvolution(node, isDepthwise: false);
                break;
            case "FusedDepthwiseConv2dNative" or "DepthwiseConv2dNative":
                WriteConvolution(node, isDepthwise: true);
                break;
            case "Mul" or "Add" or "AddV2":
                WriteElementwise(node);
                break;
            case "Relu" or "Sigmoid" or "Identity":
                Add(node.Operator, [node.Inputs[0]], name, _sizes[node.Inputs[0]]);
                break;
            case "Relu6":
                Add("Clip", [node.Inputs[0], Scalar(0), Scalar(6)], name, _sizes[node.Inputs[0]]);
                break;
            case "Mean":
                WriteMean(node);
                break;
            case "ConcatV2":
                WriteConcat(node);
                break;
            case "ResizeBilinear":
                WriteResize(node);
                break;
            default:
                throw Unknown($"operation {node.Operator}");
        }
    }

    private void WriteConvolution(TfjsNode node, bool isDepthwise)
    {
        TfjsWeight kernel = WeightOf(node, 1);
        if (kernel.Shape is not [var kernelHeight, var kernelWidth, var from, var to] || node.Integers("dilations") is { Length: > 0 } d && d.Any(step => step != 1)
            || node.Text("data_format") != "NHWC" || (isDepthwise && to != 1))
            throw Unknown($"the form of {node.Operator} {node.Name}");
        var (height, width) = _sizes[node.Inputs[0]];
        long[] strides = node.Integers("strides") is [_, var down, var right, _] ? [down, right] : [1, 1];
        bool isSame = node.Text("padding") == "SAME";
        var (top, bottom, outHeight) = Padding(height, kernelHeight, strides[0], isSame);
        var (left, right2, outWidth) = Padding(width, kernelWidth, strides[1], isSame);
        string weight = Turned(node.Inputs[1], kernel, isDepthwise);
        string[] fused = node.Texts("fused_ops");
        bool hasBias = fused is ["BiasAdd", ..];
        if (fused.Skip(hasBias ? 1 : 0).Any(step => step != "Relu" && step != "Relu6"))
            throw Unknown($"{node.Operator} with {string.Join(", ", fused)}");
        string[] inputs = hasBias ? [node.Inputs[0], weight, Vector(node.Inputs[2])] : [node.Inputs[0], weight];
        bool hasRelu = fused.Contains("Relu"), hasRelu6 = fused.Contains("Relu6");
        string result = hasRelu || hasRelu6 ? $"{node.Name}/linear" : node.Name;
        Add("Conv", inputs, result, (outHeight, outWidth),
            NodeAttribute.Of("pads", [top, left, bottom, right2]), NodeAttribute.Of("strides", strides), NodeAttribute.Of("group", isDepthwise ? from : 1));
        if (hasRelu)
            Add("Relu", [result], node.Name, (outHeight, outWidth));
        else if (hasRelu6)
            Add("Clip", [result, Scalar(0), Scalar(6)], node.Name, (outHeight, outWidth));
    }

    /// <summary>TensorFlow's SAME puts the odd row or column at the end.</summary>
    private static (long Before, long After, long Size) Padding(long size, long kernel, long stride, bool isSame)
    {
        if (!isSame)
            return (0, 0, (size - kernel) / stride + 1);
        long result = (size + stride - 1) / stride;
        long padding = Math.Max(0, (result - 1) * stride + kernel - size);
        return (padding / 2, padding - padding / 2, result);
    }

    private void WriteElementwise(TfjsNode node)
    {
        string[] inputs = [.. node.Inputs.Select(input => _graph.Weights.TryGetValue(input, out TfjsWeight? weight) ? Broadcast(input, weight) : input)];
        string widest = node.Inputs.Where(_sizes.ContainsKey).MaxBy(input => _sizes[input].Height * _sizes[input].Width) ?? throw Unknown($"{node.Name} of constants");
        Add(node.Operator == "Mul" ? "Mul" : "Add", inputs, node.Name, _sizes[widest]);
    }

    private void WriteMean(TfjsNode node)
    {
        if (WeightOf(node, 1).Values is not [1, 2] || !node.Flag("keep_dims"))
            throw Unknown($"the axes of {node.Name}");
        Add("ReduceMean", [node.Inputs[0]], node.Name, (1, 1), NodeAttribute.Of("axes", [Height, Width]), NodeAttribute.Of("keepdims", 1));
    }

    private void WriteConcat(TfjsNode node)
    {
        if (WeightOf(node, node.Inputs.Count - 1).Values is not [3 or -1])
            throw Unknown($"the axis of {node.Name}");
        Add("Concat", [.. node.Inputs.SkipLast(1)], node.Name, _sizes[node.Inputs[0]], NodeAttribute.Of("axis", Channels));
    }

    private void WriteResize(TfjsNode node)
    {
        if (WeightOf(node, 1).Values is not [var height, var width] || node.Flag("align_corners") || node.Flag("half_pixel_centers"))
            throw Unknown($"the form of {node.Name}");
        var (fromHeight, fromWidth) = _sizes[node.Inputs[0]];
        string scales = Constant($"{node.Name}/scales", [4], [1, 1, height / fromHeight, width / fromWidth]);
        Add("Resize", [node.Inputs[0], "", scales], node.Name, ((long)height, (long)width), Text("mode", "linear"), Text("coordinate_transformation_mode", "asymmetric"));
    }

    private void Add(string type, IReadOnlyList<string> inputs, string output, (long, long) size, params NodeAttribute[] attributes)
    {
        _nodes.Add(GraphNode.Of(type, inputs, output, attributes).ToField(1));
        _sizes[output] = size;
    }

    private TfjsWeight WeightOf(TfjsNode node, int input) =>
        _graph.Weights.GetValueOrDefault(node.Inputs[input]) ?? throw Unknown($"{node.Name} with a computed {node.Inputs[input]}");

    /// <summary>[height, width, from, to] -> [to, from, height, width]; of a depthwise kernel [height, width, from, 1] -> [from, 1, height, width].</summary>
    private string Turned(string name, TfjsWeight kernel, bool isDepthwise)
    {
        int height = kernel.Shape[0], width = kernel.Shape[1];
        int from = isDepthwise ? 1 : kernel.Shape[2], to = isDepthwise ? kernel.Shape[2] : kernel.Shape[3];
        var turned = new float[kernel.Values.Length];
        for (int place = 0; place < height * width; place++)
            for (int i = 0; i < from; i++)
                for (int o = 0; o < to; o++)
                    turned[(o * from + i) * height * width + place] = kernel.Values[(place * from + i) * to + o];
        return Constant(name, [to, from, height, width], turned);
    }

    private string Vector(string name) => _graph.Weights.GetValueOrDefault(name) is { Shape.Length: 1 } weight
        ? Constant(name, [weight.Shape[0]], weight.Values)
        : throw Unknown($"the bias {name}");

    /// <summary>A scalar, or one value for each channel.</summary>
    private string Broadcast(string name, TfjsWeight weight) => weight.Shape.Length == 0 || weight.Values.Length == weight.Shape[^1]
        ? Constant(name, weight.Shape.Length == 0 ? [] : [weight.Values.Length, 1, 1], weight.Values)
        : throw Unknown($"the shape of {name}");

    private string Scalar(float value) => Constant(FormattableString.Invariant($"scalar/{value}"), [], [value]);

    private string Constant(string name, long[] shape, float[] values)
    {
        if (_written.Add(name))
            _weights.Add(WireField.Of(5,
            [
                .. shape.Select(size => WireField.Of(1, size)), WireField.Of(2, (long)ElementType.Float),
                WireField.Of(8, name), WireField.Of(9, MemoryMarshal.AsBytes<float>(values)),
            ]));
        return name;
    }

    private static NodeAttribute Text(string name, string value)
    {
        const long text = 3;
        return new NodeAttribute([WireField.Of(1, name), WireField.Of(20, text), WireField.Of(4, value)]);
    }

    private static IEnumerable<WireField> Value(string name, params IEnumerable<WireField> axes) =>
        [WireField.Of(1, name), WireField.Of(2, [WireField.Of(1, [WireField.Of(1, (long)ElementType.Float), WireField.Of(2, axes)])])];

    private static WireField Axis(long size) => WireField.Of(1, [WireField.Of(1, size)]);

    private static WireField Axis(string name) => WireField.Of(1, [WireField.Of(2, name)]);

    private static InvalidModelException Unknown(string what) => new($"The TensorFlow.js network cannot be converted: {what} is not known.");
}
