using System.Text;

namespace Streaming.Models.Shapes;

/// <summary>An answer in the making that has to come out in a shape: which tokens may come next. Not for several threads.</summary>
public sealed class ShapedAnswer
{
    private readonly ByteAutomaton _automaton;
    private readonly TokenTree _tree;
    private readonly Tokenizer _tokenizer;
    private readonly IReadOnlyList<int> _ends;
    private readonly Dictionary<int, (bool[] Allowed, bool IsAny)> _masks = [];
    private int _state;

    /// <param name="ends">The tokens that end an answer.</param>
    public ShapedAnswer(AnswerShape shape, TokenTree tree, Tokenizer tokenizer, IReadOnlyList<int> ends)
    {
        (_automaton, _tree, _tokenizer, _ends) = (new ByteAutomaton(shape.Pattern), tree, tokenizer, ends);
        _state = _automaton.Start;
    }

    /// <summary>It is whole, and no longer text is in shape.</summary>
    public bool IsOver => _automaton.IsWhole(_state) && !Mask().IsAny;

    /// <summary>The only text that it can still become, less what has been written: the model need not be asked for it. Null where there is a choice, or a character is half written.</summary>
    public string? Rest => _automaton.Rest(_state) is { } rest && (rest.Length == 0 || (rest[0] & 0xC0) != 0x80) ? Encoding.UTF8.GetString(rest) : null;

    /// <summary>[tokens], true for those that may come next; an end token only where the answer is whole.</summary>
    /// <exception cref="ShapeException">The vocabulary has no token that goes on.</exception>
    public ReadOnlySpan<bool> Allowed
    {
        get
        {
            (bool[] allowed, bool isAny) = Mask();
            return isAny || _automaton.IsWhole(_state) ? allowed : throw new ShapeException("the model has no tokens that write it");
        }
    }

    /// <summary>A token that was allowed has been written.</summary>
    public void Take(int token)
    {
        foreach (byte value in _tokenizer.BytesOf(token))
            _state = _automaton.Next(_state, value);
    }

    private (bool[] Allowed, bool IsAny) Mask()
    {
        if (!_masks.TryGetValue(_state, out var mask))
        {
            var allowed = new bool[_tree.Size];
            bool isAny = _tree.Mark(_automaton, _state, allowed);
            if (_automaton.IsWhole(_state))
                foreach (int end in _ends)
                    allowed[end] = true;
            _masks[_state] = mask = (allowed, isAny);
        }
        return mask;
    }
}
