using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Models.Hub;
using Streaming.Models.Shapes;
using Streaming.Oracle;

namespace Streaming.Models.Tests;

public sealed class AnswerShapeTests
{
    private static readonly Tokenizer Tokenizer = ModelFolder.Open(Path.Combine(TransformersJs.Folder, "tiny-smolvlm")).Tokenizer;
    private static readonly TokenTree Tree = new(Tokenizer);
    private const int End = 433;

    private const string Everything = """
        {"type": "object", "title": "Scene", "additionalProperties": false, "required": ["colour"], "properties": {
          "colour": {"enum": ["red", "blau\u00e4\"", 7, null, true]}, "moving": {"type": "boolean"}, "count": {"type": "integer"}, "share": {"type": "number"},
          "words": {"type": "string", "maxLength": 12}, "note": {"type": ["string", "null"], "minLength": 2},
          "things": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "object", "properties": {"name": {"const": "x"}, "at": {"anyOf": [{"type": "null"}, {"type": "integer"}]}}}},
          "none": {"type": "array", "items": {"type": "integer"}}, "empty": {"type": "object", "properties": {}}}}
        """;

    [Theory]
    [InlineData("""{"type": "boolean"}""", "true")]
    [InlineData("""{"type": "integer"}""", "-10")]
    [InlineData("""{"type": "number"}""", "0.25")]
    [InlineData("""{"type": "string"}""", "\"a b \\n \\u00e4 ä 😀\"")]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""", "[]")]
    [InlineData("""{"type": "array", "items": {"type": "integer"}}""", "[1, 2,3]")]
    [InlineData("""{"type": "object", "properties": {"a": {"type": "null"}, "b": {"enum": [1.5]}}}""", "{\"a\": null, \"b\":1.5}")]
    public void Json_of_a_schema_takes_its_values(string schema, string text) => Assert.True(IsWhole(AnswerShape.Json(schema), text));

    [Theory]
    [InlineData("""{"type": "boolean"}""", "True")]
    [InlineData("""{"type": "integer"}""", "01")]
    [InlineData("""{"type": "integer"}""", "-")]
    [InlineData("""{"type": "number"}""", "1.")]
    [InlineData("""{"type": "string"}""", "\"a")]
    [InlineData("""{"type": "string"}""", "\"a\nb\"")]
    [InlineData("""{"type": "string"}""", "\"\\ud800\"")]
    [InlineData("""{"type": "string", "maxLength": 2}""", "\"abc\"")]
    [InlineData("""{"type": "array", "maxItems": 1, "items": {"type": "integer"}}""", "[1,2]")]
    [InlineData("""{"type": "array", "minItems": 2, "items": {"type": "integer"}}""", "[1]")]
    [InlineData("""{"type": "object", "properties": {"a": {"type": "null"}, "b": {"type": "null"}}}""", "{\"b\":null,\"a\":null}")]
    [InlineData("""{"type": "object", "properties": {"a": {"type": "null"}}}""", "{\"a\":  null}")]
    public void Json_of_a_schema_takes_no_other_text(string schema, string text) => Assert.False(IsWhole(AnswerShape.Json(schema), text));

    [Theory]
    [InlineData("""{"type": "integer", "minimum": 3}""", "schema.minimum")]
    [InlineData("""{"type": "object", "properties": {"a": {"type": "string", "pattern": "x"}}}""", "schema.a.pattern")]
    [InlineData("""{"$ref": "#/x"}""", "schema has no type")]
    [InlineData("""{"type": "object"}""", "without properties")]
    [InlineData("""{"type": "object", "properties": {}, "required": ["a"]}""", "schema.required")]
    [InlineData("""{"type": []}""", "schema.type")]
    [InlineData("""{"type": "array"}""", "without items")]
    [InlineData("""{"type": "date"}""", "no type of JSON")]
    [InlineData("""{"type": 3}""", "no type of JSON")]
    [InlineData("""{"enum": []}""", "schema.enum")]
    [InlineData("""{"enum": [{}]}""", "neither text nor number")]
    [InlineData("""{"type": "array", "minItems": 100, "items": {"type": "null"}}""", "more items")]
    [InlineData("""{"type": "string", "maxLength": -1}""", "schema.maxLength")]
    [InlineData("true", "has to be an object")]
    [InlineData("{", "no JSON")]
    public void Json_of_a_schema_that_cannot_be_enforced_says_where(string schema, string words) =>
        Assert.Contains(words, Assert.Throws<ShapeException>(() => AnswerShape.Json(schema)).Message, StringComparison.Ordinal);

    [Fact]
    public void Json_of_a_schema_of_any_depth_or_size_is_refused_rather_than_built()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"type": "array", "items": """, 40)) + """{"type": "null"}""" + new string('}', 40);
        Assert.Contains("deeper", Assert.Throws<ShapeException>(() => AnswerShape.Json(deep)).Message, StringComparison.Ordinal);
        string wide = string.Concat(Enumerable.Repeat("""{"type": "array", "maxItems": 64, "items": """, 4)) + """{"type": "string"}""" + new string('}', 4);
        Assert.Contains("too large", Assert.Throws<ShapeException>(() => AnswerShape.Json(wide)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShapedAnswer_of_random_choices_always_ends_as_a_value_of_its_schema()
    {
        var shape = AnswerShape.Json(Everything);
        for (int seed = 0; seed < 60; seed++)
        {
            string text = Write(shape, new Random(seed), most: 400, out bool isOver);
            if (!isOver)
                continue; // a string that the dice never closed
            JsonNode scene = JsonNode.Parse(text)!;
            Assert.Equal(["colour", "moving", "count", "share", "words", "note", "things", "none", "empty"], scene.AsObject().Select(property => property.Key));
            Assert.InRange(scene["things"]!.AsArray().Count, 1, 3);
            Assert.True(scene["words"]!.GetValue<string>().EnumerateRunes().Count() <= 12, text);
            Assert.Contains(scene["colour"]?.ToJsonString(), (string?[])["\"red\"", JsonSerializer.Serialize("blauä\""), "7", null, "true"]);
        }
    }

    [Fact]
    public void ShapedAnswer_of_random_choices_mostly_ends() => Assert.InRange(
        Enumerable.Range(0, 20).Count(seed =>
        {
            Write(AnswerShape.Json(Everything), new Random(seed), most: 2000, out bool isOver);
            return isOver;
        }), 12, 20);

    [Fact]
    public void ShapedAnswer_of_words_is_one_of_them()
    {
        var shape = AnswerShape.OneOf("yes", "no", "not sure");
        HashSet<string> seen = [.. Enumerable.Range(0, 60).Select(seed => Write(shape, new Random(seed), most: 20, out _))];
        Assert.Equal(["no", "not sure", "yes"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ShapedAnswer_lets_it_end_only_when_whole()
    {
        var answer = new ShapedAnswer(AnswerShape.OneOf("no", "not sure"), Tree, Tokenizer, [End]);
        Assert.False(answer.Allowed[End]);
        foreach (int token in Tokenizer.Encode("no"))
            answer.Take(token);
        Assert.True(answer.Allowed[End]);
        Assert.False(answer.IsOver);
        foreach (int token in Tokenizer.Encode("t sure"))
            answer.Take(token);
        Assert.True(answer.IsOver);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("c", "annot tell")]
    [InlineData("n", null)]
    [InlineData("no", null)]
    [InlineData("not", " sure")]
    [InlineData("not sure", "")]
    [InlineData("w", "eiß nicht")]
    public void ShapedAnswer_rest_is_what_can_only_follow(string written, string? rest)
    {
        var answer = new ShapedAnswer(AnswerShape.OneOf("no", "not sure", "cannot tell", "weiß nicht"), Tree, Tokenizer, [End]);
        foreach (int token in Tokenizer.Encode(written))
            answer.Take(token);
        Assert.Equal(rest, answer.Rest);
    }

    [Fact]
    public void OneOf_nothing_throws() => Assert.Throws<ShapeException>(() => AnswerShape.OneOf());

    private static string Write(AnswerShape shape, Random random, int most, out bool isOver)
    {
        var answer = new ShapedAnswer(shape, Tree, Tokenizer, [End]);
        var ids = new List<int>();
        for (isOver = answer.IsOver; !isOver && ids.Count < most; isOver = answer.IsOver)
        {
            bool[] allowed = answer.Allowed.ToArray();
            int[] open = [.. Enumerable.Range(0, allowed.Length).Where(token => allowed[token])];
            int token = open[random.Next(open.Length)];
            if (token == End)
            {
                isOver = true;
                break;
            }
            ids.Add(token);
            answer.Take(token);
        }
        return Tokenizer.Decode(ids);
    }

    private static bool IsWhole(AnswerShape shape, string text)
    {
        var automaton = new ByteAutomaton(shape.Pattern);
        int state = automaton.Start;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
            if ((state = automaton.Next(state, value)) == ByteAutomaton.Dead)
                return false;
        return automaton.IsWhole(state);
    }
}
