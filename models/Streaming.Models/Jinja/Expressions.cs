namespace Streaming.Models.Jinja;

/// <summary>Expressions by descending precedence, one method a level, as in Jinja2's parser.</summary>
internal static class Expressions
{
    public static Expression Parse(TokenReader reader)
    {
        var value = ParseWithoutTernary(reader);
        while (reader.TakeName("if"))
        {
            var condition = ParseWithoutTernary(reader);
            value = new Ternary(condition, value, reader.TakeName("else") ? Parse(reader) : null);
        }
        return value;
    }

    public static Expression ParseWithoutTernary(TokenReader reader)
    {
        Bounds.Nesting();
        var left = And(reader);
        while (reader.TakeName("or"))
            left = new Binary("or", left, And(reader));
        return left;
    }

    private static Expression And(TokenReader reader)
    {
        var left = Not(reader);
        while (reader.TakeName("and"))
            left = new Binary("and", left, Not(reader));
        return left;
    }

    private static Expression Not(TokenReader reader)
    {
        Bounds.Nesting();
        return reader.TakeName("not") ? new Unary("not", Not(reader)) : Comparison(reader);
    }

    private static Expression Comparison(TokenReader reader)
    {
        var left = Additive(reader);
        while (true)
        {
            if (TakeAny(reader, "==", "!=", "<=", ">=", "<", ">") is { } symbol)
                left = new Binary(symbol, left, Additive(reader));
            else if (reader.TakeName("in"))
                left = new Binary("in", left, Additive(reader));
            else if (reader.Current.Text == "not" && reader.Peek(1).Text == "in")
            {
                reader.Next();
                reader.Next();
                left = new Unary("not", new Binary("in", left, Additive(reader)));
            }
            else
                return left;
        }
    }

    private static Expression Additive(TokenReader reader)
    {
        var left = Concatenation(reader);
        while (TakeAny(reader, "+", "-") is { } symbol)
            left = new Binary(symbol, left, Concatenation(reader));
        return left;
    }

    private static Expression Concatenation(TokenReader reader)
    {
        var left = Multiplicative(reader);
        while (reader.TakeSymbol("~"))
            left = new Binary("~", left, Multiplicative(reader));
        return left;
    }

    private static Expression Multiplicative(TokenReader reader)
    {
        var left = Prefix(reader);
        while (TakeAny(reader, "*", "//", "/", "%") is { } symbol)
            left = new Binary(symbol, left, Prefix(reader));
        return left;
    }

    /// <summary>A sign binds looser than members and calls, tighter than filters and tests: <c>-2 | abs</c> is 2.</summary>
    private static Expression Prefix(TokenReader reader) => Filtered(reader, Signed(reader));

    private static Expression Signed(TokenReader reader)
    {
        Bounds.Nesting();
        return TakeAny(reader, "-", "+") is { } symbol ? new Unary(symbol, Signed(reader)) : Reached(reader, Primary(reader));
    }

    private static Expression Reached(TokenReader reader, Expression value)
    {
        while (true)
        {
            if (reader.TakeSymbol("."))
                value = new Member(value, new Literal(reader.Next() is { Kind: TokenKind.Name } name ? name.Text : throw Unexpected(reader)));
            else if (reader.TakeSymbol("["))
                value = Subscript(reader, value);
            else if (reader.TakeSymbol("("))
                value = new Call(value, ParseArguments(reader));
            else
                return value;
        }
    }

    private static Expression Filtered(TokenReader reader, Expression value)
    {
        while (true)
        {
            if (reader.TakeSymbol("|"))
                value = new FilterOf(value, reader.Expect(TokenKind.Name).Text, OptionalArguments(reader));
            else if (reader.TakeName("is"))
                value = Test(reader, value);
            else if (reader.Current.Text is "." or "[" && reader.Current.Kind == TokenKind.Symbol)
                value = Reached(reader, value);
            else
                return value;
        }
    }

