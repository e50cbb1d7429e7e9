using System.Security.Cryptography;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Pipelines;

namespace Streaming.Server;

/// <summary>A model that is loaded, with the one line in front of it: it encodes the frames of all streams and answers all questions.</summary>
public sealed class VideoModel : IDisposable
{
    private readonly IVisionEncoder _encoder;
    private readonly ImagePreprocessor _preprocessor;
    private readonly Lazy<string> _digest;
    private readonly IDisposable? _owned;

    /// <param name="digest">Identity of the vision encoder's graph, such as a digest of its file.</param>
    /// <param name="queue">The line in front of the device.</param>
    /// <param name="owned">Disposed with this.</param>
    public VideoModel(
        ModelManifest manifest, IVisionEncoder encoder, ImagePreprocessor preprocessor, ILanguageModel language, Func<string> digest,
        AnsweringOptions answering, InferenceQueue queue, IDisposable? owned = null)
    {
        (Manifest, Language, _encoder, _preprocessor, Queue, _owned) = (manifest, language, encoder, preprocessor, queue, owned);
        _digest = new Lazy<string>(() => $"{digest()} {(encoder.TellsSaliency ? "attention" : "features")}");
        Answering = new Answering(
            language, new PromptBuilder(manifest), Queue, answering with { ReadsNotes = answering.ReadsNotes && manifest.ReadsNotes }, manifest.Vision.Hidden);
    }

    public ModelManifest Manifest { get; }

    /// <summary>The language model by itself, past the line in front of it.</summary>
    public ILanguageModel Language { get; }

    public InferenceQueue Queue { get; }

    public Answering Answering { get; }

    /// <summary>Identity of the vision encoder and of what it tells saliency by: what it encoded is of no use to another.</summary>
    public string Digest => _digest.Value;

    /// <summary>The longest prompt and answer together, in tokens.</summary>
    public int ContextTokens => Language.ContextTokens;

    /// <summary>Where the model's files lie; empty for one that has none.</summary>
    public string Folder { get; private init; } = "";

    /// <exception cref="InvalidModelException">The model folder is missing or cannot be used.</exception>
    public static VideoModel Load(Settings settings, Action<string>? warn = null)
    {
        ModelFolder folder = settings.Library().Find(settings.Model);
        var model = OnnxVideoLanguageModel.Load(
            folder,
            new OnnxOptions
            {
                Device = settings.Device,
                Dtype = settings.Dtype,
                IntraOpThreads = settings.Threads,
                InnerReducer = settings.InnerReducer,
                GraphFolder = Path.Combine(settings.DataFolder, "graphs"),
                Warn = warn,
            });
        return new VideoModel(
            model.Manifest, model.VisionEncoder, folder.Preprocessor, model.LanguageModel, () => DigestOf(folder, settings.Dtype),
            new AnsweringOptions { VisualTokenBudget = settings.VisualTokens }, new InferenceQueue(note: warn), model)
        { Folder = folder.Path };
    }

    /// <summary>An encoder for one stream.</summary>
    /// <param name="turn">Which frames go first.</param>
    public FrameEncoder EncoderFor(InferenceClass turn) => new(_encoder, _preprocessor, Queue, turn);

    /// <summary>A network that hangs cannot be disposed of: it goes with the process.</summary>
    public void Dispose()
    {
        if (!Queue.IsStuck)
            _owned?.Dispose();
    }

    private static string DigestOf(ModelFolder folder, string dtype)
    {
        string graph;
        try
        {
            graph = folder.Graph("vision_encoder", dtype);
        }
        catch (InvalidModelException)
        {
            graph = folder.Graph("vision_encoder");
        }
        using FileStream file = File.OpenRead(graph);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
