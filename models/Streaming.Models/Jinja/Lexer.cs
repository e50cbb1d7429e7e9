using System.Globalization;
using System.Text;

namespace Streaming.Models.Jinja;

internal enum TokenKind { Text, OpenOutput, CloseOutput, OpenBlock, CloseBlock, Name, Literal, Symbol, End }

internal readonly record struct Token(TokenKind Kind, string Text, object? Value = null);

/// <summary>
/// Cuts a template into text and the tokens inside its tags. A block tag takes the spaces before it on its line (lstrip_blocks) and the
/// newline after it (trim_blocks) with it; a minus takes all white space on its side.
/// </summary>
internal sealed class Lexer
{
    private static readonly string[] Symbols =
        ["==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|"];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _atLineStart = true;

    private Lexer(string source) => _source = source;

    public static IReadOnlyList<Token> Read(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal);
        var lexer = new Lexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        int textStart = 0;
        while (NextTag() is var tag && tag >= 0)
        {
            char kind = _source[tag + 1];
            AddText(_source[textStart..tag], kind, At(tag + 2));
            _at = tag + 2;
            if (At(_at) is '-' or '+')
                _at++;
            bool trims = ReadTag(kind);
            textStart = _at = SkipAfter(kind, trims);
        }
        AddText(_source[textStart..], ' ', ' ');
        _tokens.Add(new Token(TokenKind.End, ""));
    }

    /// <summary>NUL beyond the end.</summary>
    private char At(int index) => index < _source.Length ? _source[index] : '\0';

    private int NextTag()
    {
        for (int i = _at; i + 1 < _source.Length; i++)
            if (_source[i] == '{' && _source[i + 1] is '{' or '%' or '#')
                return i;
        return -1;
    }

    private void AddText(string text, char kind, char control)
    {
        if (control == '-')
            text = text.TrimEnd();
        else if (kind is '%' or '#' && control != '+')
            text = WithoutIndent(text);
        if (text.Length > 0)
            _tokens.Add(new Token(TokenKind.Text, text));
    }

    /// <summary>Drops the spaces between the line's start and the tag; what precedes the text ended a line only if it was a tag that
    /// took its newline, so an indent without newline counts only at the template's start or after such a tag.</summary>
    private string WithoutIndent(string text)
    {
        string trimmed = text.TrimEnd(' ', '\t');
        int before = trimmed.Length;
        if (before > 0)
            return trimmed[^1] == '\n' ? trimmed : text;
        return _atLineStart ? "" : text;
    }

    /// <summary>Reads up to and over the closing of a tag; true if it trims the white space after it.</summary>
    private bool ReadTag(char kind)
    {
        if (kind == '#')
        {
            int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
            if (end < 0)
                throw new TemplateException("a comment is not closed.");
            _at = end + 2;
            return _source[end - 1] == '-';
        }
        _tokens.Add(new Token(kind == '{' ? TokenKind.OpenOutput : TokenKind.OpenBlock, ""));
        string close = kind == '{' ? "}}" : "%}";
        for (int braces = 0; ;)
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
                _at++;
            bool trims = braces == 0 && Ahead("-" + close);
            if (trims || (braces == 0 && Ahead(close)))
            {
                _at += close.Length + (trims ? 1 : 0);
                _tokens.Add(new Token(kind == '{' ? TokenKind.CloseOutput : TokenKind.CloseBlock, ""));
                return trims;
            }
            ReadToken();
            braces += _tokens[^1] switch { { Kind: TokenKind.Symbol, Text: "{" } => 1, { Kind: TokenKind.Symbol, Text: "}" } => -1, _ => 0 };
        }
    }

    private int SkipAfter(char kind, bool trims)
    {
        int next = _at;
        _atLineStart = false;
        if (trims)
        {
            while (next < _source.Length && char.IsWhiteSpace(_source[next]))
                next++;
            _atLineStart = next > 0 && _source[next - 1] == '\n';
        }
        else if (kind != '{' && next < _source.Length && _source[next] == '\n')
        {
            next++;
            _atLineStart = true;
        }
        return next;
    }

    private bool Ahead(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    private void ReadToken()
    {
        if (_at >= _source.Length)
            throw new TemplateException("a tag is not closed.");
        char c = _source[_at];
        if (c is '\'' or '"')
            _tokens.Add(new Token(TokenKind.Literal, "", ReadString(c)));
        else if (char.IsAsciiDigit(c))
            _tokens.Add(new Token(TokenKind.Literal, "", ReadNumber()));
        else if (char.IsLetter(c) || c == '_')
            _tokens.Add(new Token(TokenKind.Name, ReadWhile(c => char.IsLetterOrDigit(c) || c == '_')));
        else
        {
            string symbol = Array.Find(Symbols, Ahead) ?? throw new TemplateException($"\"{c}\" is not understood.");
            _at += symbol.Length;
            _tokens.Add(new Token(TokenKind.Symbol, symbol));
        }
    }

    private string ReadWhile(Func<char, bool> belongs)
    {
        int start = _at;
        while (_at < _source.Length && belongs(_source[_at]))
            _at++;
        return _source[start.._at];
    }

    private object ReadNumber()
    {
        string digits = ReadWhile(char.IsAsciiDigit);
        if (_at + 1 >= _source.Length || _source[_at] != '.' || !char.IsAsciiDigit(_source[_at + 1]))
            return long.Parse(digits, CultureInfo.InvariantCulture);
        _at++;
        return double.Parse($"{digits}.{ReadWhile(char.IsAsciiDigit)}", CultureInfo.InvariantCulture);
    }

    private string ReadString(char quote)
    {
        var text = new StringBuilder();
        for (_at++; _at < _source.Length && _source[_at] != quote; _at++)
            text.Append(_source[_at] == '\\' && _at + 1 < _source.Length ? Escape(_source[++_at]) : _source[_at]);
        if (_at++ >= _source.Length)
            throw new TemplateException("a string is not closed.");
        return text.ToString();
    }

    private static char Escape(char c) => c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', 'v' => '\v', _ => c };
}
