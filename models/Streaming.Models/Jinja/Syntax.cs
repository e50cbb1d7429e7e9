namespace Streaming.Models.Jinja;

internal abstract record Statement;

internal sealed record Output(Expression Value) : Statement;

internal sealed record Verbatim(string Text) : Statement;

internal sealed record If(Expression Condition, IReadOnlyList<Statement> Then, IReadOnlyList<Statement> Else) : Statement;

internal sealed record For(
    IReadOnlyList<string> Names, Expression Items, Expression? Filter, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else) : Statement;

/// <summary>Assigns to one name, to several that unpack a sequence, or to an attribute of a namespace.</summary>
internal sealed record Set(IReadOnlyList<string> Names, string? Attribute, Expression Value) : Statement;

internal sealed record SetBlock(string Name, IReadOnlyList<Statement> Body) : Statement;

/// <summary>{% generation %}: marks the assistant's words for training and renders as its body.</summary>
internal sealed record Generation(IReadOnlyList<Statement> Body) : Statement;

internal sealed record Break : Statement;

internal sealed record Continue : Statement;

internal abstract record Expression;

internal sealed record Literal(object? Value) : Expression;

internal sealed record Name(string Identifier) : Expression;

internal sealed record ListOf(IReadOnlyList<Expression> Items) : Expression;

internal sealed record DictOf(IReadOnlyList<(Expression Key, Expression Value)> Items) : Expression;

internal sealed record Member(Expression Target, Expression Key) : Expression;

internal sealed record SliceOf(Expression Target, Expression? Start, Expression? Stop, Expression? Step) : Expression;

internal sealed record Call(Expression Target, Arguments Arguments) : Expression;

internal sealed record FilterOf(Expression Operand, string Filter, Arguments Arguments) : Expression;

internal sealed record TestOf(Expression Operand, string Test, Arguments Arguments, bool Negated) : Expression;

internal sealed record Unary(string Operator, Expression Operand) : Expression;

internal sealed record Binary(string Operator, Expression Left, Expression Right) : Expression;

internal sealed record Ternary(Expression Condition, Expression Then, Expression? Else) : Expression;

internal sealed record Arguments(IReadOnlyList<Expression> Positional, IReadOnlyDictionary<string, Expression> Named)
{
    public static readonly Arguments None = new([], new Dictionary<string, Expression>());
}
