using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Sizes of a decoder of Qwen2's kind: RMSNorm, rotary positions, grouped queries with biases, gated feed-forward.</summary>
public sealed record DecoderShape(int Layers, int Hidden, int Inner, int Heads, int Groups, int Vocabulary)
{
    /// <summary>Base of the rotary frequencies, and the epsilon of the norms.</summary>
    public const float Theta = 10_000, Epsilon = 1e-6f;

    /// <summary>Numbers in a token's position: 1, or 3 as Qwen2-VL has it.</summary>
    public int Axes { get; init; } = 1;

    public int Width => Hidden / Heads;
}

/// <summary>The styles in which decoders are published as ONNX.</summary>
public enum DecoderStyle
{
    /// <summary>Plain operators, as PyTorch and Optimum export them.</summary>
    Plain,

    /// <summary>com.microsoft's operators, as onnxruntime-genai builds them, with the rotation on its own.</summary>
    Contrib,

    /// <summary>As onnxruntime-genai builds them for the CPU: packed queries, keys and values, rotated inside the attention; no position_ids.</summary>
    Packed,
}

/// <summary>Draws decoder_model_merged.onnx of any shape and style, with logits for every token as published ones have them; the same
/// weights give the same network in every style.</summary>
internal sealed class RandomDecoder(
    DecoderShape shape, DecoderStyle style, Func<string, long[], GraphTensor> weights, Precision precision = Precision.Single)
{
    private const int LongestContext = 8192;

    private readonly GraphSketch _sketch = new(weights, precision);
    private string _mask = "", _cos = "", _sin = "", _lengths = "", _total = "";

    public OnnxGraph Draw()
    {
        string[] axes = ["batch_size", "sequence_length"];
        string hidden = _sketch.Input("inputs_embeds", ElementType.Float, [.. axes, (long)shape.Hidden]);
        _sketch.Input("attention_mask", ElementType.Int64, "batch_size", "total_sequence_length");
        if (style != DecoderStyle.Packed)
            _sketch.Input("position_ids", ElementType.Int64, [.. shape.Axes == 1 ? (object[])[] : [(long)shape.Axes], .. axes]);
        for (int layer = 0; layer < shape.Layers; layer++)
            foreach (string kind in (string[])["key", "value"])
                _sketch.Input($"past_key_values.{layer}.{kind}", _sketch.Real, "batch_size", (long)shape.Groups, "past_sequence_length", (long)shape.Width);
        _sketch.Output("logits", [.. axes, (long)shape.Vocabulary]);
        for (int layer = 0; layer < shape.Layers; layer++)
            foreach (string kind in (string[])["key", "value"])
                _sketch.Output($"present.{layer}.{kind}", "batch_size", (long)shape.Groups, "total_sequence_length", (long)shape.Width);
        if (_sketch.Real != ElementType.Float)
            hidden = _sketch.Node("Cast", "embeddings", [hidden], NodeAttribute.Of("to", (long)_sketch.Real));
        string rows = style == DecoderStyle.Plain ? Plain(hidden) : Contrib(hidden);
        _sketch.Product("logits", rows, "lm_head.weight", shape.Hidden, shape.Vocabulary);
        return _sketch.ToGraph(opset: 17);
    }

    private string Plain(string x)
    {
        PlainTables();
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string name = $"/layers.{layer}";
            string attended = PlainAttention(layer, PlainNorm($"{name}/norm1", x));
            x = _sketch.Node("Add", $"{name}/Add_1", [x, attended]);
            x = _sketch.Node("Add", $"{name}/Add_2", [x, FeedForward(layer, PlainNorm($"{name}/norm2", x))]);
        }
        return PlainNorm("/norm", x);
    }

    private string PlainNorm(string name, string x)
    {
        string square = _sketch.Node("Pow", $"{name}/Pow", [x, _sketch.Number(2)]);
        string mean = _sketch.Node("ReduceMean", $"{name}/Mean", [square], NodeAttribute.Of("axes", [-1]));
        string root = _sketch.Node("Sqrt", $"{name}/Sqrt", [_sketch.Node("Add", $"{name}/Add", [mean, _sketch.Number(DecoderShape.Epsilon)])]);
        return _sketch.Node("Mul", $"{name}/Mul", [_sketch.Node("Div", $"{name}/Div", [x, root]), _sketch.Weight($"{name}.weight", shape.Hidden)]);
    }

    /// <summary>Cosines and sines of the positions, and the causal mask from the sizes of embeddings and cache.</summary>
    private void PlainTables()
    {
        var s = _sketch;
        string angles = shape.Axes == 1 ? Angles(1, 3) : AnglesOfAxes();
        string both = s.Node("Concat", "angles_twice", [angles, angles], NodeAttribute.Of("axis", -1L));
        (_cos, _sin) = (s.Node("Cos", "cos", [both]), s.Node("Sin", "sin", [both]));
        string rows = Size("rows", "inputs_embeds", 1), past = Size("past", "past_key_values.0.key", 2);
        string end = s.Node("Add", "end", [rows, past]);
        string row = s.Node("Unsqueeze", "row", [s.Node("Range", "row_range", [past, end, s.Integer(1)]), s.Integers(1)]);
        string column = s.Node("Range", "column", [s.Integer(0), end, s.Integer(1)]);
        string ahead = s.Node("Cast", "ahead", [s.Node("Greater", "is_ahead", [column, row])], Real);
        string given = s.Node("Unsqueeze", "mask_4", ["attention_mask", s.Integers(1, 2)]);
        string hidden = s.Node("Sub", "hidden_keys", [s.Number(1), s.Node("Cast", "mask_float", [given], Real)]);
        _mask = s.Node("Mul", "mask", [s.Node("Add", "mask_sum", [ahead, hidden]), s.Number(Hidden)]);

        string Size(string name, string tensor, int axis) => s.Node("Gather", name, [s.Node("Shape", $"{name}_shape", [tensor]), s.Integer(axis)]);
    }

    /// <summary>Added to the scores of what a token may not see; twice as much is still a half.</summary>
    private const float Hidden = -3e4f;

    private NodeAttribute Real => NodeAttribute.Of("to", (long)_sketch.Real);

    /// <summary>Positions times frequencies.</summary>
    /// <param name="axes">Are put into position_ids for heads and for frequencies.</param>
    private string Angles(params long[] axes)
    {
        string positions = _sketch.Node("Cast", "positions", [_sketch.Node("Unsqueeze", "positions_4", ["position_ids", _sketch.Integers(axes)])], Real);
        return _sketch.Node("Mul", "angles", [positions, _sketch.Numbers("frequencies", [shape.Width / 2], Frequencies())]);
    }

    /// <summary>A quarter of the frequencies turn with the first axis and the rest with the others half each, as Qwen2-VL's sections (16, 24, 24 of 64) do.</summary>
    private string AnglesOfAxes()
    {
        int half = shape.Width / 2, first = half / 4;
        float[] sections = [.. Enumerable.Range(0, 3 * half).Select(i => (i % half) switch
        {
            var at when at < first => i / half == 0 ? 1f : 0,
            var at => i / half == (at < first + ((half - first) / 2) ? 1 : 2) ? 1 : 0,
        })];
        string own = _sketch.Node("Mul", "angles_own", [Angles(3), _sketch.Numbers("sections", [3, 1, 1, half], sections)]);
        string one = _sketch.Node("ReduceSum", "angles_sum", [own, _sketch.Integers(0)], NodeAttribute.Of("keepdims", 0L));
        return _sketch.Node("Unsqueeze", "angles_4", [one, _sketch.Integers(1)]);
    }

    private string PlainAttention(int layer, string x)
    {
        string name = $"/layers.{layer}/attn";
        string query = Rotate($"{name}/q", Split($"{name}/q", x, shape.Heads));
        string key = Cached(layer, "key", Rotate($"{name}/k", Split($"{name}/k", x, shape.Groups)));
        string value = Cached(layer, "value", Split($"{name}/v", x, shape.Groups));
        string turned = _sketch.Node("Transpose", $"{name}/keys", [Wide($"{name}/k", key)], NodeAttribute.Of("perm", [0, 1, 3, 2]));
        string scores = _sketch.Node("Mul", $"{name}/scores", [_sketch.Node("MatMul", $"{name}/products", [query, turned]), _sketch.Number(1 / MathF.Sqrt(shape.Width))]);
        string weights = _sketch.Node("Softmax", $"{name}/Softmax", [_sketch.Node("Add", $"{name}/masked", [scores, _mask])], NodeAttribute.Of("axis", -1L));
        string mixed = _sketch.Node("MatMul", $"{name}/mixed", [weights, Wide($"{name}/v", value)]);
        string joined = _sketch.Node("Transpose", $"{name}/back", [mixed], NodeAttribute.Of("perm", [0, 2, 1, 3]));
        joined = _sketch.Node("Reshape", $"{name}/joined", [joined, _sketch.Integers(0, 0, shape.Hidden)]);
        return _sketch.Linear($"{name}/o", joined, shape.Hidden, shape.Hidden);
    }

    /// <summary>[1, tokens, hidden] -> [1, heads, tokens, width].</summary>
    private string Split(string name, string x, int heads)
    {
        string split = _sketch.Node("Reshape", $"{name}/split", [_sketch.Linear(name, x, shape.Hidden, heads * shape.Width, bias: true), _sketch.Integers(0, 0, heads, shape.Width)]);
        return _sketch.Node("Transpose", $"{name}/heads", [split], NodeAttribute.Of("perm", [0, 2, 1, 3]));
    }

    private string Rotate(string name, string x)
    {
        var s = _sketch;
        string low = s.Node("Slice", $"{name}/low", [x, s.Integers(0), s.Integers(shape.Width / 2), s.Integers(3)]);
        string high = s.Node("Slice", $"{name}/high", [x, s.Integers(shape.Width / 2), s.Integers(long.MaxValue), s.Integers(3)]);
        string half = s.Node("Concat", $"{name}/turned", [s.Node("Neg", $"{name}/neg", [high]), low], NodeAttribute.Of("axis", -1L));
        return s.Node("Add", $"{name}/rotated", [s.Node("Mul", $"{name}/cos", [x, _cos]), s.Node("Mul", $"{name}/sin", [half, _sin])]);
    }

    private string Cached(int layer, string kind, string x) =>
        _sketch.Node("Concat", $"present.{layer}.{kind}", [$"past_key_values.{layer}.{kind}", x], NodeAttribute.Of("axis", 2L));

    /// <summary>Each group's keys or values for all of its heads.</summary>
    private string Wide(string name, string x)
    {
        string one = _sketch.Node("Unsqueeze", $"{name}/group", [x, _sketch.Integers(2)]);
        string all = _sketch.Node("Concat", $"{name}/groups", [.. Enumerable.Repeat(one, shape.Heads / shape.Groups)], NodeAttribute.Of("axis", 2L));
        return _sketch.Node("Reshape", $"{name}/wide", [all, _sketch.Integers(0, shape.Heads, -1, shape.Width)]);
    }

    private string FeedForward(int layer, string x)
    {
        string name = $"/layers.{layer}/mlp";
        string gate = _sketch.Linear($"{name}/gate", x, shape.Hidden, shape.Inner), up = _sketch.Linear($"{name}/up", x, shape.Hidden, shape.Inner);
        string silu = _sketch.Node("Mul", $"{name}/silu", [gate, _sketch.Node("Sigmoid", $"{name}/Sigmoid", [gate])]);
        return _sketch.Linear($"{name}/down", _sketch.Node("Mul", $"{name}/gated", [silu, up]), shape.Inner, shape.Hidden);
    }

    private string Contrib(string x)
    {
        ContribTables();
        string norm = _sketch.Node(
            "SimplifiedLayerNormalization", "/layers.0/norm1", [x, _sketch.Weight("/layers.0/norm1.weight", shape.Hidden)],
            NodeAttribute.Of("epsilon", DecoderShape.Epsilon), NodeAttribute.Of("axis", -1L));
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string next = layer + 1 < shape.Layers ? $"/layers.{layer + 1}/norm1" : "/norm";
            (norm, x) = SkipNorm($"/layers.{layer}/norm2", x, ContribAttention(layer, norm));
            (norm, x) = SkipNorm(next, x, FeedForward(layer, norm));
        }
        return norm;
    }

    private (string Norm, string Sum) SkipNorm(string name, string x, string added)
    {
        // The last sum is read by nobody, and then left out.
        string[] outputs = name == "/norm" ? [name] : [name, "", "", $"{name}/sum"];
        _sketch.Contrib(
            "SkipSimplifiedLayerNormalization", outputs, [x, added, _sketch.Weight($"{name}.weight", shape.Hidden)], NodeAttribute.Of("epsilon", DecoderShape.Epsilon));
        return (name, outputs[^1]);
    }

    private void ContribTables()
    {
        var s = _sketch;
        float[] frequencies = Frequencies();
        long[] table = [LongestContext, shape.Width / 2];
        _cos = s.Numbers("cos_cache", table, [.. Enumerable.Range(0, LongestContext).SelectMany(at => frequencies.Select(f => MathF.Cos(at * f)))]);
        _sin = s.Numbers("sin_cache", table, [.. Enumerable.Range(0, LongestContext).SelectMany(at => frequencies.Select(f => MathF.Sin(at * f)))]);
        string sum = s.Node("ReduceSum", "mask_sum", ["attention_mask", s.Integers(1)], NodeAttribute.Of("keepdims", 0L));
        _lengths = s.Node("Cast", "seqlens_k", [s.Node("Sub", "mask_last", [sum, s.Integer(1)])], NodeAttribute.Of("to", 6L));
        string total = s.Node("Gather", "mask_size", [s.Node("Shape", "mask_shape", ["attention_mask"]), s.Integer(1)]);
        _total = s.Node("Cast", "total_sequence_length", [total], NodeAttribute.Of("to", 6L));
    }

    private string ContribAttention(int layer, string x)
    {
        string name = $"/layers.{layer}/attn";
        string q = _sketch.Linear($"{name}/q", x, shape.Hidden, shape.Hidden, bias: true);
        string k = _sketch.Linear($"{name}/k", x, shape.Hidden, shape.Groups * shape.Width, bias: true);
        string v = _sketch.Linear($"{name}/v", x, shape.Hidden, shape.Groups * shape.Width, bias: true);
        string[] own = style == DecoderStyle.Packed
            ? [_sketch.Node("Concat", $"{name}/packed", [q, k, v], NodeAttribute.Of("axis", -1L)), "", ""]
            : [Rotary($"{name}/q_rotary", q, shape.Heads), Rotary($"{name}/k_rotary", k, shape.Groups), v];
        string[] tables = style == DecoderStyle.Packed ? [_cos, _sin] : [];
        string attended = _sketch.Contrib(
            "GroupQueryAttention", [name, $"present.{layer}.key", $"present.{layer}.value"],
            [.. own, $"past_key_values.{layer}.key", $"past_key_values.{layer}.value", _lengths, _total, .. tables],
            NodeAttribute.Of("num_heads", (long)shape.Heads), NodeAttribute.Of("kv_num_heads", (long)shape.Groups),
            NodeAttribute.Of("do_rotary", style == DecoderStyle.Packed ? 1L : 0L));
        return _sketch.Linear($"{name}/o", attended, shape.Hidden, shape.Hidden);
    }

    private string Rotary(string name, string x, int heads) => _sketch.Contrib(
        "RotaryEmbedding", [name], [x, "position_ids", _cos, _sin], NodeAttribute.Of("num_heads", (long)heads));

    private float[] Frequencies() =>
        [.. Enumerable.Range(0, shape.Width / 2).Select(i => MathF.Pow(DecoderShape.Theta, -2f * i / shape.Width))];
}
