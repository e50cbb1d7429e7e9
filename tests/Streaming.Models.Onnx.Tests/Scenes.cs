using Streaming.Models.Hub;
using Streaming.Oracle;

namespace Streaming.Models.Onnx.Tests;

/// <summary>The model that ships.</summary>
internal static class Scenes
{
    public static ModelFolder Folder => ModelFolder.Open(Path.Combine(TransformersJs.Repository(), "models", "scenes"));

    public static string Graph(string session) => Folder.Graph(session);
}
