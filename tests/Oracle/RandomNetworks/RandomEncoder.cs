using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Sizes of a vision transformer without a class token, with a projector into a language model.</summary>
/// <param name="Side">Of the square picture, in pixels.</param>
/// <param name="Patch">Side of a patch, in pixels.</param>
/// <param name="Output">Width of what the projector makes.</param>
public sealed record EncoderShape(int Side, int Patch, int Layers, int Hidden, int Inner, int Heads, int Output)
{
    public int Patches { get; init; } = Side / Patch * (Side / Patch);

    public EncoderLayout Layout { get; init; }

    /// <summary>Sides of the squares of patches that make one token each.</summary>
    public int Shuffle { get; init; } = 1;

    public int Tokens => Patches / (Shuffle * Shuffle);
}

/// <summary>Whose inputs and outputs an encoder has.</summary>
public enum EncoderLayout
{
    /// <summary>Pictures; a token a patch.</summary>
    Llava,

    /// <summary>Pictures with a mask of what is no padding; pixel shuffle.</summary>
    SmolVlm,

    /// <summary>Patches of one picture, each square's side by side, with its grid.</summary>
    QwenVl,
}

/// <summary>The styles in which vision encoders are published as ONNX.</summary>
public enum EncoderStyle
{
    /// <summary>Products and a softmax.</summary>
    Plain,

    /// <summary>com.microsoft's MultiHeadAttention over queries, keys and values, which adds their bias.</summary>
    MultiHead,

    /// <summary>com.microsoft's Attention, which makes queries, keys and values itself.</summary>
    Attention,
}

/// <summary>Draws vision_encoder.onnx of any shape and style; the same weights give the same network in every style.</summary>
internal sealed class RandomEncoder(EncoderShape shape, EncoderStyle style, Func<string, long[], GraphTensor> weights)
{
    private readonly GraphSketch _sketch = new(weights);

    /// <summary>What the last layer attends to where the style is <see cref="EncoderStyle.Plain"/>: [frames, heads, patches, patches].</summary>
    public string LastSoftmax => $"/layers.{shape.Layers - 1}/attn/Softmax";

