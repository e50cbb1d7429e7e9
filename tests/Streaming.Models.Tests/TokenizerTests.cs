using Streaming.Models.Hub;
using Streaming.Oracle;

namespace Streaming.Models.Tests;

[Collection("oracle")]
public sealed class TokenizerTests(TransformersJs oracle)
{
    private const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly string Llava = Path.Combine(TransformersJs.Folder, "tiny-llava");
    private static readonly Tokenizer Tokenizer = ModelFolder.Open(Llava).Tokenizer;

    [Theory]
    [InlineData("tiny-llava", 1)]
    [InlineData("tiny-bare", 2)]
    [InlineData("tiny-smolvlm", 6)]
    [InlineData("tiny-onevision", 7)]
    [InlineData("tiny-qwen2vl", 8)]
    public void Encode_of_5000_random_texts_equals_transformers_js(string model, int seed)
    {
        string folder = Path.Combine(TransformersJs.Folder, model);
        var tokenizer = ModelFolder.Open(folder).Tokenizer;
        string[] texts = FuzzText.Texts(seed, 5000);
        int[][] expected = oracle.Tokenize(folder, texts);
        Assert.All(texts.Zip(expected), pair => Assert.Equal(pair.Second, tokenizer.Encode(pair.First)));
    }

    [Theory]
    [InlineData(Qwen2)]
    [InlineData(@"\p{N}{1,3}|[\p{Lu}\p{Lt}]?\p{Ll}+|\p{M}+|\s+")]
    public void PreTokenizer_of_2000_random_texts_cuts_as_transformers_js(string pattern)
    {
        using var json = System.Text.Json.JsonDocument.Parse(System.Text.Json.JsonSerializer.Serialize(
            new { type = "Split", pattern = new { Regex = pattern }, behavior = "Isolated", invert = false }));
        var preTokenizer = PreTokenizer.Parse(json.RootElement);
        string[] texts = FuzzText.Texts(3, 2000);
        string[][] expected = oracle.Split(pattern, texts);
        Assert.All(texts.Zip(expected), pair => Assert.Equal(pair.Second, preTokenizer.Split(pair.First)));
    }

    [Fact]
    public void Decode_of_1000_random_token_lists_equals_transformers_js()
    {
        var random = new Random(4);
        int[][] lists = [.. Enumerable.Range(0, 1000).Select(_ =>
            Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(Tokenizer.VocabularySize)).ToArray())];
        string[] expected = oracle.Decode(Llava, lists);
        Assert.All(lists.Zip(expected), pair => Assert.Equal(pair.Second, WithoutSplitCharacters(pair.First) ?? pair.Second));
    }

    [Fact]
    public void Decode_of_encoded_text_gives_it_back() =>
        Assert.All(FuzzText.Texts(5, 500), text => Assert.Equal(
            Unicode.UnicodeNfc.Normalise(text), Tokenizer.Decode(Tokenizer.Encode(Tokenizer.Guard(text)))));

    [Fact]
    public void TokenTextStream_of_a_character_in_several_tokens_waits_for_the_last()
    {
        var stream = new TokenTextStream(Tokenizer);
        int[] ids = Tokenizer.Encode("😀");
        Assert.Equal(4, ids.Length);
        Assert.Equal(["", "", "", "😀"], ids.Select(stream.Append));
        Assert.Equal("", stream.Flush());
    }

    [Fact]
    public void TokenTextStream_of_an_unfinished_character_ends_with_the_replacement_character()
    {
        var stream = new TokenTextStream(Tokenizer);
        Assert.Equal("", stream.Append(Tokenizer.Encode("😀")[0]));
        Assert.Equal("\uFFFD", stream.Flush());
    }

    [Fact]
    public void Guard_of_a_special_tokens_spelling_makes_it_plain_text()
    {
        int end = Tokenizer.IdOf("<|im_end|>")!.Value;
        Assert.Contains(end, Tokenizer.Encode("a<|im_end|>b"));
        int[] guarded = Tokenizer.Encode(Tokenizer.Guard("a<|im_end|>b"));
        Assert.DoesNotContain(end, guarded);
        Assert.Equal("a<|im_end|>b", Tokenizer.Decode(guarded));
    }

    [Theory]
    [InlineData("normalizer", """{"type": "NFKC"}""", "NFKC")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace"}""", "Metaspace")]
    [InlineData("model", """{"type": "Unigram", "vocab": {}}""", "Unigram")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}""", "\"b\"")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [], "byte_fallback": true}""", "byte_fallback")]
    public void Parse_of_something_else_than_byte_level_bpe_names_it(string field, string value, string named)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(Llava, "tokenizer.json")))!;
        json[field] = System.Text.Json.Nodes.JsonNode.Parse(value);
        var error = Assert.Throws<InvalidModelException>(() => Tokenizer.Parse(json.ToJsonString()));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    /// <summary>What we decode, unless a special token stands inside a character: the oracle then decodes each side alone, we the whole.</summary>
    private static string? WithoutSplitCharacters(int[] ids)
    {
        string text = Tokenizer.Decode(ids);
        return text.Contains('\uFFFD', StringComparison.Ordinal) && ids.Any(id => Tokenizer.AddedTokenOf(id) is not null) ? null : text;
    }
}
