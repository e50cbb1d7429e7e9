namespace Streaming.Models.Onnx.Graphs;

/// <summary>A cut below some layer: what flows through it.</summary>
/// <param name="Layer">The first layer above, counted from 0.</param>
/// <param name="Tensors">The residual stream, [1, tokens, hidden], as one tensor or as two whose sum it is.</param>
internal sealed record Boundary(int Layer, IReadOnlyList<string> Tensors);

/// <summary>Layers of a decoder as a graph of their own.</summary>
/// <param name="Entry">The tensors it reads in place of embeddings, those of the boundary below.</param>
/// <param name="Exit">The tensors of the boundary above; <c>logits</c> from the last part.</param>
/// <param name="Attention">Output with the attention that the last token pays in the last layer, [.., heads, keys]; null from the last part.</param>
internal sealed record DecoderSlice(OnnxGraph Graph, IReadOnlyList<string> Entry, IReadOnlyList<string> Exit, string? Attention);

/// <summary>
/// Cuts a decoder between layers. The residual stream is found by structure, not by name: it is the last place that everything
/// passes on its way to the layers above, because from there on queries, keys and values on the one hand and the residual sum
/// on the other take different ways.
/// </summary>
internal sealed class DecoderCut
{
    public const string Embeddings = "inputs_embeds", Logits = "logits", Positions = "position_ids";

    private readonly OnnxGraph _graph;
    private readonly ValueFlow _flow;
    private readonly HashSet<string> _hidden;

    /// <exception cref="UncuttableGraphException">The graph runs other graphs inside it, or has no cache or positions of its own.</exception>
    public DecoderCut(OnnxGraph graph)
    {
        _graph = graph = ExplicitRotary.Apply(graph);
        _flow = new ValueFlow(graph);
        _hidden = _flow.From(Embeddings);
        Layers = LayersOf(graph);
        if (graph.Nodes.Any(node => node.HasGraphs))
            throw new UncuttableGraphException("it chooses between graphs inside it");
        if (Layers == 0 || graph.Input(Embeddings) is null)
            throw new UncuttableGraphException($"it declares no {Embeddings} or no {PastKey(0)}");
        if (graph.Input(Positions) is null)
            throw new UncuttableGraphException($"it declares no {Positions}, so tokens could not keep theirs");
    }

    public int Layers { get; }

    public static int LayersOf(OnnxGraph graph) =>
        Enumerable.Range(0, int.MaxValue).TakeWhile(layer => graph.Input(PastKey(layer)) is not null).Count();

    /// <summary>Cuts the decoder below each of the layers.</summary>
    /// <param name="layers">In ascending order, each from 1 to <see cref="Layers"/> - 1.</param>
    /// <exception cref="UncuttableGraphException">There are too few layers, or there is no one residual stream at one of them.</exception>
    public IReadOnlyList<DecoderSlice> Below(IReadOnlyList<int> layers)
    {
        if (layers.Prepend(0).Zip(layers.Append(Layers)).Any(pair => pair.First >= pair.Second))
            throw new UncuttableGraphException($"it has {Layers} layers, which cannot be cut below {string.Join(", ", layers)}");
        Boundary[] boundaries =
            [new(0, [Embeddings]), .. layers.Select(layer => new Boundary(layer, Residual(layer))), new(Layers, [Logits])];
        return [.. boundaries.Zip(boundaries.Skip(1), Between)];
    }

    private DecoderSlice Between(Boundary lower, Boundary upper)
    {
        var graph = _graph;
        GraphValue[] exit = [.. upper.Tensors.Select(name => upper.Layer == Layers ? Declared(name) : GraphValue.Of(name, TypeOf(name)))];
        string? attention = null;
        if (upper.Layer < Layers)
            (graph, attention) = (LastAttention.Add(graph, _flow, upper.Layer - 1), LastAttention.Output);
        GraphValue[] outputs =
        [
            .. exit,
            .. graph.Outputs.Where(value => value.Name == attention),
            .. Cache(lower.Layer, upper.Layer).SelectMany(Presents).Select(Declared),
        ];
        var shape = _graph.Input(Embeddings)!;
        GraphValue[] entry = lower.Layer == 0 ? [] : [.. lower.Tensors.Select(name => shape.Like(name, TypeOf(name)))];
        var slice = (graph with { Nodes = [.. graph.Nodes.Select(node => OwnSizes(node, lower, upper))] }).Extract(entry, outputs);
        Refuse(slice, lower, upper);
        return new DecoderSlice(slice, lower.Tensors, upper.Tensors, attention);
    }

