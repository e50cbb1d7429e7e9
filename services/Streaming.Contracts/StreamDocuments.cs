using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>What a caller says to declare a stream.</summary>
/// <param name="Name">1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit.</param>
/// <param name="Url">An rtsp:// or rtsps:// address, or null when <paramref name="File"/> is played.</param>
/// <param name="File">The id of an uploaded file, played once, in real time, as a camera would deliver it.</param>
/// <param name="SubUrl">A second, smaller stream of the same camera, preferred for analysis where it is given.</param>
/// <param name="Sampling">Frames per second that are looked at; null: the server's default.</param>
/// <param name="Decode">Whether all frames are decoded, or only intra frames, which costs a fraction.</param>
/// <param name="TimeZone">IANA name of the camera's time zone; null: UTC.</param>
/// <param name="Policy">The reducer that decides what of its keyframes is remembered; null: the server's default.</param>
/// <param name="Retain">Share of the visual tokens that a policy with a budget keeps; null: the server's default.</param>
/// <param name="Zones">Areas and lines whose crossing is noted.</param>
/// <param name="TimeoutSeconds">How long the camera may take to answer, and be silent, before it is lost, 1 to 300; null or 0: four of its own frame intervals, 5 to 60 s.</param>
public sealed record StreamRequest(
    string? Name, string? Url = null, string? File = null, string? SubUrl = null, double? Sampling = null, DecodeMode? Decode = null, string? TimeZone = null,
    string? Policy = null, double? Retain = null, IReadOnlyList<ZoneDocument>? Zones = null, double? TimeoutSeconds = null);

/// <summary>What to change of a stream; null leaves it.</summary>
/// <param name="SubUrl">Empty takes it away.</param>
/// <param name="Enabled">False stops the stream and keeps what it saw; true starts it again.</param>
/// <param name="Zones">All of them; an empty list takes them away.</param>
/// <param name="TimeoutSeconds">0 leaves it to the camera's own frame interval again.</param>
public sealed record StreamPatch(
    string? Url = null, string? SubUrl = null, double? Sampling = null, DecodeMode? Decode = null, string? TimeZone = null, bool? Enabled = null,
    string? Policy = null, double? Retain = null, IReadOnlyList<ZoneDocument>? Zones = null, double? TimeoutSeconds = null);

[JsonConverter(typeof(SnakeCaseEnum<DecodeMode>))]
public enum DecodeMode { All, Intra }

[JsonConverter(typeof(SnakeCaseEnum<StreamState>))]
public enum StreamState
{
    /// <summary>No frame has come yet.</summary>
    Connecting,
    Running,

    /// <summary>The source was lost and is tried again.</summary>
    Retrying,

    /// <summary>The source ended and does not come back.</summary>
    Ended,

    /// <summary>It cannot work without a change: wrong password, no video, unknown codec. It is still tried, rarely.</summary>
    Failed,

    /// <summary>Stopped by the caller.</summary>
    Stopped,
}

