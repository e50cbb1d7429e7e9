namespace Streaming.Models.Shapes;

/// <summary>
/// Tells byte by byte whether a text can still become one of a pattern's: Thompson's automaton (1968), whose sets of states are made into
/// single ones when they are first reached. Not for several threads.
/// </summary>
internal sealed class ByteAutomaton
{
    /// <summary>The state that nothing leads out of.</summary>
    public const int Dead = -1;

    private const int Unknown = -2;

    /// <summary>A pattern with more states is none that anybody means.</summary>
    private const int MostStates = 200_000;

    private readonly List<(byte First, byte Last, int To)> _edges = [];
    private readonly List<List<int>> _jumps = [];
    private readonly int _accepting;
    private readonly List<(int[] Set, int[] Next)> _states = [];
    private readonly Dictionary<string, int> _known = [];

    /// <exception cref="ShapeException">The pattern is too large.</exception>
    public ByteAutomaton(BytePattern pattern)
    {
        int start = Add();
        _accepting = Build(pattern, start);
        Start = StateOf(Closure([start]));
    }

    public int Start { get; }

    /// <summary>What has been read is one of the pattern's texts.</summary>
    public bool IsWhole(int state) => _states[state].Set.AsSpan().BinarySearch(_accepting) >= 0;

    /// <returns>The state after one byte more, or <see cref="Dead"/>.</returns>
    public int Next(int state, byte value)
    {
        int[] next = _states[state].Next;
        if (next[value] == Unknown)
            next[value] = Follow(_states[state].Set, value);
        return next[value];
    }

    /// <summary>The one text that can still follow; null if there are several, or it is longer than anything that is told by its beginning.</summary>
    public byte[]? Rest(int state)
    {
        const int longest = 256;
        var rest = new List<byte>();
        while (rest.Count <= longest)
        {
            int[] ways = [.. Enumerable.Range(0, 256).Where(value => Next(state, (byte)value) != Dead).Take(2)];
            if (ways.Length == 0)
                return IsWhole(state) ? [.. rest] : null;
            if (ways.Length > 1 || IsWhole(state))
                return null;
            rest.Add((byte)ways[0]);
            state = Next(state, (byte)ways[0]);
        }
        return null;
    }

    private int Follow(int[] set, byte value)
    {
        int[] reached = [.. set.Where(node => _edges[node] is var edge && edge.To >= 0 && value >= edge.First && value <= edge.Last).Select(node => _edges[node].To)];
        return reached.Length == 0 ? Dead : StateOf(Closure(reached));
    }

    private int StateOf(int[] set)
    {
        string key = string.Join(',', set);
        if (!_known.TryGetValue(key, out int state))
        {
            _known[key] = state = _states.Count;
            var next = new int[256];
            next.AsSpan().Fill(Unknown);
            _states.Add((set, next));
        }
        return state;
    }

    /// <summary>What is reached without reading, in order.</summary>
    private int[] Closure(IEnumerable<int> nodes)
    {
        var reached = new SortedSet<int>();
        var open = new Stack<int>(nodes);
        while (open.TryPop(out int node))
            if (reached.Add(node))
                foreach (int to in _jumps[node])
                    open.Push(to);
        return [.. reached];
    }

    /// <returns>The node that a text of the pattern leads to from another.</returns>
    private int Build(BytePattern pattern, int from) => pattern switch
    {
        BytePattern.Bytes bytes => bytes.Content.Aggregate(from, (node, value) => Read(node, value, value)),
        BytePattern.Range range => Read(from, range.First, range.Last),
        BytePattern.Sequence sequence => sequence.Parts.Aggregate(from, (node, part) => Build(part, node)),
        BytePattern.Choice choice => Join(choice, from),
        BytePattern.Repeat repeat => Repeat(repeat, from),
        _ => throw new NotSupportedException(pattern.GetType().Name),
    };

    private int Join(BytePattern.Choice choice, int from)
    {
        int[] ends = [.. choice.Ways.Select(way => Build(way, Jump(from)))];
        int end = Add();
        foreach (int way in ends)
            _jumps[way].Add(end);
        return end;
    }

    private int Repeat(BytePattern.Repeat repeat, int from)
    {
        int node = from;
        for (int i = 0; i < repeat.Least; i++)
            node = Build(repeat.Part, node);
        int end = Add();
        if (repeat.Most is null)
        {
            int again = Jump(node);
            _jumps[Build(repeat.Part, again)].Add(again);
            _jumps[again].Add(end);
            return end;
        }
        for (int i = repeat.Least; i < repeat.Most; i++)
        {
            _jumps[node].Add(end);
            node = Build(repeat.Part, Jump(node));
        }
        _jumps[node].Add(end);
        return end;
    }

    private int Read(int from, byte first, byte last)
    {
        // A node reads in one way only.
        int node = _edges[from].To < 0 ? from : throw new InvalidOperationException("two ways out of one node");
        int to = Add();
        _edges[node] = (first, last, to);
        return to;
    }

    private int Jump(int from)
    {
        int to = Add();
        _jumps[from].Add(to);
        return to;
    }

    private int Add()
    {
        if (_edges.Count >= MostStates)
            throw new ShapeException("the schema is too large");
        _edges.Add((0, 0, -1));
        _jumps.Add([]);
        return _edges.Count - 1;
    }
}
