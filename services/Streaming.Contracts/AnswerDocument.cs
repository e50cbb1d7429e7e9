using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>The object that <c>ask --json</c> prints and the API answers with.</summary>
/// <param name="Model">The model that wrote the answer; null when nothing was seen and so no model was asked.</param>
/// <param name="Gaps">What it does not know about the stretch, in order of time; at most 16, the longest.</param>
public sealed record AnswerDocument(
    string Answer,
    IReadOnlyList<CitationDocument> Citations,
    FrameCounts Frames,
    UsageDocument Usage,
    TimingsDocument Timings,
    string? Model,
    IReadOnlyList<GapDocument> Gaps)
{
    /// <summary>What the model read of the pictures, for each source that it was asked about; only where the question asks for it, and not where the model is sent pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SightDocument>? Sight { get; init; }

    /// <summary>The parts of kept pictures that were looked at again for it; only where there are any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DetailDocument>? Detail { get; init; }

    /// <summary>Where it stands in its conversation; only where one was named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TurnPlace? Conversation { get; init; }
}

/// <summary>What of the stretch asked about was not seen, or has been given up since.</summary>
/// <param name="Reason">offline (no pictures came), dropped (frames were thrown away because analysis could not keep up), lost (keyframes
/// were thrown away because the model did not encode them), or compressed (all was seen, and some of its keyframes were given up since).</param>
/// <param name="Frames">How many frames or keyframes are missing; 0 where nobody can tell.</param>
/// <param name="Text">The same as one line for people.</param>
/// <param name="Stream">The stream or file it is about, where several were asked or the source is a stream.</param>
/// <param name="Start">Its start as a moment; only for streams.</param>
public sealed record GapDocument(
    double StartSeconds,
    double EndSeconds,
    string Reason,
    long Frames,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Stream = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Start = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? End = null);

/// <summary>A part of a kept picture that was looked at again, enlarged to the size of the model's input.</summary>
/// <param name="Seconds">The keyframe's time.</param>
/// <param name="Left">Share of the picture's width that lies left of it; the others alike.</param>
/// <param name="Stream">The stream or file it is about, where several were asked.</param>
public sealed record DetailDocument(
    double Seconds,
    double Left,
    double Top,
    double Width,
    double Height,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Stream = null);

/// <summary>A span of the film that the answer rests on.</summary>
/// <param name="Keyframe">Where the picture of its end lies: a file on the command line, a path of the API from the server.</param>
/// <param name="Stream">The stream or file it is about, where several were asked or the source is a stream.</param>
/// <param name="Start">The span's start as a moment; only for streams, whose time began at a known one.</param>
public sealed record CitationDocument(
    double StartSeconds,
    double EndSeconds,
    string Keyframe,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Stream = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Start = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? End = null);

/// <param name="Decoded">Pictures decoded.</param>
/// <param name="Sampled">Pictures looked at.</param>
/// <param name="Kept">Keyframes.</param>
/// <param name="Unreadable">Packets or pictures that could not be decoded.</param>
/// <param name="Reused">Keyframes that were not encoded: nothing had changed, so that they took over the tokens of the one before.</param>
/// <param name="CodecSignals">What the codec tells of change: motion_vectors, packet_sizes, features (it hides it, every keyframe is encoded), unknown; null: of several sources.</param>
public sealed record FrameCounts(long Decoded, long Sampled, long Kept, long Unreadable, long Reused = 0, string? CodecSignals = null);

/// <param name="VisualTokensSource">Tokens of all sampled pictures in the stretch asked about.</param>
/// <param name="VisualTokensKept">Tokens that the model read.</param>
/// <param name="Notes">Lines of notes of perception that it read besides.</param>
public sealed record UsageDocument(long VisualTokensSource, int VisualTokensKept, int PromptTokens, int CompletionTokens, int Notes = 0);

/// <summary>Seconds. Zero for what was not done because the film had been seen before.</summary>
public sealed record TimingsDocument(double Decode, double Encode, double Reduce, double Prefill, double DecodeSteps);

/// <summary>How the documents are written: snake case, nothing left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AnswerDocument))]
[JsonSerializable(typeof(UploadDocument))]
[JsonSerializable(typeof(StreamRequest))]
[JsonSerializable(typeof(StreamPatch))]
[JsonSerializable(typeof(StreamDocument))]
[JsonSerializable(typeof(IReadOnlyList<StreamDocument>))]
[JsonSerializable(typeof(FileDocument))]
[JsonSerializable(typeof(IReadOnlyList<FileDocument>))]
[JsonSerializable(typeof(KeyframeList))]
[JsonSerializable(typeof(MemoryDocument))]
[JsonSerializable(typeof(EventList))]
[JsonSerializable(typeof(CountTable))]
[JsonSerializable(typeof(WatchRequest))]
[JsonSerializable(typeof(WatchPatch))]
[JsonSerializable(typeof(WatchDocument))]
[JsonSerializable(typeof(WatchList))]
[JsonSerializable(typeof(BacktestDocument))]
[JsonSerializable(typeof(AlertDocument))]
[JsonSerializable(typeof(AlertList))]
[JsonSerializable(typeof(Acknowledgement))]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(ConversationDocument))]
[JsonSerializable(typeof(Moment))]
public sealed partial class DocumentJson : JsonSerializerContext;
