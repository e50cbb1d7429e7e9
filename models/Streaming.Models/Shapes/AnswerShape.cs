using System.Text.Json;

namespace Streaming.Models.Shapes;

/// <summary>What an answer has to look like. Models that run here can write nothing else; a server elsewhere is asked to. Immutable.</summary>
public sealed class AnswerShape
{
    private AnswerShape(BytePattern pattern, string? schema) => (Pattern, Schema) = (pattern, schema);

    /// <summary>The JSON schema; null for a choice of words.</summary>
    public string? Schema { get; }

    internal BytePattern Pattern { get; }

    /// <summary>One of these words, such as yes and no.</summary>
    public static AnswerShape OneOf(params string[] words) =>
        words.Length > 0 && words.All(word => word.Length > 0)
            ? new AnswerShape(BytePattern.Either([.. words.Select(BytePattern.Exactly)]), null)
            : throw new ShapeException("there have to be words to choose from");

    /// <summary>A JSON value of a schema: enum, const, string, number, integer, boolean, null, object and array, and anyOf of these.</summary>
    /// <exception cref="ShapeException">It is no JSON, or asks for what cannot be enforced; the message says where.</exception>
    public static AnswerShape Json(string schema)
    {
        try
        {
            using var document = JsonDocument.Parse(schema);
            var shape = new AnswerShape(JsonPattern.Of(document.RootElement), schema);
            _ = new ByteAutomaton(shape.Pattern);
            return shape;
        }
        catch (JsonException error)
        {
            throw new ShapeException($"the schema is no JSON: {error.Message}");
        }
    }
}

/// <summary>A shape that cannot be had; the message says why in words that fit behind a colon.</summary>
public sealed class ShapeException(string message) : Exception(message);
