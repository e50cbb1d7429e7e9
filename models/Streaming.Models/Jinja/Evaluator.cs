namespace Streaming.Models.Jinja;

/// <summary>The value of an expression in a scope.</summary>
internal static class Evaluator
{
    public static object? Evaluate(Expression expression, Scope scope)
    {
        Bounds.Nesting();
        return Bounds.Made(Compute(expression, scope));
    }

    private static object? Compute(Expression expression, Scope scope) => expression switch
    {
        Literal literal => literal.Value,
        Name name => scope.Get(name.Identifier),
        ListOf list => list.Items.Select(item => Evaluate(item, scope)).ToList(),
        DictOf map => map.Items.ToDictionary(item => Value.Text(Evaluate(item.Key, scope)), item => Evaluate(item.Value, scope)),
        Member member => At(Evaluate(member.Target, scope), Evaluate(member.Key, scope)),
        SliceOf slice => Slice(slice, scope),
        Call call => Invoke(call, scope),
        FilterOf filter => Filters.Apply(filter.Filter, Evaluate(filter.Operand, scope), new CallValues(filter.Arguments, scope)),
        TestOf test => Tests.Holds(test.Test, Evaluate(test.Operand, scope), new CallValues(test.Arguments, scope)) != test.Negated,
        Unary { Operator: "not" } unary => !Value.Truth(Evaluate(unary.Operand, scope)),
        Unary { Operator: "-" } unary => Negate(Evaluate(unary.Operand, scope)),
        Unary unary => Evaluate(unary.Operand, scope),
        Binary binary => Combine(binary, scope),
        Ternary choice => Value.Truth(Evaluate(choice.Condition, scope)) ? Evaluate(choice.Then, scope)
            : choice.Else is null ? Undefined.Value : Evaluate(choice.Else, scope),
        _ => throw new TemplateException($"{expression.GetType().Name} is not supported."),
    };

    /// <summary>An item by key or index; missing ones are undefined, anything of an undefined value is an error.</summary>
    public static object? At(object? target, object? key) => (target, key) switch
    {
        (Dictionary<string, object?> map, string name) => map.TryGetValue(name, out object? value) ? value : Undefined.Value,
        (List<object?> list, long index) => (index < 0 ? index + list.Count : index) is var i && i >= 0 && i < list.Count
            ? list[(int)i] : Undefined.Value,
        (string text, long index) => At(Value.Items(text).ToList(), index),
        (Undefined or null, _) => throw new TemplateException($"\"{Value.Text(key)}\" of a value that is not there."),
        _ => Undefined.Value,
    };

    private static object? Negate(object? value) => value is long number ? (object)-number : -Value.Number(value);

    private static object? Invoke(Call call, Scope scope)
    {
        var values = new CallValues(call.Arguments, scope);
        if (call.Target is Name function)
            return Functions.Call(function.Identifier, values);
        if (call.Target is Member { Key: Literal { Value: string method } } member)
            return Methods.Call(Evaluate(member.Target, scope), method, values);
        throw new TemplateException("only functions and methods can be called.");
    }

    private static object? Combine(Binary binary, Scope scope)
    {
        object? left = Evaluate(binary.Left, scope);
        if (binary.Operator == "and")
            return Value.Truth(left) ? Evaluate(binary.Right, scope) : left;
        if (binary.Operator == "or")
            return Value.Truth(left) ? left : Evaluate(binary.Right, scope);
        object? right = Evaluate(binary.Right, scope);
        return binary.Operator switch
        {
            "==" => Value.Equals(left, right),
            "!=" => !Value.Equals(left, right),
            "in" => Value.Contains(right, left),
            "~" => Joined(Value.Text(left), Value.Text(right)),
            "<" or ">" or "<=" or ">=" => Compare(binary.Operator, left, right),
            "+" => Add(left, right),
            _ => Calculate(binary.Operator, left, right),
        };
    }

    private static bool Compare(string symbol, object? left, object? right)
    {
        int order = left is string a && right is string b ? string.CompareOrdinal(a, b) : Value.Number(left).CompareTo(Value.Number(right));
        return symbol switch { "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };
    }

    private static object? Add(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => Joined(a, b),
        (string a, Undefined) => a,
        (Undefined, string b) => b,
        (string, _) or (_, string) => throw new TemplateException($"\"{Value.Text(left)}\" + \"{Value.Text(right)}\" mixes text and other values."),
        (List<object?> a, List<object?> b) => a.Concat(b).ToList(),
        _ => Calculate("+", left, right),
    };

    private static string Joined(string left, string right)
    {
        Bounds.Text((long)left.Length + right.Length);
        return left + right;
    }

    private static object? Calculate(string symbol, object? left, object? right)
    {
        if (left is long a && right is long b && symbol != "/")
            return symbol switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "//" => (long)Math.Floor((double)a / b),
                _ => ((a % b) + b) % b,
            };
        double x = Value.Number(left), y = Value.Number(right);
        return symbol switch { "+" => x + y, "-" => x - y, "*" => x * y, "/" => x / y, "//" => Math.Floor(x / y), _ => x - (y * Math.Floor(x / y)) };
    }

    private static object? Slice(SliceOf slice, Scope scope)
    {
        object? target = Evaluate(slice.Target, scope);
        var items = Value.Items(target).ToList();
        long step = Bound(slice.Step, scope) ?? 1;
        if (step == 0)
            throw new TemplateException("a slice has the step 0.");
        int count = items.Count;
        long start = Clamp(Bound(slice.Start, scope), step > 0 ? 0 : count - 1, count, step);
        long stop = Clamp(Bound(slice.Stop, scope), step > 0 ? count : -1, count, step);
        var taken = new List<object?>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step)
            taken.Add(items[(int)i]);
        return target is string ? string.Concat(taken) : taken;
    }

    private static long? Bound(Expression? expression, Scope scope) => expression is null ? null : (long)Value.Number(Evaluate(expression, scope));

    private static long Clamp(long? bound, long absent, int count, long step) =>
        bound is not { } value ? absent : Math.Clamp(value < 0 ? value + count : value, step > 0 ? 0 : -1, step > 0 ? count : count - 1);
}

/// <summary>The evaluated arguments of a call.</summary>
internal sealed class CallValues(Arguments arguments, Scope scope)
{
    public int Count => arguments.Positional.Count;

    public bool Has(int index, string name) => index < Count || arguments.Named.ContainsKey(name);

    /// <summary>The argument at a position or by its name; the default if it is not given.</summary>
    public object? Get(int index, string name = "", object? absent = null) =>
        index < Count ? Evaluator.Evaluate(arguments.Positional[index], scope)
        : arguments.Named.TryGetValue(name, out var named) ? Evaluator.Evaluate(named, scope)
        : absent;

    public string Text(int index, string name = "", string absent = "") => Value.Text(Get(index, name, absent));

    public IEnumerable<(string Name, object? Value)> Named =>
        arguments.Named.Select(pair => (pair.Key, Evaluator.Evaluate(pair.Value, scope)));
}