    /// <summary>The tensors that carry the residual stream into a layer.</summary>
    private IReadOnlyList<string> Residual(int layer)
    {
        string[] above = [Logits, .. Cache(layer, Layers).SelectMany(Presents)];
        var passage = _flow.LastPassage(Embeddings, above);
        if (passage is null || !passage.Outputs.Any(_flow.From(PastKey(layer - 1)).Contains))
            throw new UncuttableGraphException($"there is no one residual stream between layers {layer - 1} and {layer}");
        var read = _graph.Nodes.SelectMany(node => node.Inputs).ToHashSet();
        string[] used = [.. passage.Outputs.Where(read.Contains)];
        if (used.Length == 1)
            return used;
        // The operator adds and normalises in one; what it adds can be cut, what it has normalised can not.
        return passage.Is("SkipSimplifiedLayerNormalization", "SkipLayerNormalization")
            ? [passage.Input(0), passage.Input(1)]
            : throw new UncuttableGraphException($"{passage.Operator} between layers {layer - 1} and {layer} is not known");
    }

    /// <summary>Sizes that the graph reads off the embeddings or another layer's cache are read off the slice's own.</summary>
    private GraphNode OwnSizes(GraphNode node, Boundary lower, Boundary upper)
    {
        if (!node.Is("Shape"))
            return node;
        if (node.Input(0) == Embeddings)
            return node with { Inputs = [lower.Tensors[0]] };
        for (int layer = 0; layer < Layers; layer++)
            if (layer < lower.Layer || layer >= upper.Layer)
            {
                int same = Pasts(layer).Concat(Presents(layer)).ToList().IndexOf(node.Input(0));
                if (same >= 0)
                    return node with { Inputs = [Pasts(lower.Layer).Concat(Presents(lower.Layer)).ElementAt(same)] };
            }
        return node;
    }

    private void Refuse(OnnxGraph slice, Boundary lower, Boundary upper)
    {
        var known = Cache(lower.Layer, upper.Layer).SelectMany(Pasts).Concat(lower.Tensors).ToHashSet();
        var foreign = slice.Inputs.FirstOrDefault(
            value => !known.Contains(value.Name) && (value.Name == Embeddings || value.Name.StartsWith("past_key_values.", StringComparison.Ordinal)));
        if (foreign is not null)
            throw new UncuttableGraphException($"layers {lower.Layer} to {upper.Layer - 1} also read {foreign.Name}");
    }

    /// <summary>The type of a tensor of the residual stream: that of the first thing it was computed from whose type is known.</summary>
    private ElementType TypeOf(string tensor)
    {
        if (_graph.Values.Concat(_graph.Inputs).Concat(_graph.Outputs).FirstOrDefault(value => value.Name == tensor) is { Type: not ElementType.Unknown } known)
            return known.Type;
        if (_graph.Tensors.FirstOrDefault(constant => constant.Name == tensor) is { } weight)
            return weight.Type;
        return _flow.Producer(tensor) switch
        {
            { Operator: "Cast" } cast => (ElementType)(cast.Attribute("to")?.Integer ?? 0),
            { } node when node.Inputs.FirstOrDefault(_hidden.Contains) is { } source => TypeOf(source),
            _ => throw new UncuttableGraphException($"the type of {tensor} is not known"),
        };
    }

    private GraphValue Declared(string output) => _graph.Outputs.FirstOrDefault(value => value.Name == output)
        ?? throw new UncuttableGraphException($"it declares no {output}");

    private static IEnumerable<int> Cache(int first, int end) => Enumerable.Range(first, end - first);

    private static string PastKey(int layer) => $"past_key_values.{layer}.key";

    private static string[] Pasts(int layer) => [PastKey(layer), $"past_key_values.{layer}.value"];

    private static string[] Presents(int layer) => [$"present.{layer}.key", $"present.{layer}.value"];
}

/// <summary>The decoder's graph cannot be cut between layers; the message says why.</summary>
public sealed class UncuttableGraphException(string reason)
    : InvalidModelException($"The decoder cannot be cut between its layers: {reason}.");
