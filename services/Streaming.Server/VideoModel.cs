using System.Security.Cryptography;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Models.OpenAI;
using Streaming.Pipelines;

namespace Streaming.Server;

/// <summary>A model that is loaded, with the one line in front of it: it encodes the frames of all streams and answers all questions.</summary>
public sealed class VideoModel : IDisposable
{
    private const int LongestRemoteAnswer = 512;

    private static readonly TimeSpan RemoteDeadline = TimeSpan.FromMinutes(2);

    private readonly EncodingLine _line;
    private readonly ImagePreprocessor _preprocessor;
    private readonly Lazy<string> _digest;
    private readonly IDisposable? _owned;

    /// <param name="digest">Identity of the vision encoder's graph, such as a digest of its file.</param>
    /// <param name="queue">The line in front of the device.</param>
    /// <param name="owned">Disposed with this.</param>
    /// <param name="prompts">What the language model reads; null: what the model folder says.</param>
    /// <param name="asked">The line in front of a language model that is not on the device; null: the same line.</param>
    public VideoModel(
        ModelManifest manifest, IVisionEncoder encoder, ImagePreprocessor preprocessor, ILanguageModel language, Func<string> digest,
        AnsweringOptions answering, InferenceQueue queue, IDisposable? owned = null, PromptBuilder? prompts = null, InferenceQueue? asked = null)
    {
        (Manifest, Language, _line, _preprocessor, Queue, _owned) = (manifest, language, new EncodingLine(encoder, queue, EncodingLine.LongestRun), preprocessor, queue, owned);
        _digest = new Lazy<string>(() => $"{digest()} {(encoder.TellsSaliency ? "attention" : "features")}");
        // Any model that is instructed reads notes and turns; those that run here say whether they have learnt to.
        bool readsNotes = answering.ReadsNotes && (prompts is not null || manifest.ReadsNotes), readsTurns = answering.ReadsTurns && (prompts is not null || manifest.ReadsTurns);
        Answering = new Answering(
            language, prompts ?? new PromptBuilder(manifest), asked ?? Queue, answering with { ReadsNotes = readsNotes, ReadsTurns = readsTurns }, manifest.Vision.Hidden,
            prompts is null ? EncoderFor(InferenceClass.Question) : null); // A server that is sent pictures sees their detail by itself.
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

    /// <summary>What is used of the memory of the GPU that it runs on; null on the CPU, and where the driver does not tell.</summary>
    public Func<DeviceMemoryUse?> DeviceMemory { get; internal set; } = () => null;

    /// <summary>Where the model's files lie; empty for one that has none.</summary>
    public string Folder { get; private init; } = "";

    /// <exception cref="InvalidModelException">The model folder is missing or cannot be used.</exception>
    public static VideoModel Load(Settings settings, Action<string>? warn = null)
    {
        ModelFolder folder = settings.Library().Find(settings.Model);
        var options = new OnnxOptions
        {
            Device = settings.Device,
            DeviceNumber = settings.DeviceNumber,
            Dtype = settings.Dtype,
            IntraOpThreads = settings.Threads,
            InnerReducer = settings.InnerReducer,
            GraphFolder = Path.Combine(settings.DataFolder, "graphs"),
            Warn = warn,
        };
        if (settings.Remote is { } remote)
            return Remote(folder, options, remote, settings, warn);
        var model = OnnxVideoLanguageModel.Load(folder, options);
        return new VideoModel(
            model.Manifest, model.VisionEncoder, folder.Preprocessor, model.LanguageModel, () => DigestOf(folder, settings.Dtype),
            new AnsweringOptions { VisualTokenBudget = settings.VisualTokens },
            new InferenceQueue(new InferenceLimits { AnswersAtOnce = model.LanguageModel.AnswersAtOnce }, note: warn), model)
        { Folder = folder.Path, DeviceMemory = () => model.VisionEncoder.DeviceMemory?.Use };
    }

    /// <summary>An encoder for one stream.</summary>
    /// <param name="turn">Which frames go first.</param>
    public FrameEncoder EncoderFor(InferenceClass turn) => new(_line, _preprocessor, turn);

    /// <summary>A network that hangs cannot be disposed of: it goes with the process.</summary>
    public void Dispose()
    {
        if (!Queue.IsStuck)
            _owned?.Dispose();
    }

    /// <summary>Frames are encoded here, for memory and recall; a server elsewhere looks at the keyframes and answers.</summary>
    private static VideoModel Remote(ModelFolder folder, OnnxOptions options, RemoteOptions remote, Settings settings, Action<string>? warn)
    {
        OnnxVisionEncoder encoder = OnnxVideoLanguageModel.LoadEncoder(folder, options);
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
        // It knows any time, and takes as long as a large model on a shared machine does.
        var answering = new AnsweringOptions
        {
            VisualTokenBudget = settings.VisualTokens,
            LongestTime = TimeSpan.MaxValue,
            MaxNewTokens = LongestRemoteAnswer,
            Deadline = RemoteDeadline,
        };
        return new VideoModel(
            folder.Manifest, encoder, folder.Preprocessor, new RemoteLanguageModel(http, remote, TimeProvider.System), () => DigestOf(folder, settings.Dtype),
            answering, new InferenceQueue(note: warn), encoder, new PromptBuilder(RemoteLanguageModel.Wording),
            new InferenceQueue(new InferenceLimits { QuestionWait = RemoteDeadline, Run = RemoteDeadline * 1.5 }, note: warn))
        { Folder = folder.Path, DeviceMemory = () => encoder.DeviceMemory?.Use };
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
