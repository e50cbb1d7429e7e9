using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Streaming.Models.Unicode;

namespace Streaming.Models;

/// <summary>
/// Byte-level BPE as Hugging Face's tokenizer.json describes it: added tokens, normaliser, pre-tokenizer, merges. Immutable; any thread
/// may use it. Post-processors are not applied: chat templates write the special tokens themselves.
/// </summary>
public sealed class Tokenizer
{
    /// <summary>A Unicode noncharacter that hides a special token inside guarded text until the text has been split.</summary>
    private const char GuardMark = '\uFDD0';

    /// <summary>Stretches of plain text whose tokens are remembered: what stands around every picture and question comes again and again.</summary>
    private const int MostKnown = 4_096;

    /// <summary>Longest stretch that is remembered, UTF-16 units: longer ones do not come again.</summary>
    private const int LongestKnown = 256;

    private readonly ConcurrentDictionary<string, int[]> _known = new();
    private readonly AddedTokens _raw;
    private readonly AddedTokens _normalised;
    private readonly bool _nfc;
    private readonly PreTokenizer _preTokenizer;
    private readonly BytePairs _pairs;
    private readonly Dictionary<int, AddedToken> _addedById;
    private readonly AddedToken[] _special;
    private readonly SearchValues<string> _spellings;
    private readonly Dictionary<string, int> _vocabulary;

    private Tokenizer(
        IReadOnlyList<AddedToken> added, bool nfc, PreTokenizer preTokenizer, BytePairs pairs, Dictionary<string, int> vocabulary)
    {
        _nfc = nfc;
        _raw = new AddedTokens(added.Where(token => !(token.Normalised && nfc)));
        _normalised = new AddedTokens(added.Where(token => token.Normalised && nfc));
        _preTokenizer = preTokenizer;
        _pairs = pairs;
        _addedById = added.ToDictionary(token => token.Id);
        _special = [.. added.Where(token => token.Special)];
        _spellings = SearchValues.Create([.. _special.Select(token => token.Content)], StringComparison.Ordinal);
        _vocabulary = vocabulary;
        VocabularySize = Math.Max(vocabulary.Values.Max(), added.Select(token => token.Id).DefaultIfEmpty(0).Max()) + 1;
    }

    /// <summary>One more than the largest token id.</summary>
    public int VocabularySize { get; }

    /// <param name="json">Text of tokenizer.json.</param>
    /// <exception cref="InvalidModelException">The file asks for a normaliser, pre-tokenizer or model other than byte-level BPE's.</exception>
    public static Tokenizer Parse(string json) => ModelJson.Read("tokenizer.json", json, Parse);

    private static Tokenizer Parse(JsonElement root)
    {
        var model = root.Child("model") ?? throw new InvalidModelException("tokenizer.json has no \"model\".");
        var vocabulary = Vocabulary(model);
        AddedToken[] added = [.. root.Child("added_tokens")?.EnumerateArray().Select(AddedToken.Parse) ?? []];
        return new Tokenizer(
            added, UsesNfc(root.Child("normalizer")), PreTokenizer.Parse(root.Child("pre_tokenizer")),
            BytePairs.Parse(model, vocabulary), vocabulary);
    }

    public int[] Encode(string text)
    {
        var ids = new List<int>();
        foreach (var (section, token) in _raw.Split(text))
        {
            if (token is not null)
                ids.Add(token.Id);
            else
                ids.AddRange(TokensOf(section));
        }
        return [.. ids];
    }

    /// <summary>Marks a user's text so that a special token's spelling in it is read as plain text: "&lt;|im_end|&gt;" ends nothing.</summary>
    public string Guard(string text)
    {
        text = Unmarked(text);
        if (!text.AsSpan().ContainsAny(_spellings))
            return text;
        foreach (var token in _special)
            text = text.Replace(token.Content, token.Content[..1] + GuardMark + token.Content[1..], StringComparison.Ordinal);
        return text;
    }

    /// <summary>The id of a token's exact spelling; null if there is none.</summary>
    public int? IdOf(string token) =>
        _addedById.Values.FirstOrDefault(added => added.Content == token)?.Id
        ?? (_vocabulary.TryGetValue(token, out int id) ? id : null);

    /// <summary>The spelling of an added token, such as <c>&lt;image&gt;</c>; null for ordinary tokens.</summary>
    public string? AddedTokenOf(int id) => _addedById.GetValueOrDefault(id)?.Content;

    /// <summary>The text of tokens without the special ones; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids)
    {
        var stream = new TokenTextStream(this);
        return string.Concat(ids.Select(stream.Append)) + stream.Flush();
    }

    /// <summary>The bytes a token writes; empty for special and unknown ones.</summary>
    internal ReadOnlySpan<byte> BytesOf(int id) =>
        _addedById.TryGetValue(id, out var added) ? added.Bytes : _pairs.BytesOf(id);

    private int[] TokensOf(string section)
    {
        if (_known.TryGetValue(section, out int[]? known))
            return known;
        var ids = new List<int>();
        EncodeSection(section, ids);
        int[] tokens = [.. ids];
        if (section.Length <= LongestKnown && _known.Count < MostKnown)
            _known.TryAdd(section, tokens);
        return tokens;
    }

    private void EncodeSection(string section, List<int> ids)
    {
        foreach (var (plain, token) in _normalised.Split(_nfc ? UnicodeNfc.Normalise(section) : section))
        {
            if (token is not null)
                ids.Add(token.Id);
            else
                foreach (string piece in _preTokenizer.Split(Unmarked(plain)))
                    _pairs.Encode(piece, ids);
        }
    }

    private static string Unmarked(string text) => text.Contains(GuardMark) ? text.Replace(GuardMark.ToString(), "", StringComparison.Ordinal) : text;

    private static Dictionary<string, int> Vocabulary(JsonElement model)
    {
        if (model.Child("type")?.GetString() is { } type and not "BPE")
            throw new InvalidModelException($"tokenizer.json: model type \"{type}\" is not supported, only BPE.");
        var vocabulary = model.Child("vocab") ?? throw new InvalidModelException("tokenizer.json has no \"model.vocab\".");
        return vocabulary.EnumerateObject().ToDictionary(entry => entry.Name, entry => AddedToken.IdIn(entry.Value));
    }

    private static bool UsesNfc(JsonElement? normaliser) => normaliser?.Type() switch
    {
        null => false,
        "NFC" => true,
        "Sequence" => normaliser.Value.GetProperty("normalizers").EnumerateArray().Aggregate(false, (nfc, part) => UsesNfc(part) || nfc),
        var type => throw new InvalidModelException($"tokenizer.json: normalizer \"{type}\" is not supported, only NFC."),
    };
}