    public OnnxGraph Draw()
    {
        string x = shape.Layout switch
        {
            EncoderLayout.QwenVl => Rows(),
            EncoderLayout.SmolVlm => Patches(Frames()),
            _ => Patches(_sketch.Input("pixel_values", ElementType.Float, "batch_size", 3L, (long)shape.Side, (long)shape.Side)),
        };
        if (shape.Layout == EncoderLayout.QwenVl)
            _sketch.Output("image_features", "num_tokens", (long)shape.Output);
        else
            _sketch.Output("image_features", "batch_size", (long)shape.Tokens, (long)shape.Output);
        x = _sketch.Node("Add", "placed", [x, _sketch.Weight("places", 1, shape.Patches, shape.Hidden)]);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string name = $"/layers.{layer}";
            x = _sketch.Node("Add", $"{name}/Add_1", [x, Attention($"{name}/attn", Norm($"{name}/norm1", x))]);
            x = _sketch.Node("Add", $"{name}/Add_2", [x, FeedForward($"{name}/mlp", Norm($"{name}/norm2", x), shape.Hidden)]);
        }
        x = Norm("/norm", x);
        x = shape.Layout switch
        {
            EncoderLayout.QwenVl => Linear(_sketch.Node("Reshape", "merged", [x, _sketch.Integers(-1, Square)])),
            EncoderLayout.SmolVlm => Linear(Shuffled(x)),
            _ => FeedForward("/projector", x, shape.Output),
        };
        _sketch.Node("Identity", "image_features", [x]);
        return _sketch.ToGraph(opset: 17);
    }

    /// <summary>Numbers of a square of patches.</summary>
    private int Square => shape.Hidden * shape.Shuffle * shape.Shuffle;

    private string Linear(string squares) => _sketch.Linear("/connector", squares, Square, shape.Output);

    /// <summary>[frames, 3, side, side] -> [frames, patches, hidden].</summary>
    private string Patches(string pixels)
    {
        string kernel = _sketch.Weight("patches.weight", shape.Hidden, 3, shape.Patch, shape.Patch);
        string x = _sketch.Node("Conv", "patches", [pixels, kernel], NodeAttribute.Of("strides", [shape.Patch, shape.Patch]));
        x = _sketch.Node("Reshape", "rows", [x, _sketch.Integers(0, shape.Hidden, -1)]);
        return _sketch.Node("Transpose", "embedded", [x], NodeAttribute.Of("perm", [0, 2, 1]));
    }

    /// <summary>Patches that come as rows, [1, patches, hidden]; the grid shifts them a little, so that a wrong one would show.</summary>
    private string Rows()
    {
        var s = _sketch;
        long width = 2L * 3 * shape.Patch * shape.Patch;
        string rows = s.Input("pixel_values", ElementType.Float, "num_patches", width), grid = s.Input("grid_thw", ElementType.Int64, "num_images", 3L);
        string x = s.Node("Reshape", "rows", [s.Product("patches", rows, "patches.weight", width, shape.Hidden), s.Integers(1, -1, shape.Hidden)]);
        string sizes = s.Node("MatMul", "grid_mixed", [s.Node("Cast", "grid_float", [grid], NodeAttribute.Of("to", 1L)), s.Weight("grid.weight", 3, shape.Hidden)]);
        return s.Node("Add", "embedded", [x, s.Node("Mul", "grid_shift", [sizes, s.Number(0.1f)])]);
    }

    /// <summary>The frames that are no padding, [frames, 3, side, side].</summary>
    private string Frames()
    {
        var s = _sketch;
        string pixels = s.Input("pixel_values", ElementType.Float, "batch_size", "num_images", 3L, (long)shape.Side, (long)shape.Side);
        string mask = s.Input("pixel_attention_mask", ElementType.Bool, "batch_size", "num_images", (long)shape.Side, (long)shape.Side);
        string seen = s.Node("Reshape", "mask_rows", [s.Node("Cast", "mask_float", [mask], NodeAttribute.Of("to", 1L)), s.Integers(-1, shape.Side * shape.Side)]);
        seen = s.Node("ReduceMax", "mask_any", [seen], NodeAttribute.Of("axes", [1]), NodeAttribute.Of("keepdims", 0L));
        seen = s.Node("Cast", "is_real", [seen], NodeAttribute.Of("to", (long)ElementType.Bool));
        string all = s.Node("Reshape", "all_frames", [pixels, s.Integers(-1, 3, shape.Side, shape.Side)]);
        return s.Node("Compress", "real_frames", [all, seen], NodeAttribute.Of("axis", 0L));
    }

    /// <summary>[frames, patches, hidden] -> [frames, tokens, shuffle * shuffle * hidden]: each square of patches side by side.</summary>
    private string Shuffled(string x)
    {
        int square = shape.Shuffle, side = shape.Side / shape.Patch / square;
        x = _sketch.Node("Reshape", "squares", [x, _sketch.Integers(-1, side, square, side, square, shape.Hidden)]);
        x = _sketch.Node("Transpose", "gathered", [x], NodeAttribute.Of("perm", [0, 1, 3, 2, 4, 5]));
        return _sketch.Node("Reshape", "shuffled", [x, _sketch.Integers(-1, side * side, square * square * shape.Hidden)]);
    }

    private string Norm(string name, string x) => _sketch.Node(
        "LayerNormalization", name, [x, _sketch.Weight($"{name}.weight", shape.Hidden), _sketch.Weight($"{name}.bias", shape.Hidden)], NodeAttribute.Of("axis", -1L));

    private string FeedForward(string name, string x, int to)
    {
        string up = _sketch.Linear($"{name}/up", x, shape.Hidden, shape.Inner, bias: true);
        string gate = _sketch.Node("Sigmoid", $"{name}/Sigmoid", [_sketch.Node("Mul", $"{name}/steeper", [up, _sketch.Number(1.702f)])]);
        return _sketch.Linear($"{name}/down", _sketch.Node("Mul", $"{name}/gelu", [up, gate]), shape.Inner, to, bias: true);
    }

    private string Attention(string name, string x)
    {
        string packed = _sketch.Weight($"{name}/qkv.weight", shape.Hidden, 3 * shape.Hidden), bias = _sketch.Weight($"{name}/qkv.bias", 3 * shape.Hidden);
        var heads = NodeAttribute.Of("num_heads", (long)shape.Heads);
        string mixed = style switch
        {
            EncoderStyle.Plain => Plain(name, Thirds(name, _sketch.Node("Add", $"{name}/qkv/Add", [_sketch.Node("MatMul", $"{name}/qkv/MatMul", [x, packed]), bias]))),
            EncoderStyle.MultiHead => _sketch.Contrib(
                "MultiHeadAttention", [name], [.. Thirds(name, _sketch.Node("MatMul", $"{name}/qkv/MatMul", [x, packed])), bias], heads),
            _ => _sketch.Contrib("Attention", [name], [x, packed, bias], heads),
        };
        return _sketch.Linear($"{name}/o", mixed, shape.Hidden, shape.Hidden);
    }

    /// <summary>[frames, patches, 3 * hidden] -> queries, keys and values.</summary>
    private string[] Thirds(string name, string packed) => [.. Enumerable.Range(0, 3).Select(third => _sketch.Node(
        "Slice", $"{name}/third{third}",
        [packed, _sketch.Integers(third * shape.Hidden), _sketch.Integers((third + 1) * shape.Hidden), _sketch.Integers(2)]))];

    private string Plain(string name, string[] thirds)
    {
        string query = Split("q", thirds[0], 0, 2, 1, 3), key = Split("k", thirds[1], 0, 2, 3, 1), value = Split("v", thirds[2], 0, 2, 1, 3);
        string scores = _sketch.Node("Mul", $"{name}/scores", [_sketch.Node("MatMul", $"{name}/products", [query, key]), _sketch.Number(1 / MathF.Sqrt(shape.Hidden / shape.Heads))]);
        string weights = _sketch.Node("Softmax", $"{name}/Softmax", [scores], NodeAttribute.Of("axis", -1L));
        string mixed = _sketch.Node("Transpose", $"{name}/back", [_sketch.Node("MatMul", $"{name}/mixed", [weights, value])], NodeAttribute.Of("perm", [0, 2, 1, 3]));
        return _sketch.Node("Reshape", $"{name}/joined", [mixed, _sketch.Integers(0, 0, shape.Hidden)]);

        string Split(string part, string x, params long[] order) => _sketch.Node(
            "Transpose", $"{name}/{part}/heads",
            [_sketch.Node("Reshape", $"{name}/{part}/split", [x, _sketch.Integers(0, 0, shape.Heads, shape.Hidden / shape.Heads)])], NodeAttribute.Of("perm", order));
    }
}