/// <summary>A stream as it is now.</summary>
/// <param name="Url">Without user and password.</param>
/// <param name="StartedAt">The moment that second 0 of the stream's time stands for: that of its first frame; before it, when the stream was declared.</param>
/// <param name="Sampling">Frames per second asked for.</param>
/// <param name="EffectiveSampling">Frames per second looked at now: less than asked for when the machine is too small.</param>
/// <param name="LastFrameAgeSeconds">Null before the first frame.</param>
/// <param name="LagSeconds">Age of the newest remembered frame when it was remembered: how far analysis is behind.</param>
/// <param name="LastError">Why the source was lost last, in words; kept after it came back.</param>
/// <param name="Notes">What an operator should know, such as a lowered rate; empty if all is well.</param>
/// <param name="Policy">The reducer that decides what of its keyframes is remembered.</param>
/// <param name="Retain">Share of the visual tokens that it keeps; null for one that decides by likeness alone.</param>
/// <param name="CodecSignals">What the codec tells of change: motion_vectors, packet_sizes, features (it hides it, every keyframe is encoded), or unknown so far.</param>
/// <param name="Perception">Whether its pictures are looked at for things and what they do.</param>
/// <param name="Zones">Areas and lines whose crossing is noted.</param>
/// <param name="DurableUntil">The moment of the newest keyframe that outlives this program; null: none does.</param>
/// <param name="Failure">While the source is away, of what kind its failure is: unreachable, unauthorized, not_video, undecodable, limit_exceeded, end_of_stream, decoder_lost or libraries_unusable.</param>
/// <param name="TimeoutSeconds">How long the camera may be silent; null: four of its own frame intervals, 5 to 60 s.</param>
/// <param name="Pictures">What is kept of its keyframes' pictures, and why others went.</param>
/// <param name="NotesDurableUntil">What perception had noted by this moment outlives this program; null: nothing does. A note that is made later may tell of an earlier moment.</param>
/// <param name="Transcript">Whether what is said is written into its notes.</param>
public sealed record StreamDocument(
    string Name,
    string? Url,
    string? File,
    string? SubUrl,
    StreamState State,
    DateTimeOffset StartedAt,
    string TimeZone,
    DecodeMode Decode,
    double Sampling,
    double EffectiveSampling,
    double? LastFrameAgeSeconds,
    double? LagSeconds,
    long Reconnects,
    string? Codec,
    int? Width,
    int? Height,
    StreamFrames Frames,
    StreamTokens VisualTokens,
    long MemoryBytes,
    string? LastError,
    IReadOnlyList<string> Notes,
    string Policy,
    double? Retain,
    string CodecSignals,
    PerceptionState Perception = PerceptionState.Off,
    IReadOnlyList<ZoneDocument>? Zones = null,
    DateTimeOffset? DurableUntil = null,
    string? Failure = null,
    double? TimeoutSeconds = null,
    DateTimeOffset? NotesDurableUntil = null,
    PicturesDocument? Pictures = null,
    TranscriptState Transcript = TranscriptState.Off);

/// <summary>The pictures that are kept of a stream.</summary>
/// <param name="Deleted">Since the program started.</param>
public sealed record PicturesDocument(int Kept, long Bytes, DeletedPictures Deleted);

/// <summary>How many pictures went, by why.</summary>
/// <param name="Age">Older than is kept (STREAMING_PICTURE_DAYS).</param>
/// <param name="Number">More than are kept, and nobody remembered them (STREAMING_KEYFRAMES).</param>
/// <param name="Size">More bytes than they may take together (STREAMING_PICTURE_SIZE).</param>
/// <param name="Disk">The disk had less room than is kept free (STREAMING_DISK_RESERVE).</param>
public sealed record DeletedPictures(long Age, long Number, long Size, long Disk);

/// <param name="Dropped">Sampled frames that were thrown away because analysis could not keep up, or the model did not answer.</param>
/// <param name="Reused">Keyframes that were not encoded: nothing had changed, so that they took over the tokens of the one before.</param>
public sealed record StreamFrames(long Decoded, long Sampled, long Dropped, long Kept, long Unreadable, long Reused = 0);

/// <param name="In">Made by the vision encoder.</param>
/// <param name="Kept">What the reducer left of them.</param>
/// <param name="Remembered">In memory now.</param>
public sealed record StreamTokens(long In, long Kept, long Remembered);

/// <summary>Keyframes of a stream or file.</summary>
public sealed record KeyframeList(IReadOnlyList<KeyframeDocument> Keyframes);

/// <param name="Seconds">Since the start of the stream or film.</param>
/// <param name="At">The same as a moment; null for a film.</param>
/// <param name="Picture">Path of its JPEG.</param>
/// <param name="VisualTokens">What the reducer left of its tokens.</param>
public sealed record KeyframeDocument(int Number, double Seconds, DateTimeOffset? At, string Reason, double Change, int VisualTokens, string Picture);

/// <param name="Id">What the OpenAI shape calls it.</param>
public sealed record ModelDocument(string Id, string Device, int ContextTokens);
