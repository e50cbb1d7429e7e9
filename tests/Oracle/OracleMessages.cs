using System.Text.Json.Nodes;

namespace Streaming.Oracle;

/// <summary>Builds messages in the form that chat templates take.</summary>
public static class OracleMessages
{
    public static JsonObject Message(string role, params JsonObject[] parts) => new() { ["role"] = role, ["content"] = new JsonArray(parts) };

    public static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    public static JsonObject Image() => new() { ["type"] = "image" };

    public static JsonObject Video() => new() { ["type"] = "video" };
}
