using System.Net;
using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Models.OpenAI;
using Streaming.Pipelines;
using Streaming.Server.Clustering;
using Streaming.Server.Store;
using Streaming.Server.Streams;
using Streaming.Video;

namespace Streaming.Server;

/// <summary>What an operator may set. Each has an environment variable; the README's table lists them.</summary>
public sealed record Settings
{
    /// <summary>Two whole frames of the models with the most tokens a frame, and the newest frames of the shipped one.</summary>
    private const int LeastMemory = 2048;

    /// <summary>STREAMING_DATA: where streams, uploads and what was seen of them are kept.</summary>
    public string DataFolder { get; init; } = DefaultDataFolder();

    /// <summary>STREAMING_MODEL: name or path of a model folder.</summary>
    public string Model { get; init; } = "scenes";

    /// <summary>STREAMING_DTYPE: which of the model folder's graphs, by transformers.js' names.</summary>
    public string Dtype { get; init; } = "fp32";

    /// <summary>STREAMING_DEVICE: cpu, cuda or cuda:N.</summary>
    public ExecutionDevice Device { get; init; } = ExecutionDevice.Cpu;

    /// <summary>The N of cuda:N.</summary>
    public int DeviceNumber { get; init; }

    /// <summary>STREAMING_REMOTE, STREAMING_REMOTE_MODEL, STREAMING_REMOTE_KEY, STREAMING_REMOTE_FRAMES: a server that answers in place of
    /// the model folder's language model; null: none does.</summary>
    public RemoteOptions? Remote { get; init; }

    /// <summary>STREAMING_THREADS: threads of one inference; 0: one per core.</summary>
    public int Threads { get; init; }

    /// <summary>STREAMING_INNER_REDUCER: how visual tokens are made fewer inside the language model; null: not at all.</summary>
    public InnerReducer? InnerReducer { get; init; }

    /// <summary>STREAMING_VISUAL_TOKENS: most visual tokens in a prompt.</summary>
    public int VisualTokens { get; init; } = new AnsweringOptions().VisualTokenBudget;

    /// <summary>STREAMING_POLICY: the reducer that decides what of a keyframe is remembered, unless a stream is declared with another;
    /// STREAMING_RETAIN: the share of the visual tokens that one with a budget keeps.</summary>
    public ReducerOptions Reducer { get; init; } = new();

    /// <summary>STREAMING_CAMERAS: path of a JSON file that declares streams, a list of the bodies that POST /v1/streams takes. Read at start.</summary>
    public IReadOnlyList<StreamRequest> Cameras { get; init; } = [];

    /// <summary>STREAMING_STREAMS: most streams. Each has a decoder process of about 50 MB.</summary>
    public int Streams { get; init; } = 64;

    /// <summary>STREAMING_MEMORY_TOKENS: the most visual tokens that each stream remembers.</summary>
    public MemoryOptions Memory { get; init; } = new();

    /// <summary>STREAMING_FILES: most uploaded files.</summary>
    public int Files { get; init; } = 1000;

    /// <summary>Largest upload, whatever HTTP lets through.</summary>
    public long UploadBytes { get; init; } = long.MaxValue;

    /// <summary>STREAMING_QUESTIONS: most questions that wait or are being answered. At a tenth of a second each the last waits three seconds.</summary>
    public int Questions { get; init; } = 32;

    /// <summary>STREAMING_KEYFRAMES, STREAMING_PICTURE_DAYS and STREAMING_PICTURE_SIZE: how many pictures of each stream stay besides those that
    /// its memory holds, how long any stays, and how many bytes all of them may take.</summary>
    public PictureQuota Pictures { get; init; } = new();

    /// <summary>STREAMING_DISK_RESERVE: bytes of the data folder's disk that are kept free. A minute of a hundred cameras takes as much, so that an operator has time.</summary>
    public long DiskReserveBytes { get; init; } = 512L << 20;

    /// <summary>STREAMING_FILM_SECONDS, STREAMING_FILM_PIXELS and STREAMING_FILM_FRAMES: the longest film, largest picture and most
    /// pictures that are decoded.</summary>
    public DecodeLimits Limits { get; init; } = new();

    /// <summary>STREAMING_EGRESS: networks of the operator's own to which webhooks may be sent, such as 10.1.0.0/16,127.0.0.1/32. Others that are not public are refused.</summary>
    public IReadOnlyList<IPNetwork> Egress { get; init; } = [];

    /// <summary>STREAMING_PERCEPTION: whether pictures are looked at for things, where the weights for it are installed.</summary>
    public bool Perception { get; init; } = true;

    /// <summary>STREAMING_SPEECH: name or path of a folder of Whisper's family, which writes down what is said in perceived streams; null: nothing does.</summary>
    public string? Speech { get; init; }

    /// <summary>STREAMING_SPEECH_LANGUAGE: what is spoken, such as en; null: each stretch of sound is listened to for its language.</summary>
    public string? SpeechLanguage { get; init; }

    /// <summary>STREAMING_MODEL_NOTES: whether the model notes what happened in each clip of a perceived stream, when nobody else needs it.</summary>
    public bool ModelNotes { get; init; }

    /// <summary>STREAMING_REDIS: the Redis that stores what streams remember, under keys that begin with STREAMING_REDIS_PREFIX and are gone
    /// STREAMING_REDIS_DAYS after their last writing; with TLS of an authority in STREAMING_REDIS_CA; null: the data folder does.</summary>
    public RedisAddress? Redis { get; init; }

