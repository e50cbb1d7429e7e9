namespace Streaming.Models.Onnx.Graphs;

/// <summary>Which tensor is computed from which. The size of a tensor is no value of it: nothing flows through Shape.</summary>
internal sealed class ValueFlow
{
    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly Dictionary<string, int> _producers = [];

    public ValueFlow(OnnxGraph graph)
    {
        _nodes = graph.Nodes;
        for (int i = 0; i < _nodes.Count; i++)
            foreach (string output in _nodes[i].Outputs.Where(name => name.Length > 0))
                _producers[output] = i;
    }

    /// <summary>The operation that computes a tensor; null for inputs and constants.</summary>
    public GraphNode? Producer(string tensor) => _producers.TryGetValue(tensor, out int index) ? _nodes[index] : null;

    /// <summary>All tensors that are computed from a tensor, itself included.</summary>
    public HashSet<string> From(string source)
    {
        var reached = new HashSet<string> { source };
        foreach (var node in _nodes)
            if (!node.Is("Shape", "Size") && node.Inputs.Any(reached.Contains))
                reached.UnionWith(node.Outputs.Where(name => name.Length > 0));
        return reached;
    }

    /// <summary>All tensors that a tensor is computed from, itself included.</summary>
    public HashSet<string> Into(string target)
    {
        var needed = new HashSet<string> { target };
        for (int i = _nodes.Count - 1; i >= 0; i--)
            if (!_nodes[i].Is("Shape", "Size") && _nodes[i].Outputs.Any(needed.Contains))
                needed.UnionWith(_nodes[i].Inputs.Where(name => name.Length > 0));
        needed.Remove("");
        return needed;
    }

    /// <summary>
    /// The last operation through which everything passes that flows from a source to any of the targets: their nearest common
    /// dominator. Null if some way avoids every operation that another takes.
    /// </summary>
    public GraphNode? LastPassage(string source, IEnumerable<string> targets)
    {
        var reached = From(source);
        // Per node its nearest dominator and how many dominators it has; -1 stands for the source.
        int[] dominator = new int[_nodes.Count], depth = new int[_nodes.Count];
        for (int i = 0; i < _nodes.Count; i++)
            if (_nodes[i].Outputs.Any(reached.Contains))
            {
                dominator[i] = Meet(_nodes[i].Inputs.Where(reached.Contains));
                depth[i] = dominator[i] < 0 ? 1 : depth[dominator[i]] + 1;
            }
        int last = Meet(targets.Where(reached.Contains));
        return last < 0 ? null : _nodes[last];

        int Meet(IEnumerable<string> tensors)
        {
            int? common = null;
            foreach (string tensor in tensors)
            {
                int producer = tensor == source ? -1 : _producers[tensor];
                common = common is { } one ? Nearest(one, producer) : producer;
            }
            return common ?? -1;
        }

        int Nearest(int one, int other)
        {
            while (one != other && one >= 0 && other >= 0)
                if (depth[one] >= depth[other])
                    one = dominator[one];
                else
                    other = dominator[other];
            return Math.Min(one, other);
        }
    }
}
