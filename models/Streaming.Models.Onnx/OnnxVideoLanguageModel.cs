using Microsoft.ML.OnnxRuntime;
using Streaming.Models.Hub;
using Streaming.Models.Onnx.Answers;
using Streaming.Models.Onnx.Graphs;

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
        var encoder = Encoder(folder, sessions, options);
        DecoderSession? decoder = null;
        try
        {
            decoder = Decoder(folder, sessions, options);
            return new OnnxVideoLanguageModel(folder, encoder, new OnnxLanguageModel(decoder, Batch(decoder, sessions, options), folder, options));
        }
        catch
        {
            decoder?.Dispose();
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>The vision encoder by itself.</summary>
    /// <exception cref="InvalidModelException">A file is missing or unreadable, or the graph's inputs and outputs are not those declared.</exception>
    public static OnnxVisionEncoder LoadEncoder(ModelFolder folder, OnnxOptions options) => Encoder(folder, new SessionFactory(options), options);

    public void Dispose()
    {
        VisionEncoder.Dispose();
        LanguageModel.Dispose();
    }

    internal static DecoderSession Decoder(ModelFolder folder, SessionFactory sessions, OnnxOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.LongestRun);
        var embed = sessions.Open(Graph(folder, "embed_tokens", options.Dtype), cpuOnly: true);
        var parts = Parts(folder.Graph("decoder_model_merged", options.Dtype), sessions, options, folder);
        return new DecoderSession(embed, parts, options.InnerReducer, sessions.Memory, folder.Manifest, folder.Family)
        {
            Text = folder.GraphIfThere(TextModel.Session) is { } text ? new TextModel(sessions.Open(text, cpuOnly: true), folder.Manifest.Vision.Hidden) : null,
            LongestRun = options.LongestRun,
            Prefixes = new PrefixCache<ReadPrefix>(options.PrefixBytes),
        };
    }

    /// <summary>How answers of a decoder are written together.</summary>
    internal static IAnswerBatch Batch(DecoderSession decoder, SessionFactory sessions, OnnxOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Answers);
        // What is on another device could only be put into slots there.
        if (decoder.Parts is not [var whole] || !whole.HasFreeRows || !sessions.IsOnCpu)
            return new LoneAnswer();
        return whole.Form switch
        {
            DecoderForm.Fused => new SharedSlots(decoder, options.Answers, options.Clock),
            DecoderForm.Plain when whole.Declares("position_ids") => new PaddedRows(decoder, options.Answers, options.Clock),
            _ => new LoneAnswer(),
        };
    }

    private static OnnxVisionEncoder Encoder(ModelFolder folder, SessionFactory sessions, OnnxOptions options) =>
        new(Vision(folder, sessions, options), folder.Manifest.Vision, folder.Family) { DeviceMemory = sessions.OpenDeviceMemory() };

    /// <summary>The vision encoder as it is, or with its attention as an output if saliency is to come from there.</summary>
    private static InferenceSession Vision(ModelFolder folder, SessionFactory sessions, OnnxOptions options)
    {
        string path = Graph(folder, "vision_encoder", options.Dtype);
        if (options.Saliency == SaliencySource.Features || !folder.Family.PatchesAreInRows)
            return sessions.Open(path);
        var graph = new RewrittenGraphs(options.GraphFolder).Make(path, _ => EncoderSaliency.Output, graph => [EncoderSaliency.Add(graph) ?? graph]);
        return sessions.Open(graph[0], path);
    }

    /// <summary>The decoder whole, or cut where the inner reducer wants it; it computes no logits that nobody reads.</summary>
    private static IReadOnlyList<DecoderPart> Parts(string path, SessionFactory sessions, OnnxOptions options, ModelFolder folder)
    {
        var rewritten = new RewrittenGraphs(options.GraphFolder);
        int hidden = folder.Manifest.Vision.Hidden, axes = folder.Family.PositionAxes;
        if (options.InnerReducer is not { } reducer)
        {
            var whole = rewritten.Make(path, _ => "last-logits", graph => LastLogits.Add(graph) is { } last ? [last] : []);
            return [new DecoderPart(whole.Count == 0 ? sessions.Open(path) : sessions.Open(whole[0], path), hidden, axes) { Form = DecoderForms.Of(path) }];
        }
        var graphs = rewritten.Make(
            path,
            graph => $"below-{string.Join('-', Layers(graph))}",
            graph => new DecoderCut(LastLogits.Add(graph) ?? graph).Below([.. Layers(graph)]).Select(slice => slice.Graph));
        return [.. graphs.Select(graph => new DecoderPart(sessions.Open(graph, path), hidden, axes))];

        IEnumerable<int> Layers(OnnxGraph graph) => reducer.Cuts.Select(cut => cut.LayerOf(DecoderCut.LayersOf(graph)));
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