    /// <summary>STREAMING_CLUSTER, STREAMING_CLUSTER_ADDRESS and STREAMING_CLUSTER_MACHINE: the cluster that this server joins, where the others
    /// reach it, and its own name among them; null: it is alone.</summary>
    public ClusterSettings? Cluster { get; init; }

    /// <summary>STREAMING_EVENT_DAYS: how long events of watches are kept.</summary>
    public int EventDays { get; init; } = 30;

    /// <summary>STREAMING_EVENT_BYTES: the most that events take with their pictures; the oldest go first. A picture has about 25 kB, so that this holds ten thousand.</summary>
    public long EventBytes { get; init; } = 256L << 20;

    internal const string CamerasVariable = "STREAMING_CAMERAS";

    /// <summary>Where models are pulled and loaded to: the first folder of STREAMING_MODELS, else one beside all other data.</summary>
    public string ModelsFolder => ModelLibrary.Named().FirstOrDefault() ?? Path.Combine(DataFolder, "models");

    /// <summary>The models on this machine.</summary>
    public ModelLibrary Library() => ModelLibrary.Default(ModelsFolder);

    /// <exception cref="SettingException">A variable holds what it cannot mean.</exception>
    public static Settings FromEnvironment() => FromVariables(SettingVariables.Read);

    /// <param name="variable">The value of a variable; null where it is not set.</param>
    /// <exception cref="SettingException">A variable holds what it cannot mean.</exception>
    public static Settings FromVariables(Func<string, string?> variable)
    {
        var defaults = new Settings();
        var read = new SettingReader(variable);
        return new Settings
        {
            DataFolder = Path.GetFullPath(read.Text("STREAMING_DATA") ?? defaults.DataFolder),
            Model = read.Text("STREAMING_MODEL") ?? defaults.Model,
            Dtype = read.Text("STREAMING_DTYPE") ?? defaults.Dtype,
            Device = read.Device("STREAMING_DEVICE")?.Kind ?? defaults.Device,
            DeviceNumber = read.Device("STREAMING_DEVICE")?.Number ?? defaults.DeviceNumber,
            Remote = read.Remote(),
            Threads = read.Number("STREAMING_THREADS", 0, 256) ?? defaults.Threads,
            InnerReducer = read.Inner("STREAMING_INNER_REDUCER") ?? defaults.InnerReducer,
            VisualTokens = read.Number("STREAMING_VISUAL_TOKENS", 1, 1_000_000) ?? defaults.VisualTokens,
            Reducer = defaults.Reducer with
            {
                Name = read.Policy("STREAMING_POLICY") ?? defaults.Reducer.Name,
                RetainRatio = read.Share("STREAMING_RETAIN") ?? defaults.Reducer.RetainRatio,
            },
            Memory = defaults.Memory with { Budget = read.Number("STREAMING_MEMORY_TOKENS", LeastMemory, 10_000_000) ?? defaults.Memory.Budget },
            Cameras = read.Text(CamerasVariable) is { } cameras ? CameraFile.Read(cameras) : defaults.Cameras,
            Streams = read.Number("STREAMING_STREAMS", 0, 10_000) ?? defaults.Streams,
            Files = read.Number("STREAMING_FILES", 0, 1_000_000) ?? defaults.Files,
            Questions = read.Number("STREAMING_QUESTIONS", 1, 10_000) ?? defaults.Questions,
            Pictures = read.Pictures(defaults.Pictures),
            DiskReserveBytes = read.Size("STREAMING_DISK_RESERVE") ?? defaults.DiskReserveBytes,
            EventDays = read.Number("STREAMING_EVENT_DAYS", 1, 36_500) ?? defaults.EventDays,
            EventBytes = read.Number("STREAMING_EVENT_BYTES", 1 << 16, int.MaxValue) ?? defaults.EventBytes,
            Egress = read.Networks("STREAMING_EGRESS") ?? defaults.Egress,
            Perception = read.Switch("STREAMING_PERCEPTION") ?? defaults.Perception,
            Speech = read.Text("STREAMING_SPEECH") ?? defaults.Speech,
            SpeechLanguage = read.Text("STREAMING_SPEECH_LANGUAGE") ?? defaults.SpeechLanguage,
            ModelNotes = read.Switch("STREAMING_MODEL_NOTES") ?? defaults.ModelNotes,
            Redis = read.Redis(),
            Cluster = read.Cluster(),
            Limits = defaults.Limits with
            {
                MaxDuration = read.Number("STREAMING_FILM_SECONDS", 1, 31_622_400) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.Limits.MaxDuration,
                MaxPixels = read.Number("STREAMING_FILM_PIXELS", 1, 1 << 28) ?? defaults.Limits.MaxPixels,
                MaxFrames = read.Number("STREAMING_FILM_FRAMES", 1, int.MaxValue) ?? defaults.Limits.MaxFrames,
            },
        };
    }

    private static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "streaming");
}

/// <summary>A setting that cannot be meant; the message names it, its value and what it may be.</summary>
public sealed class SettingException(string message) : Exception(message)
{
    public SettingException(string name, string value, string expected)
        : this($"{name} is \"{value}\", it has to be {expected}")
    {
    }
}
