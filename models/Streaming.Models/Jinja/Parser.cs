namespace Streaming.Models.Jinja;

/// <summary>Statements: text, output, and the block tags of the subset.</summary>
internal sealed class Parser(IReadOnlyList<Token> tokens)
{
    private readonly TokenReader _reader = new(tokens);

    public IReadOnlyList<Statement> ParseTemplate()
    {
        var body = ParseBody();
        return _reader.Current.Kind == TokenKind.End ? body : throw new TemplateException($"\"{_reader.Peek(1).Text}\" has no opening tag.");
    }

    /// <summary>Statements up to the end or to a block tag that starts with one of the names, which stays unread.</summary>
    private List<Statement> ParseBody(params string[] until)
    {
        var body = new List<Statement>();
        while (_reader.Current.Kind != TokenKind.End)
        {
            if (_reader.Current.Kind == TokenKind.OpenBlock && (until.Contains(_reader.Peek(1).Text) || IsStray(_reader.Peek(1).Text)))
                return body;
            body.Add(ParseStatement());
        }
        return until.Length == 0 ? body : throw new TemplateException($"\"{until[^1]}\" is missing.");
    }

    private static bool IsStray(string name) => name.StartsWith("end", StringComparison.Ordinal) || name is "else" or "elif";

    private Statement ParseStatement()
    {
        Bounds.Nesting();
        var token = _reader.Next();
        if (token.Kind == TokenKind.Text)
            return new Verbatim(token.Text);
        if (token.Kind == TokenKind.OpenOutput)
        {
            var value = Expressions.Parse(_reader);
            _reader.Expect(TokenKind.CloseOutput);
            return new Output(value);
        }
        string name = _reader.Expect(TokenKind.Name).Text;
        return name switch
        {
            "if" => ParseIf(),
            "for" => ParseFor(),
            "set" => ParseSet(),
            "generation" => new Generation(ParseBlock("endgeneration")),
            "break" => Bare(new Break()),
            "continue" => Bare(new Continue()),
            _ => throw new TemplateException($"the tag \"{name}\" is not supported."),
        };
    }

    private Statement Bare(Statement statement)
    {
        _reader.Expect(TokenKind.CloseBlock);
        return statement;
    }

    private List<Statement> ParseBlock(string end)
    {
        _reader.Expect(TokenKind.CloseBlock);
        var body = ParseBody(end);
        CloseWith(end);
        return body;
    }

    private void CloseWith(string end)
    {
        _reader.Expect(TokenKind.OpenBlock);
        if (_reader.Expect(TokenKind.Name).Text != end)
            throw new TemplateException($"\"{end}\" is missing.");
        _reader.Expect(TokenKind.CloseBlock);
    }

    private If ParseIf()
    {
        Bounds.Nesting();
        var condition = Expressions.Parse(_reader);
        _reader.Expect(TokenKind.CloseBlock);
        var then = ParseBody("elif", "else", "endif");
        if (_reader.Peek(1).Text == "elif")
        {
            _reader.Next();
            _reader.Next();
            return new If(condition, then, [ParseIf()]);
        }
        return new If(condition, then, ParseElse("endif"));
    }

    private List<Statement> ParseElse(string end)
    {
        var otherwise = new List<Statement>();
        if (_reader.Peek(1).Text == "else")
        {
            _reader.Next();
            _reader.Next();
            _reader.Expect(TokenKind.CloseBlock);
            otherwise = ParseBody(end);
        }
        CloseWith(end);
        return otherwise;
    }

    private For ParseFor()
    {
        var names = ParseNames();
        if (!_reader.TakeName("in"))
            throw new TemplateException("a loop has no \"in\".");
        var items = Expressions.ParseWithoutTernary(_reader);
        var filter = _reader.TakeName("if") ? Expressions.Parse(_reader) : null;
        _reader.Expect(TokenKind.CloseBlock);
        var body = ParseBody("else", "endfor");
        return new For(names, items, filter, body, ParseElse("endfor"));
    }

    private Statement ParseSet()
    {
        var names = ParseNames();
        string? attribute = _reader.TakeSymbol(".") ? _reader.Expect(TokenKind.Name).Text : null;
        if (_reader.TakeSymbol("="))
        {
            var value = Expressions.Parse(_reader);
            _reader.Expect(TokenKind.CloseBlock);
            return new Set(names, attribute, value);
        }
        return new SetBlock(names.Single(), ParseBlock("endset"));
    }

    private List<string> ParseNames()
    {
        bool bracketed = _reader.TakeSymbol("(");
        var names = new List<string> { _reader.Expect(TokenKind.Name).Text };
        while (_reader.TakeSymbol(","))
            names.Add(_reader.Expect(TokenKind.Name).Text);
        if (bracketed && !_reader.TakeSymbol(")"))
            throw new TemplateException("\")\" is missing.");
        return names;
    }
}

/// <summary>A place in the tokens.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Peek(int ahead) => tokens[Math.Min(_at + ahead, tokens.Count - 1)];

    public Token Next() => Current.Kind == TokenKind.End ? throw new TemplateException("it ends too early.") : tokens[_at++];

    public Token Expect(TokenKind kind) =>
        Current.Kind == kind ? Next() : throw new TemplateException($"\"{Current.Text}\" stands where a {kind} should.");

    public bool TakeSymbol(string symbol) => Take(TokenKind.Symbol, symbol);

    public bool TakeName(string name) => Take(TokenKind.Name, name);

    public void ExpectSymbol(string symbol)
    {
        if (!TakeSymbol(symbol))
            throw new TemplateException($"\"{symbol}\" is missing before \"{Current.Text}\".");
    }

    private bool Take(TokenKind kind, string text)
    {
        bool found = Current.Kind == kind && Current.Text == text;
        if (found)
            _at++;
        return found;
    }
}
