using System.Text.Json;

namespace Streaming.Models.Shapes;

/// <summary>A JSON schema as a pattern of the texts that are values of it. Every property that it names is written, in its order.</summary>
internal static class JsonPattern
{
    /// <summary>Deeper schemas are none that a person reads, and their texts none that a model writes.</summary>
    private const int Deepest = 12;

    private const int MostItems = 64;

    /// <summary>Digits that a double tells apart.</summary>
    private const int MostDigits = 15;

    private static readonly string[] Remarks = ["title", "description", "$schema", "$id", "default", "examples", "additionalProperties", "required"];

    /// <summary>At most one space behind a comma or colon, as people and models write it.</summary>
    private static readonly BytePattern Space = BytePattern.Exactly(" ").OrNothing();

    private static readonly BytePattern Digit = BytePattern.From('0', '9');

    private static readonly BytePattern Whole = BytePattern.InTurn(
        BytePattern.Exactly("-").OrNothing(),
        BytePattern.Either(BytePattern.Exactly("0"), BytePattern.InTurn(BytePattern.From('1', '9'), Digit.Repeated(0, MostDigits - 1))));

    private static readonly BytePattern Number = BytePattern.InTurn(
        Whole, BytePattern.InTurn(BytePattern.Exactly("."), Digit.Repeated(1, MostDigits)).OrNothing());

    /// <exception cref="ShapeException">It asks for what cannot be enforced.</exception>
    public static BytePattern Of(JsonElement schema) => Of(schema, "schema", 0);

    private static BytePattern Of(JsonElement schema, string path, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            throw new ShapeException($"{path} has to be an object");
        if (depth > Deepest)
            throw new ShapeException($"{path} lies deeper than {Deepest} levels");
        if (schema.TryGetProperty("enum", out JsonElement values))
        {
            Allow(schema, path, "enum", "type");
            return OneOf(values, $"{path}.enum", Literal);
        }
        if (schema.TryGetProperty("anyOf", out JsonElement ways))
        {
            Allow(schema, path, "anyOf");
            return OneOf(ways, $"{path}.anyOf", (way, at) => Of(way, at, depth + 1));
        }
        if (schema.TryGetProperty("const", out JsonElement value))
        {
            Allow(schema, path, "const", "type");
            return Literal(value, path);
        }
        if (!schema.TryGetProperty("type", out JsonElement type))
            throw new ShapeException($"{path} has no type, enum, const or anyOf");
        JsonElement[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray()] : [type];
        Allow(schema, path, ["type", .. types.SelectMany(KeywordsOf)]);
        return types.Length == 0 ? throw new ShapeException($"{path}.type names none") : BytePattern.Either([.. types.Select(one => OfType(one, schema, path, depth))]);
    }

    private static BytePattern OneOf(JsonElement ways, string path, Func<JsonElement, string, BytePattern> pattern) =>
        ways.ValueKind == JsonValueKind.Array && ways.GetArrayLength() > 0
            ? BytePattern.Either([.. ways.EnumerateArray().Select((way, i) => pattern(way, $"{path}[{i}]"))])
            : throw new ShapeException($"{path} has to be a list");

    private static string[] KeywordsOf(JsonElement type) => NameOf(type) switch
    {
        "string" => ["minLength", "maxLength"],
        "object" => ["properties"],
        "array" => ["items", "minItems", "maxItems"],
        _ => [],
    };

    private static BytePattern OfType(JsonElement type, JsonElement schema, string path, int depth) => NameOf(type) switch
    {
        "string" => Text(schema, path),
        "number" => Number,
        "integer" => Whole,
        "boolean" => Boolean,
        "null" => BytePattern.Exactly("null"),
        "object" => Record(schema, path, depth),
        "array" => List(schema, path, depth),
        _ => throw new ShapeException($"{path}.type is {type.GetRawText()}, which is no type of JSON"),
    };

    private static string? NameOf(JsonElement type) => type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private static BytePattern Boolean => BytePattern.Either(BytePattern.Exactly("true"), BytePattern.Exactly("false"));

