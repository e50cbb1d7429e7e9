using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>Sizes of a speech recogniser.</summary>
/// <param name="Bands">Rows of input_features.</param>
/// <param name="Positions">Half of its columns.</param>
internal sealed record SpeechSizes(int Bands, int Positions, int Hidden, int Layers, int Heads, int Vocabulary, int MostTokens)
{
    public int Width => Hidden / Heads;
}

/// <summary>
/// Draws encoder_model.onnx and decoder_model_merged.onnx with the names and signatures that Whisper's are published with. The published decoder chooses
/// between two graphs by use_cache_branch; here the keys and values of the sound are cut to nothing where it is set, which gives the same outputs.
/// </summary>
internal sealed class RandomSpeech(SpeechSizes sizes, Func<string, long[], GraphTensor> weights)
{
    private GraphSketch _sketch = new(weights);
    private string _mask = "", _end = "";

    public OnnxGraph DrawEncoder()
    {
        var s = _sketch = new GraphSketch(weights);
        string features = s.Input("input_features", ElementType.Float, "batch_size", (long)sizes.Bands, "encoder_sequence_length");
        s.Output("last_hidden_state", "batch_size", (long)sizes.Positions, (long)sizes.Hidden);
        string heard = s.Node(
            "Conv", "conv", [features, s.Weight("conv.weight", sizes.Hidden, sizes.Bands, 3)],
            NodeAttribute.Of("kernel_shape", [3]), NodeAttribute.Of("strides", [2]), NodeAttribute.Of("pads", [1, 1]));
        string rows = s.Node("Transpose", "rows", [s.Node("Tanh", "heard", [heard])], NodeAttribute.Of("perm", [0, 2, 1]));
        string placed = s.Node("Add", "placed", [rows, s.Weight("embed_positions.weight", sizes.Positions, sizes.Hidden)]);
        s.Node("Tanh", "last_hidden_state", [s.Linear("out", placed, sizes.Hidden, sizes.Hidden, bias: true)]);
        return s.ToGraph(opset: 17);
    }

    public OnnxGraph DrawDecoder()
    {
        var s = _sketch = new GraphSketch(weights);
        string ids = s.Input("input_ids", ElementType.Int64, "batch_size", "decoder_sequence_length");
        string sound = s.Input("encoder_hidden_states", ElementType.Float, "batch_size", "encoder_sequence_length", (long)sizes.Hidden);
        foreach (var (name, axis) in CacheNames())
            s.Input($"past_key_values.{name}", ElementType.Float, "batch_size", (long)sizes.Heads, $"past_{axis}", (long)sizes.Width);
        string isCached = s.Input("use_cache_branch", ElementType.Bool, 1L);
        s.Output("logits", "batch_size", "decoder_sequence_length", (long)sizes.Vocabulary);
        foreach (var (name, axis) in CacheNames())
            s.Output($"present.{name}", "batch_size", (long)sizes.Heads, axis, (long)sizes.Width);
        string cached = s.Node("Cast", "cached", [isCached], NodeAttribute.Of("to", (long)ElementType.Int64));
        _end = s.Node("Mul", "sound_end", [s.Node("Sub", "is_first", [s.Integers(1), cached]), s.Integers(sizes.Positions)]);
        string x = Embed(ids);
        for (int layer = 0; layer < sizes.Layers; layer++)
        {
            string own = Attend(layer, "decoder", x, x, _mask);
            x = s.Node("Add", $"l{layer}/own", [x, own]);
            x = s.Node("Add", $"l{layer}/cross", [x, Attend(layer, "encoder", x, sound, mask: null)]);
            string inner = s.Node("Tanh", $"l{layer}/act", [s.Linear($"l{layer}/up", x, sizes.Hidden, 2 * sizes.Hidden, bias: true)]);
            x = s.Node("Add", $"l{layer}/all", [x, s.Linear($"l{layer}/down", inner, 2 * sizes.Hidden, sizes.Hidden)]);
        }
        s.Product("logits", x, "proj_out.weight", sizes.Hidden, sizes.Vocabulary);
        return s.ToGraph(opset: 17);
    }

