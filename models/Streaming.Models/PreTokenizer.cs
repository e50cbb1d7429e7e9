using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Streaming.Models;

/// <summary>Cuts a text into the pieces that BPE merges within: a chain of regular expressions, each cutting what the one before left.</summary>
internal sealed class PreTokenizer
{
    /// <summary>GPT-2's pattern, which ByteLevel uses unless told not to (tokenizers, pre_tokenizers/byte_level.rs).</summary>
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>The pattern is a model folder's, the text a caller's: together they may not hold up a question. Real ones take microseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Regex[] _cuts;
    private readonly bool _prefixSpace;

    private PreTokenizer(Regex[] cuts, bool prefixSpace)
    {
        _cuts = cuts;
        _prefixSpace = prefixSpace;
    }

    public static PreTokenizer Parse(JsonElement? json)
    {
        var cuts = new List<Regex>();
        bool prefixSpace = false;
        foreach (var part in Parts(json))
        {
            if (Cut(part) is { } pattern)
                cuts.Add(new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled, Patience));
            prefixSpace |= part.Type() == "ByteLevel" && part.Flag("add_prefix_space", absent: false);
        }
        return new PreTokenizer([.. cuts], prefixSpace);
    }

    public IEnumerable<string> Split(string text)
    {
        if (_prefixSpace && !text.StartsWith(' '))
            text = " " + text;
        IEnumerable<string> pieces = [text];
        try
        {
            foreach (var cut in _cuts)
                pieces = pieces.SelectMany(piece => SplitOne(cut, piece)).ToArray();
            return pieces;
        }
        catch (RegexMatchTimeoutException)
        {
            throw new InvalidModelException("tokenizer.json: a pattern takes too long on this text.");
        }
    }

    /// <summary>Matches and what stands between them, both kept ("Isolated").</summary>
    private static IEnumerable<string> SplitOne(Regex cut, string text)
    {
        var (shadow, offsets) = OneUnitPerRune(text);
        int end = 0;
        foreach (var match in cut.EnumerateMatches(shadow).Collect())
        {
            if (match.Start > end)
                yield return text[At(end)..At(match.Start)];
            if (match.End > match.Start)
                yield return text[At(match.Start)..At(match.End)];
            end = match.End;
        }
        if (end < shadow.Length)
            yield return text[At(end)..];

        int At(int unit) => offsets is null ? unit : offsets[unit];
    }

    /// <summary>
    /// .NET's regular expressions see UTF-16 units, the patterns mean code points: a code point outside the basic plane is replaced by
    /// one unit of its category. Offsets lead from a unit of the shadow to the text; null where both are the same.
    /// </summary>
    private static (string Shadow, int[]? Offsets) OneUnitPerRune(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return (text, null);
        var shadow = new StringBuilder(text.Length);
        var offsets = new List<int>(text.Length + 1);
        int at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            offsets.Add(at);
            shadow.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            at += rune.Utf16SequenceLength;
        }
        offsets.Add(at);
        return (shadow.ToString(), [.. offsets]);
    }

    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => 'Æ',
        UnicodeCategory.LowercaseLetter => 'æ',
        UnicodeCategory.ModifierLetter => 'ʰ',
        UnicodeCategory.OtherLetter => 'ꀀ',
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.DecimalDigitNumber => '٠',
        UnicodeCategory.LetterNumber => 'Ⅷ',
        UnicodeCategory.OtherNumber => '²',
        UnicodeCategory.OtherPunctuation => '§',
        UnicodeCategory.Format => '\u200B',
        UnicodeCategory.MathSymbol => '±',
        _ => '☀',
    };

    private static IEnumerable<JsonElement> Parts(JsonElement? json) => json switch
    {
        null => [],
        { } sequence when sequence.Type() == "Sequence" =>
            sequence.GetProperty("pretokenizers").EnumerateArray().SelectMany(part => Parts(part)),
        { } single => [single],
    };

    private static string? Cut(JsonElement part) => part.Type() switch
    {
        "ByteLevel" => part.Flag("use_regex", absent: true) ? Gpt2 : null,
        "Digits" => part.Flag("individual_digits", absent: false) ? @"\p{N}" : @"\p{N}+",
        "Split" => SplitPattern(part),
        var type => throw new InvalidModelException(
            $"tokenizer.json: pre_tokenizer \"{type}\" is not supported, only ByteLevel, Digits and Split."),
    };

    private static string SplitPattern(JsonElement part)
    {
        if (part.Child("behavior")?.GetString() is not "Isolated" || part.Flag("invert", absent: false))
            throw new InvalidModelException("tokenizer.json: a Split pre_tokenizer must be Isolated and not inverted.");
        var pattern = part.Child("pattern");
        return pattern?.Child("Regex")?.GetString()
            ?? (pattern?.Child("String")?.GetString() is { } text ? Regex.Escape(text) : null)
            ?? throw new InvalidModelException("tokenizer.json: a Split pre_tokenizer has no pattern.");
    }
}

/// <summary>Start and end of a match, which outlive the enumerator over a span.</summary>
internal static class MatchRanges
{
    public static List<(int Start, int End)> Collect(this Regex.ValueMatchEnumerator matches)
    {
        var ranges = new List<(int, int)>();
        foreach (var match in matches)
            ranges.Add((match.Index, match.Index + match.Length));
        return ranges;
    }
}
