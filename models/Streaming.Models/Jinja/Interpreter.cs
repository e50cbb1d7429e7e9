using System.Text;

namespace Streaming.Models.Jinja;

/// <summary>Variables of a block and of those around it.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _values = [];

    public void Set(string name, object? value) => _values[name] = value;

    /// <summary>A variable that is made when it is first read: few templates ask where their loop stands.</summary>
    public void SetWhenRead(string name, Func<object?> value) => _values[name] = new Lazy<object?>(value, LazyThreadSafetyMode.None);

    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope._values.TryGetValue(name, out object? value))
                return value is Lazy<object?> unread ? unread.Value : value;
        return Undefined.Value;
    }

    private Scope? Outer { get; } = outer;
}

/// <summary>Runs statements; one instance renders one template once.</summary>
internal sealed class Interpreter
{
    private enum Flow { Next, Break, Continue }

    private StringBuilder _output = new();

    public string Render(IReadOnlyList<Statement> body, Scope scope)
    {
        Run(body, scope);
        return _output.ToString();
    }

    private Flow Run(IReadOnlyList<Statement> body, Scope scope)
    {
        foreach (var statement in body)
            if (Run(statement, scope) is var flow and not Flow.Next)
                return flow;
        return Flow.Next;
    }

    private Flow Run(Statement statement, Scope scope)
    {
        Bounds.Nesting();
        Bounds.Spend(1);
        switch (statement)
        {
            case Verbatim text:
                Write(text.Text);
                return Flow.Next;
            case Output output:
                Write(Value.Text(Evaluator.Evaluate(output.Value, scope)));
                return Flow.Next;
            case If choice:
                return Run(Value.Truth(Evaluator.Evaluate(choice.Condition, scope)) ? choice.Then : choice.Else, scope);
            case For loop:
                return Loop(loop, scope);
            case Set set:
                Assign(set, scope);
                return Flow.Next;
            case SetBlock block:
                scope.Set(block.Name, Captured(block.Body, scope));
                return Flow.Next;
            case Generation generation:
                return Run(generation.Body, scope);
            case Break:
                return Flow.Break;
            default:
                return Flow.Continue;
        }
    }

    private void Write(string text)
    {
        Bounds.Text(text.Length);
        _output.Append(text);
    }

    private Flow Loop(For loop, Scope scope)
    {
        var items = new List<object?>();
        foreach (object? item in Value.Items(Evaluator.Evaluate(loop.Items, scope)))
            if (loop.Filter is null || Value.Truth(Evaluator.Evaluate(loop.Filter, Bound(loop, item, scope))))
                items.Add(item);
        for (int i = 0; i < items.Count; i++)
        {
            Bounds.Spend(1);
            var inner = Bound(loop, items[i], scope);
            int index = i;
            inner.SetWhenRead("loop", () => LoopVariables(items, index));
            if (Run(loop.Body, inner) == Flow.Break)
                break;
        }
        return items.Count == 0 ? Run(loop.Else, scope) : Flow.Next;
    }

    private static Scope Bound(For loop, object? item, Scope scope)
    {
        var inner = new Scope(scope);
        Bind(loop.Names, item, inner);
        return inner;
    }

    private static Dictionary<string, object?> LoopVariables(List<object?> items, int i) => new()
    {
        ["index"] = i + 1L,
        ["index0"] = (long)i,
        ["revindex"] = (long)(items.Count - i),
        ["revindex0"] = items.Count - i - 1L,
        ["first"] = i == 0,
        ["last"] = i == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = i > 0 ? items[i - 1] : Undefined.Value,
        ["nextitem"] = i + 1 < items.Count ? items[i + 1] : Undefined.Value,
    };

    private static void Assign(Set set, Scope scope)
    {
        object? value = Evaluator.Evaluate(set.Value, scope);
        if (set.Attribute is null)
            Bind(set.Names, value, scope);
        else if (scope.Get(set.Names[0]) is Dictionary<string, object?> space)
            space[set.Attribute] = value;
        else
            throw new TemplateException($"\"{set.Names[0]}\" is no namespace.");
    }

    private static void Bind(IReadOnlyList<string> names, object? value, Scope scope)
    {
        if (names.Count == 1)
        {
            scope.Set(names[0], value);
            return;
        }
        object?[] parts = [.. Value.Items(value)];
        if (parts.Length != names.Count)
            throw new TemplateException($"{parts.Length} values do not unpack into {names.Count} names.");
        for (int i = 0; i < parts.Length; i++)
            scope.Set(names[i], parts[i]);
    }

    private string Captured(IReadOnlyList<Statement> body, Scope scope)
    {
        var outer = _output;
        _output = new StringBuilder();
        Run(body, scope);
        string text = _output.ToString();
        _output = outer;
        return text;
    }
}
