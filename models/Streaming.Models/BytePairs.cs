using System.Text;
using System.Text.Json;

namespace Streaming.Models;

/// <summary>The vocabulary and the ranked merges of a byte-level BPE (Sennrich et al. 2016, on GPT-2's byte alphabet).</summary>
internal sealed class BytePairs
{
    /// <summary>Stands for a byte that the vocabulary lacks.</summary>
    private const int Absent = -1;

    private readonly int[] _byteIds = new int[256];
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges;
    private readonly byte[]?[] _bytesOf;
    private readonly Dictionary<string, int>? _wholeWords;
    private readonly int? _unknown;

    private BytePairs(
        Dictionary<string, int> vocabulary, Dictionary<(int, int), (int, int)> merges, bool ignoreMerges, string? unknown)
    {
        _merges = merges;
        _wholeWords = ignoreMerges ? vocabulary : null;
        _unknown = unknown is not null && vocabulary.TryGetValue(unknown, out int id) ? id : null;
        for (int value = 0; value < 256; value++)
            _byteIds[value] = vocabulary.GetValueOrDefault(ByteAlphabet.CharOf((byte)value).ToString(), Absent);
        _bytesOf = new byte[]?[vocabulary.Values.Max() + 1];
        foreach (var (token, tokenId) in vocabulary)
            _bytesOf[tokenId] = ByteAlphabet.BytesOf(token);
    }

    public static BytePairs Parse(JsonElement model, Dictionary<string, int> vocabulary)
    {
        foreach (string field in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            if (model.Child(field)?.GetString() is { Length: > 0 })
                throw new InvalidModelException($"tokenizer.json: \"{field}\" is not supported.");
        if (model.Flag("byte_fallback", absent: false))
            throw new InvalidModelException("tokenizer.json: byte_fallback is not supported.");
        var merges = new Dictionary<(int, int), (int, int)>();
        foreach (var merge in model.Child("merges")?.EnumerateArray() ?? default)
        {
            var (left, right) = Pair(merge);
            merges.TryAdd((Id(vocabulary, left), Id(vocabulary, right)), (merges.Count, Id(vocabulary, left + right)));
        }
        return new BytePairs(
            vocabulary, merges, model.Flag("ignore_merges", absent: false), model.Child("unk_token")?.GetString());
    }

    /// <summary>Appends the tokens of one piece of text.</summary>
    public void Encode(string piece, List<int> ids)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(piece);
        if (_wholeWords is not null && _wholeWords.TryGetValue(ByteAlphabet.Spell(bytes), out int whole))
        {
            ids.Add(whole);
            return;
        }
        foreach (int id in Merge(bytes))
        {
            if (id != Absent)
                ids.Add(id);
            else if (_unknown is { } unknown)
                ids.Add(unknown);
        }
    }

    public ReadOnlySpan<byte> BytesOf(int id) => (uint)id < (uint)_bytesOf.Length ? _bytesOf[id] : null;

    /// <summary>Joins the pair of lowest rank, the leftmost first, until none is left.</summary>
    private List<int> Merge(byte[] bytes)
    {
        List<int> word = [.. bytes.Select(value => _byteIds[value])];
        while (true)
        {
            var (at, rank, merged) = (-1, int.MaxValue, 0);
            for (int i = 0; i + 1 < word.Count; i++)
                if (_merges.TryGetValue((word[i], word[i + 1]), out var merge) && merge.Rank < rank)
                    (at, rank, merged) = (i, merge.Rank, merge.Merged);
            if (at < 0)
                return word;
            word[at] = merged;
            word.RemoveAt(at + 1);
        }
    }

    private static (string Left, string Right) Pair(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array)
            return (merge[0].GetString() ?? "", merge[1].GetString() ?? "");
        string[] pair = merge.GetString()?.Split(' ') ?? [];
        return pair.Length == 2 ? (pair[0], pair[1]) : throw new InvalidModelException($"tokenizer.json: \"{merge}\" is not a merge.");
    }

    private static int Id(Dictionary<string, int> vocabulary, string token) =>
        vocabulary.TryGetValue(token, out int id)
            ? id
            : throw new InvalidModelException($"tokenizer.json: a merge names \"{token}\", which the vocabulary lacks.");
}
