using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Contracts;

namespace Streaming.Server;

/// <summary>The file that declares cameras: a JSON list of stream requests. Comments and trailing commas are allowed; unknown fields are typing errors.</summary>
internal static class CameraFile
{
    /// <exception cref="SettingException">The file cannot be read or is no such list. The message never quotes what it holds, which may be passwords.</exception>
    internal static IReadOnlyList<StreamRequest> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CameraJson.Default.StreamRequestArray) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $"; it goes wrong in line {line + 1}{(e.Path is { Length: > 1 } at ? $", at {at}" : "")}" : "";
            throw new SettingException(Settings.CamerasVariable, path, $"a JSON file with a list of streams, each with name and url{where}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException(Settings.CamerasVariable, path, "the path of a JSON file that can be read");
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(StreamRequest[]))]
internal sealed partial class CameraJson : JsonSerializerContext;
