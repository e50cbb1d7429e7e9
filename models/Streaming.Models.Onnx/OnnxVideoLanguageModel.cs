using Streaming.Models.Hub;

namespace Streaming.Models.Onnx;

/// <summary>The networks of one model folder, loaded and checked against the signature that the service relies on.</summary>
public sealed class OnnxVideoLanguageModel : IDisposable
{
    private OnnxVideoLanguageModel(ModelFolder folder, OnnxVisionEncoder visionEncoder, OnnxLanguageModel languageModel)
    {
        Folder = folder;
        VisionEncoder = visionEncoder;
        LanguageModel = languageModel;
    }

    public ModelFolder Folder { get; }

    public ModelManifest Manifest => Folder.Manifest;

    public OnnxVisionEncoder VisionEncoder { get; }

    public OnnxLanguageModel LanguageModel { get; }

    /// <exception cref="InvalidModelException">A file is missing or unreadable, or a graph's inputs and outputs are not those declared.</exception>
    public static OnnxVideoLanguageModel Load(ModelFolder folder, OnnxOptions? options = null)
    {
        options ??= new OnnxOptions();
        var sessions = new SessionFactory(options);
        var encoder = new OnnxVisionEncoder(sessions.Open(Graph(folder, "vision_encoder", options.Dtype)), folder.Manifest.Vision);
        try
        {
            var embed = sessions.Open(Graph(folder, "embed_tokens", options.Dtype), cpuOnly: true);
            var decode = sessions.Open(folder.Graph("decoder_model_merged", options.Dtype));
            var decoder = new DecoderSession(embed, decode, sessions.Memory, folder.Manifest);
            return new OnnxVideoLanguageModel(folder, encoder, new OnnxLanguageModel(decoder, folder, options.Clock));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        VisionEncoder.Dispose();
        LanguageModel.Dispose();
    }

    private static string Graph(ModelFolder folder, string session, string dtype)
    {
        try
        {
            return folder.Graph(session, dtype);
        }
        catch (InvalidModelException) when (dtype != "fp32")
        {
            return folder.Graph(session);
        }
    }
}