    private IEnumerable<(string Name, string Axis)> CacheNames() =>
        from layer in Enumerable.Range(0, sizes.Layers)
        from of in (string[])["decoder", "encoder"]
        from kind in (string[])["key", "value"]
        select ($"{layer}.{of}.{kind}", $"{of}_sequence_length");

    /// <summary>Tokens with their positions, which go on from the past; and the mask that hides what is ahead.</summary>
    private string Embed(string ids)
    {
        var s = _sketch;
        string rows = Size("rows", ids, 1), past = Size("past", "past_key_values.0.decoder.key", 2), end = s.Node("Add", "end", [rows, past]);
        string range = s.Node("Range", "positions", [past, end, s.Integer(1)]);
        string ahead = s.Node("Greater", "is_ahead", [s.Node("Range", "columns", [s.Integer(0), end, s.Integer(1)]), s.Node("Unsqueeze", "column", [range, s.Integers(1)])]);
        _mask = s.Node("Mul", "mask", [s.Node("Cast", "ahead", [ahead], NodeAttribute.Of("to", (long)ElementType.Float)), s.Number(-1e9f)]);
        string tokens = s.Node("Gather", "tokens", [s.Weight("embed_tokens.weight", sizes.Vocabulary, sizes.Hidden), ids]);
        return s.Node("Add", "embedded", [tokens, s.Node("Gather", "places", [s.Weight("decoder_positions.weight", sizes.MostTokens, sizes.Hidden), range])]);

        string Size(string name, string tensor, int axis) => s.Node("Gather", name, [s.Node("Shape", $"{name}_shape", [tensor]), s.Integer(axis)]);
    }

    private string Attend(int layer, string of, string x, string source, string? mask)
    {
        var s = _sketch;
        string name = $"l{layer}/{of}";
        string query = Split($"{name}/q", x), key = Cached(layer, of, "key", Split($"{name}/k", source)), value = Cached(layer, of, "value", Split($"{name}/v", source));
        string turned = s.Node("Transpose", $"{name}/turned", [key], NodeAttribute.Of("perm", [0, 1, 3, 2]));
        string scores = s.Node("Mul", $"{name}/scores", [s.Node("MatMul", $"{name}/products", [query, turned]), s.Number(1 / MathF.Sqrt(sizes.Width))]);
        if (mask is not null)
            scores = s.Node("Add", $"{name}/masked", [scores, mask]);
        string mixed = s.Node("MatMul", $"{name}/mixed", [s.Node("Softmax", $"{name}/softmax", [scores], NodeAttribute.Of("axis", -1L)), value]);
        string back = s.Node("Transpose", $"{name}/back", [mixed], NodeAttribute.Of("perm", [0, 2, 1, 3]));
        return s.Linear($"{name}/o", s.Node("Reshape", $"{name}/joined", [back, s.Integers(0, 0, sizes.Hidden)]), sizes.Hidden, sizes.Hidden);
    }

    private string Split(string name, string x)
    {
        string split = _sketch.Node("Reshape", $"{name}/split", [_sketch.Linear(name, x, sizes.Hidden, sizes.Hidden, bias: true), _sketch.Integers(0, 0, sizes.Heads, sizes.Width)]);
        return _sketch.Node("Transpose", $"{name}/heads", [split], NodeAttribute.Of("perm", [0, 2, 1, 3]));
    }

    private string Cached(int layer, string of, string kind, string x)
    {
        string name = $"{layer}.{of}.{kind}";
        if (of == "decoder")
            return _sketch.Node("Concat", $"present.{name}", [$"past_key_values.{name}", x], NodeAttribute.Of("axis", 2L));
        string own = _sketch.Node("Slice", $"present.{name}", [x, _sketch.Integers(0), _end, _sketch.Integers(2)]);
        return _sketch.Node("Concat", $"{name}/all", [$"past_key_values.{name}", own], NodeAttribute.Of("axis", 2L));
    }
}
