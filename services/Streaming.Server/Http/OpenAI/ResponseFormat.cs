using System.Text.Json;
using Streaming.Models.Shapes;

namespace Streaming.Server.Http.OpenAI;

/// <summary>OpenAI's <c>response_format</c>: plain text, or a JSON schema that the answer is made to fit token by token.</summary>
internal static class ResponseFormat
{
    /// <returns>The schema; null for plain text.</returns>
    /// <exception cref="RefusalException">It is another format, or a schema that cannot be enforced.</exception>
    public static string? SchemaOf(JsonElement? format)
    {
        if (format is not { ValueKind: not JsonValueKind.Null } some)
            return null;
        string? type = Member(some, "type") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;
        if (type == "text")
            return null;
        if (type != "json_schema" || Member(some, "json_schema") is not { } holder || Member(holder, "schema") is not { } schema)
            throw Refused("it has to be of type text, or of type json_schema with a schema");
        try
        {
            AnswerShape.Json(schema.GetRawText());
            return schema.GetRawText();
        }
        catch (ShapeException e)
        {
            throw Refused(e.Message);
        }
    }

    private static JsonElement? Member(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out JsonElement member) ? member : null;

    private static RefusalException Refused(string why) => new(422, $"response_format: {why}", "unsupported_parameter", "response_format");
}