    private static BytePattern Record(JsonElement schema, string path, int depth)
    {
        if (!schema.TryGetProperty("properties", out JsonElement properties) || properties.ValueKind != JsonValueKind.Object)
            throw new ShapeException($"{path} is an object without properties");
        if (schema.TryGetProperty("required", out JsonElement required) && !(required.ValueKind == JsonValueKind.Array
            && required.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String && properties.TryGetProperty(name.GetString()!, out _))))
            throw new ShapeException($"{path}.required has to be a list of names of its properties");
        var parts = new List<BytePattern>();
        foreach (JsonProperty property in properties.EnumerateObject())
        {
            parts.Add(BytePattern.Exactly(parts.Count == 0 ? "{" : ","));
            if (parts.Count > 1)
                parts.Add(Space);
            parts.Add(BytePattern.InTurn(BytePattern.Exactly($"{Quoted(property.Name)}:"), Space, Of(property.Value, $"{path}.{property.Name}", depth + 1)));
        }
        return parts.Count == 0 ? BytePattern.Exactly("{}") : BytePattern.InTurn([.. parts, BytePattern.Exactly("}")]);
    }

    private static BytePattern List(JsonElement schema, string path, int depth)
    {
        if (!schema.TryGetProperty("items", out JsonElement items))
            throw new ShapeException($"{path} is an array without items");
        BytePattern item = Of(items, $"{path}.items", depth + 1);
        int least = Count(schema, path, "minItems") ?? 0, most = Math.Min(Count(schema, path, "maxItems") ?? MostItems, MostItems);
        if (least > most)
            throw new ShapeException($"{path} wants more items than {most}");
        BytePattern more = BytePattern.InTurn(BytePattern.Exactly(","), Space, item);
        BytePattern some = most == 0 ? BytePattern.Exactly("") : BytePattern.InTurn(item, more.Repeated(Math.Max(least - 1, 0), most - 1));
        return BytePattern.InTurn(BytePattern.Exactly("["), least == 0 ? some.OrNothing() : some, BytePattern.Exactly("]"));
    }

    private static BytePattern Text(JsonElement schema, string path) => BytePattern.InTurn(
        BytePattern.Exactly("\""), Character.Repeated(Count(schema, path, "minLength") ?? 0, Count(schema, path, "maxLength")), BytePattern.Exactly("\""));

    /// <summary>One character inside quotes: UTF-8 as RFC 3629 has it, or one of JSON's escapes but for halves of surrogate pairs.</summary>
    private static BytePattern Character
    {
        get
        {
            BytePattern tail = BytePattern.From(0x80, 0xBF);
            BytePattern hex = BytePattern.Either(Digit, BytePattern.From('a', 'f'), BytePattern.From('A', 'F'));
            BytePattern first = BytePattern.Either(Digit, BytePattern.AnyOf("abcefABCEF"));
            return BytePattern.Either(
                BytePattern.From(0x20, 0x21), BytePattern.From(0x23, 0x5B), BytePattern.From(0x5D, 0x7E),
                BytePattern.InTurn(BytePattern.Exactly("\\"), BytePattern.AnyOf("\"\\/bfnrt")),
                BytePattern.InTurn(
                    BytePattern.Exactly("\\u"),
                    BytePattern.Either(BytePattern.InTurn(first, hex), BytePattern.InTurn(BytePattern.AnyOf("dD"), BytePattern.From('0', '7'))), hex, hex),
                BytePattern.InTurn(BytePattern.From(0xC2, 0xDF), tail),
                BytePattern.InTurn(BytePattern.From(0xE0, 0xE0), BytePattern.From(0xA0, 0xBF), tail),
                BytePattern.InTurn(BytePattern.Either(BytePattern.From(0xE1, 0xEC), BytePattern.From(0xEE, 0xEF)), tail, tail),
                BytePattern.InTurn(BytePattern.From(0xED, 0xED), BytePattern.From(0x80, 0x9F), tail),
                BytePattern.InTurn(BytePattern.From(0xF0, 0xF0), BytePattern.From(0x90, 0xBF), tail, tail),
                BytePattern.InTurn(BytePattern.From(0xF1, 0xF3), tail, tail, tail),
                BytePattern.InTurn(BytePattern.From(0xF4, 0xF4), BytePattern.From(0x80, 0x8F), tail, tail));
        }
    }

    private static BytePattern Literal(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.String => BytePattern.Exactly(Quoted(value.GetString()!)),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => BytePattern.Exactly(value.GetRawText()),
        _ => throw new ShapeException($"{path} lists a value that is neither text nor number nor true, false or null"),
    };

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static int? Count(JsonElement schema, string path, string keyword) => !schema.TryGetProperty(keyword, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count is >= 0 and <= 1000 ? count
        : throw new ShapeException($"{path}.{keyword} has to be a whole number up to 1000");

    /// <summary>What is not enforced is refused, but for remarks.</summary>
    private static void Allow(JsonElement schema, string path, params string[] keywords)
    {
        foreach (JsonProperty property in schema.EnumerateObject())
            if (!keywords.Contains(property.Name) && !Remarks.Contains(property.Name))
                throw new ShapeException($"{path}.{property.Name} is not enforced here");
    }
}
