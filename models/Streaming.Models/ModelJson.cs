using System.Text.Json;

namespace Streaming.Models;

/// <summary>Reads the JSON files of model folders; a JSON null counts as absent.</summary>
internal static class ModelJson
{
    /// <summary>Reads something from a file's root object.</summary>
    /// <exception cref="InvalidModelException">The text is not a JSON object, or a field has another type than it should.</exception>
    public static T Read<T>(string file, string text, Func<JsonElement, T> read)
    {
        using var document = Parse(file, text);
        try
        {
            return read(document.RootElement);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or KeyNotFoundException or IndexOutOfRangeException or ArgumentException or ArithmeticException)
        {
            throw new InvalidModelException($"{file} is not as expected: {error.Message}", error);
        }
    }

    private static JsonDocument Parse(string file, string text)
    {
        try
        {
            var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new InvalidModelException($"{file} is not a JSON object.");
        }
        catch (JsonException error)
        {
            throw new InvalidModelException($"{file} is not valid JSON: {error.Message}", error);
        }
    }

    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null
            ? child
            : null;

    public static int? Positive(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } child && child.TryGetInt32(out int value) && value > 0 ? value : null;

    public static bool Flag(this JsonElement element, string name, bool absent) =>
        element.Child(name)?.GetBoolean() ?? absent;

    public static string Type(this JsonElement element) => element.Child("type")?.GetString() ?? "";
}
