using System.Text.Json.Nodes;

namespace Streaming.Server.Tests.Http;

/// <summary>
/// What an OpenAPI document promises to callers, one line each. <see cref="Given"/> may only gain lines: routes, parameters, members of
/// bodies and answers with their types, values of enumerations, and what is always there in an answer. <see cref="Demanded"/>, what a
/// request has to hold, may only gain those of what is new itself.
/// </summary>
internal sealed class ApiPromises
{
    private const string Answers = " answers ";

    private readonly JsonNode _document;

    public ApiPromises(JsonNode document)
    {
        _document = document;
        foreach (var (path, operations) in document["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
                ReadOperation($"{method.ToUpperInvariant()} {path}", operation!);
    }

    public SortedSet<string> Given { get; } = new(StringComparer.Ordinal);

    /// <summary>Each with the line without which it would be no demand: that of the object that it is a member of.</summary>
    public SortedDictionary<string, string> Demanded { get; } = new(StringComparer.Ordinal);

    /// <summary>How callers of the document <paramref name="before"/> would fail with this one; empty: not at all.</summary>
    public IEnumerable<string> BreachesOf(ApiPromises before)
    {
        Dictionary<string, string> now = Given.Where(line => TypesOf(line) is not null).ToDictionary(NameOf);
        foreach (string line in before.Given.Except(Given))
        {
            if (TypesOf(line) is not { } types || !now.TryGetValue(NameOf(line), out string? today))
                yield return $"removed: {line}";
            else if (line.Contains(Answers, StringComparison.Ordinal) || types.Except(TypesOf(today)!).Any())
                yield return $"changed: {line} (now {today})"; // What is taken may become more.
        }
        foreach (var (line, holder) in Demanded)
        {
            if (!before.Demanded.ContainsKey(line) && before.Given.Any(known => known == holder || NameOf(known) == holder))
                yield return $"newly required: {line}";
        }
    }

    /// <summary>Lines that are not in <paramref name="before"/>.</summary>
    public IEnumerable<string> AdditionsTo(ApiPromises before) => Given.Except(before.Given).Concat(Demanded.Keys.Except(before.Demanded.Keys));

    private static string NameOf(string line) => line.Split(": ")[0];

    /// <summary>Null: the line is not about a type.</summary>
    private static string[]? TypesOf(string line) => line.Split(": ") is [_, var types] ? types.Split(" or ") : null;

    private void ReadOperation(string route, JsonNode operation)
    {
        Given.Add(route);
        foreach (JsonNode? parameter in operation["parameters"]?.AsArray() ?? [])
        {
            string name = $"{route} {parameter!["in"]} {parameter["name"]}";
            ReadSchema(name, parameter["schema"], isAnswer: false, []);
            if ((bool?)parameter["required"] == true)
                Demanded[name] = route;
        }
        if (operation["requestBody"] is { } body)
        {
            if ((bool?)body["required"] == true)
                Demanded[$"{route} body"] = route;
            ReadContent($"{route} body", body["content"], isAnswer: false);
        }
        foreach (var (status, response) in operation["responses"]!.AsObject())
            ReadContent($"{route}{Answers}{status}", response!["content"], isAnswer: true);
    }

    private void ReadContent(string name, JsonNode? content, bool isAnswer)
    {
        foreach (var (type, media) in content?.AsObject() ?? [])
        {
            Given.Add($"{name} {type}");
            ReadSchema($"{name} {type}", media!["schema"], isAnswer, []);
        }
    }

    /// <param name="within">Schemas that this one is a part of: one that is a part of itself is told once.</param>
    private void ReadSchema(string name, JsonNode? schema, bool isAnswer, List<string> within)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        ReadInto(types, name, schema, isAnswer, within);
        if (types.Count > 0)
            Given.Add($"{name}: {string.Join(" or ", types)}");
    }

    private void ReadInto(SortedSet<string> types, string name, JsonNode? schema, bool isAnswer, List<string> within)
    {
        if ((string?)schema?["$ref"] is { } reference)
        {
            if (!within.Contains(reference))
                ReadInto(types, name, _document["components"]!["schemas"]![reference.Split('/')[^1]], isAnswer, [.. within, reference]);
            return;
        }
        if (schema is not JsonObject)
            return;
        types.UnionWith(schema["type"] is JsonArray several ? several.Select(type => (string)type!) : (string?)schema["type"] is { } one ? [one] : []);
        foreach (JsonNode? form in (IEnumerable<JsonNode?>)[.. schema["oneOf"]?.AsArray() ?? [], .. schema["anyOf"]?.AsArray() ?? [], .. schema["allOf"]?.AsArray() ?? []])
            ReadInto(types, name, form, isAnswer, within);
        foreach (JsonNode? value in schema["enum"]?.AsArray() ?? [])
            Given.Add($"{name} = {value?.ToJsonString() ?? "null"}");
        ReadMembers(name, schema, isAnswer, within);
        if (schema["items"] is { } item)
            ReadSchema($"{name}[]", item, isAnswer, within);
        if (schema["additionalProperties"] is JsonObject others)
            ReadSchema($"{name}{{}}", others, isAnswer, within);
    }

    private void ReadMembers(string name, JsonNode schema, bool isAnswer, List<string> within)
    {
        foreach (var (member, type) in schema["properties"]?.AsObject() ?? [])
        {
            Given.Add($"{name}.{member}");
            ReadSchema($"{name}.{member}", type, isAnswer, within);
        }
        foreach (string member in schema["required"]?.AsArray().Select(required => (string)required!) ?? [])
        {
            if (isAnswer)
                Given.Add($"{name}.{member} is always there");
            else
                Demanded[$"{name}.{member}"] = name;
        }
    }
}
