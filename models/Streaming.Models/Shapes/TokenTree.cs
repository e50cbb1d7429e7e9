namespace Streaming.Models.Shapes;

/// <summary>The tokens of a vocabulary by what they write, byte after byte: those that begin alike are looked at together. Immutable.</summary>
public sealed class TokenTree
{
    private readonly List<List<(byte Value, int Node)>> _children = [[]];
    private readonly List<List<int>> _tokens = [[]];

    public TokenTree(Tokenizer tokenizer)
    {
        Size = tokenizer.VocabularySize;
        for (int token = 0; token < Size; token++)
        {
            ReadOnlySpan<byte> bytes = tokenizer.BytesOf(token);
            if (bytes.Length > 0)
                Add(bytes, token);
        }
    }

    /// <summary>One more than the largest token id.</summary>
    public int Size { get; }

    /// <summary>Marks the tokens after which a text can still become one of the automaton's.</summary>
    /// <param name="allowed">[size], false.</param>
    /// <returns>Whether there is one.</returns>
    internal bool Mark(ByteAutomaton automaton, int state, bool[] allowed)
    {
        bool isAny = false;
        var open = new Stack<(int Node, int State)>([(0, state)]);
        while (open.TryPop(out var at))
        {
            foreach (int token in _tokens[at.Node])
                isAny = allowed[token] = true;
            foreach (var (value, node) in _children[at.Node])
                if (automaton.Next(at.State, value) is var next && next != ByteAutomaton.Dead)
                    open.Push((node, next));
        }
        return isAny;
    }

    private void Add(ReadOnlySpan<byte> bytes, int token)
    {
        int node = 0;
        foreach (byte value in bytes)
        {
            int child = _children[node].Find(one => one.Value == value).Node;
            if (child == 0)
            {
                child = _children.Count;
                _children[node].Add((value, child));
                _children.Add([]);
                _tokens.Add([]);
            }
            node = child;
        }
        _tokens[node].Add(token);
    }
}