    /// <summary>A test takes arguments in brackets, or one plain value: <c>is divisibleby 3</c>.</summary>
    private static TestOf Test(TokenReader reader, Expression operand)
    {
        bool negated = reader.TakeName("not");
        string name = reader.Expect(TokenKind.Name).Text;
        bool bare = reader.Current.Kind == TokenKind.Literal
            || (reader.Current.Kind == TokenKind.Name && reader.Current.Text is not ("and" or "or" or "else" or "if" or "is" or "in" or "not"));
        var arguments = bare ? new Arguments([Primary(reader)], Arguments.None.Named) : OptionalArguments(reader);
        return new TestOf(operand, name, arguments, negated);
    }

    private static Expression Subscript(TokenReader reader, Expression target)
    {
        var start = reader.Current.Text == ":" ? null : Parse(reader);
        if (reader.TakeSymbol("]"))
            return new Member(target, start!);
        reader.ExpectSymbol(":");
        var stop = reader.Current.Text is ":" or "]" ? null : Parse(reader);
        var step = reader.TakeSymbol(":") && reader.Current.Text != "]" ? Parse(reader) : null;
        reader.ExpectSymbol("]");
        return new SliceOf(target, start, stop, step);
    }

    private static Arguments OptionalArguments(TokenReader reader) => reader.TakeSymbol("(") ? ParseArguments(reader) : Arguments.None;

    private static Arguments ParseArguments(TokenReader reader)
    {
        var positional = new List<Expression>();
        var named = new Dictionary<string, Expression>();
        while (!reader.TakeSymbol(")"))
        {
            if (reader.Current.Kind == TokenKind.Name && reader.Peek(1) is { Kind: TokenKind.Symbol, Text: "=" })
            {
                string name = reader.Next().Text;
                reader.Next();
                named[name] = Parse(reader);
            }
            else
                positional.Add(Parse(reader));
            if (!reader.TakeSymbol(",") && reader.Current.Text != ")")
                throw Unexpected(reader);
        }
        return new Arguments(positional, named);
    }

    private static Expression Primary(TokenReader reader)
    {
        var token = reader.Next();
        return token switch
        {
            { Kind: TokenKind.Literal } => new Literal(token.Value),
            { Kind: TokenKind.Name, Text: "true" or "True" } => new Literal(true),
            { Kind: TokenKind.Name, Text: "false" or "False" } => new Literal(false),
            { Kind: TokenKind.Name, Text: "none" or "None" } => new Literal(null),
            { Kind: TokenKind.Name } => new Name(token.Text),
            { Kind: TokenKind.Symbol, Text: "(" } => Bracketed(reader),
            { Kind: TokenKind.Symbol, Text: "[" } => new ListOf(Items(reader, "]")),
            { Kind: TokenKind.Symbol, Text: "{" } => Dictionary(reader),
            _ => throw new TemplateException($"\"{token.Text}\" is not an expression."),
        };
    }

    private static Expression Bracketed(TokenReader reader)
    {
        if (reader.TakeSymbol(")"))
            return new ListOf([]);
        var first = Parse(reader);
        if (reader.TakeSymbol(")"))
            return first;
        reader.ExpectSymbol(",");
        return new ListOf([first, .. Items(reader, ")")]);
    }

    private static List<Expression> Items(TokenReader reader, string close)
    {
        var items = new List<Expression>();
        while (!reader.TakeSymbol(close))
        {
            items.Add(Parse(reader));
            if (!reader.TakeSymbol(",") && reader.Current.Text != close)
                throw Unexpected(reader);
        }
        return items;
    }

    private static DictOf Dictionary(TokenReader reader)
    {
        var items = new List<(Expression, Expression)>();
        while (!reader.TakeSymbol("}"))
        {
            var key = Parse(reader);
            reader.ExpectSymbol(":");
            items.Add((key, Parse(reader)));
            if (!reader.TakeSymbol(",") && reader.Current.Text != "}")
                throw Unexpected(reader);
        }
        return new DictOf(items);
    }

    private static string? TakeAny(TokenReader reader, params ReadOnlySpan<string> symbols)
    {
        foreach (string symbol in symbols)
            if (reader.TakeSymbol(symbol))
                return symbol;
        return null;
    }

    private static TemplateException Unexpected(TokenReader reader) => new($"\"{reader.Current.Text}\" is unexpected.");
}
