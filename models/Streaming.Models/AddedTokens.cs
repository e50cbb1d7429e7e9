using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Streaming.Models;

/// <summary>A token that is found in the text as it stands, before BPE.</summary>
internal sealed record AddedToken(int Id, string Content, bool Special, bool Normalised, bool StripsLeft, bool StripsRight)
{
    /// <summary>What decoding writes: nothing for a special token.</summary>
    public byte[] Bytes { get; } = Special ? [] : Encoding.UTF8.GetBytes(Content);

    /// <summary>Beyond the largest vocabularies, of a million tokens, by far: tables are as long as the largest id.</summary>
    private const int MostIds = 1 << 24;

    /// <summary>A token's id.</summary>
    /// <exception cref="InvalidModelException">No vocabulary has such ids.</exception>
    public static int IdIn(JsonElement number) =>
        number.GetInt32() is >= 0 and < MostIds and var id ? id : throw new InvalidModelException($"tokenizer.json: {number} is no id of a token.");

    public static AddedToken Parse(JsonElement json)
    {
        string content = json.Child("content")?.GetString() ?? "";
        if (content.Length == 0 || json.Flag("single_word", absent: false))
            throw new InvalidModelException($"tokenizer.json: added token \"{content}\" is empty or single_word, which is not supported.");
        bool special = json.Flag("special", absent: false);
        return new AddedToken(
            IdIn(json.GetProperty("id")), content, special, json.Flag("normalized", absent: !special),
            json.Flag("lstrip", absent: false), json.Flag("rstrip", absent: false));
    }
}

/// <summary>Finds added tokens in a text, the longest first at each place.</summary>
internal sealed class AddedTokens
{
    private readonly ILookup<char, AddedToken> _byFirstChar;
    private readonly SearchValues<char> _firstChars;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _byFirstChar = tokens.OrderByDescending(token => token.Content.Length).ToLookup(token => token.Content[0]);
        _firstChars = SearchValues.Create([.. _byFirstChar.Select(group => group.Key)]);
    }

    /// <summary>The text cut at added tokens: each item is either a non-empty text or a token.</summary>
    public IEnumerable<(string Text, AddedToken? Token)> Split(string text)
    {
        int start = 0;
        for (int i = Next(text, 0); i < text.Length; i = Next(text, i))
        {
            if (Match(text, i) is not { } token)
            {
                i++;
                continue;
            }
            string before = token.StripsLeft ? text[start..i].TrimEnd() : text[start..i];
            if (before.Length > 0)
                yield return (before, null);
            yield return ("", token);
            start = i += token.Content.Length;
            if (token.StripsRight)
                while (start < text.Length && char.IsWhiteSpace(text[start]))
                    start = ++i;
        }
        if (start < text.Length)
            yield return (text[start..], null);
    }

    /// <summary>The first place from here on where a token may begin; the text's length if there is none.</summary>
    private int Next(string text, int from) => text.AsSpan(from).IndexOfAny(_firstChars) is >= 0 and var ahead ? from + ahead : text.Length;

    private AddedToken? Match(string text, int at)
    {
        foreach (var token in _byFirstChar[text[at]])
            if (string.CompareOrdinal(text, at, token.Content, 0, token.Content.Length) == 0)
                return token;
        return null;
    }
}
