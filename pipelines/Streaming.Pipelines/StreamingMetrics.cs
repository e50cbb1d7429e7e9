using System.Diagnostics.Metrics;
using Streaming.Models;
using Streaming.Perception;

namespace Streaming.Pipelines;

/// <summary>What the metrics say of one stream.</summary>
/// <param name="Share">Of the sampling asked for.</param>
/// <param name="Perception">Null while it is off.</param>
/// <param name="Unstored">Keyframes that are remembered and not durable yet.</param>
/// <param name="StoreFailures">Writings to the memory store that failed.</param>
/// <param name="ClipNotes">Clips that the model noted, and that it did not get to.</param>
public readonly record struct StreamObservation(
    string Stream, StreamPhase Phase, StreamAccount Account, long Reconnects, TimeSpan? FrameAge, TimeSpan? Lag, long MemoryTokens, long MemoryBytes, double Share,
    StreamPerception? Perception = null, long Unstored = 0, long StoreFailures = 0,
    (long Written, long Skipped) ClipNotes = default)
{
    /// <summary>Pictures of keyframes that were deleted, by why.</summary>
    public IReadOnlyList<(string Reason, long Count)> PicturesDeleted { get; init; } = [];
}

/// <summary>
/// The instruments of the meter <see cref="MeterName"/>, in base units. Counters are observed from the counts that streams keep
/// anyway, so that a frame costs nothing more; their values are totals since the stream was declared.
/// </summary>
public sealed class StreamingMetrics : IDisposable
{
    public const string MeterName = "Streaming";

    // From a tenth of the least time of an inference to ten times the deadline for remembering a frame.
    private static readonly double[] Seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    // A word, a sentence, the cap of an answer, and that of a remote model's.
    private static readonly long[] Lengths = [2, 4, 8, 16, 32, 64, 96, 128, 256, 512, 1024];

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _remembered, _answered;
    private readonly Counter<long> _prompted, _cut;
    private readonly Histogram<long> _written;
    private readonly Func<IEnumerable<StreamObservation>> _streams;

    /// <param name="streams">All streams as they are now.</param>
    /// <param name="queue">The line in front of the model.</param>
    /// <param name="questions">How many questions wait or are being answered.</param>
    /// <param name="gpuMemory">Bytes of the GPU that the model runs on; null: it runs on none.</param>
    public StreamingMetrics(
        Func<IEnumerable<StreamObservation>> streams, InferenceQueue queue, Func<int> questions, Func<(long Used, long Total)?> gpuMemory)
    {
        _streams = streams;
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds };
        _remembered = _meter.CreateHistogram("streaming_chunk_e2e_seconds", "s", "From the arrival of a keyframe until it is remembered.", null, buckets);
        _answered = _meter.CreateHistogram("streaming_answer_seconds", "s", "From a question to its first token and to its end.", null, buckets);
        _prompted = _meter.CreateCounter<long>("streaming_prompt_tokens_total", null, "Tokens of prompts by whether they were read, or cached from the prompt before.");
        _written = _meter.CreateHistogram("streaming_answer_tokens", null, "Tokens of answers; pictures can be made that drive a model to long ones.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = Lengths });
        _cut = _meter.CreateCounter<long>("streaming_answers_cut_total", null, "Answers that did not come to their own end: length, deadline, or repetition, where they went round in circles.");
        Count("streaming_frames_total", "Frames by how far they came.", Frames);
        Count("streaming_frames_dropped_total", "Frames that were not looked at, by reason.", Dropped);
        Count("streaming_encodes_total", "Keyframes by whether they were encoded or took over the tokens of one that looks the same.", Encodes);
        Count("streaming_visual_tokens_total", "Visual tokens, made and kept.", Tokens);
        Count("streaming_stream_reconnects_total", "How often a lost source came back.", s => [Of(s, s.Reconnects)]);
        Count("streaming_decode_errors_total", "Packets or pictures that could not be decoded.", s => [Of(s, s.Account.Unreadable)]);
        Gauge("streaming_stream_up", "", "1 while frames come.", s => s.Phase == StreamPhase.Running ? 1 : 0);
        Gauge("streaming_stream_expected", "", "1 while frames should come; 0 when its owner stopped it or its film ended.", s => s.Phase is StreamPhase.Stopped or StreamPhase.Ended ? 0 : 1);
        Gauge("streaming_stream_frame_age_seconds", "s", "Since the newest frame came.", s => s.FrameAge?.TotalSeconds);
        Gauge("streaming_stream_lag_seconds", "s", "How old the newest remembered frame was when it was remembered.", s => s.Lag?.TotalSeconds);
        Gauge("streaming_stream_sampling_ratio", "", "Share of the sampling asked for.", s => s.Share);
        Gauge("streaming_memory_tokens", "", "Visual tokens remembered.", s => s.MemoryTokens);
        Gauge("streaming_memory_bytes", "By", "What the remembered tokens take.", s => s.MemoryBytes);
        Gauge("streaming_memory_unstored", "", "Keyframes that are remembered and not durable yet.", s => s.Unstored);
        Count("streaming_memory_store_failures_total", "Writings to the memory store that failed.", s => [Of(s, s.StoreFailures)]);
        Count("streaming_clip_notes_total", "Closed clips by whether the model noted them or did not get to them.",
            s => [Of(s, s.ClipNotes.Written, ("outcome", "written")), Of(s, s.ClipNotes.Skipped, ("outcome", "skipped"))]);
        Count("streaming_pictures_deleted_total", "Pictures of keyframes that were deleted, by why.", s => s.PicturesDeleted.Select(deleted => Of(s, deleted.Count, ("reason", deleted.Reason))));
        _meter.CreateObservableGauge("streaming_things", () => _streams().SelectMany(Things(total => total.Now)), null, "Things in view now, by class.");
        Count("streaming_things_seen_total", "Different things seen, by class.", Things(total => total.SoFar));
        Count("streaming_perception_frames_total", "Pictures that perception looked at, gave to the detector, and left out because it was busy.", Perceived);
        _meter.CreateObservableGauge("streaming_queue_depth", () => queue.Depth, null, "Inferences that wait for the device.");
        _meter.CreateObservableGauge("streaming_model_up", () => queue.Trouble is null ? 1 : 0, null, "1 while the model answers.");
        _meter.CreateObservableCounter("streaming_inference_failures_total", () => Failures(queue.Faults), null, "Inferences that came to nothing, by what asked for them and by reason.");
        _meter.CreateObservableGauge("streaming_questions", questions, null, "Questions that wait or are being answered.");
        _meter.CreateObservableGauge("streaming_gpu_memory_used_bytes", () => Gpu(memory => memory.Used), "By", "What all programs use of the memory of the GPU that the model runs on.");
        _meter.CreateObservableGauge("streaming_gpu_memory_total_bytes", () => Gpu(memory => memory.Total), "By", "The memory of the GPU that the model runs on.");

        IEnumerable<Measurement<long>> Gpu(Func<(long Used, long Total), long> value) => gpuMemory() is { } memory ? [new Measurement<long>(value(memory))] : [];
    }

    /// <summary>What to tell when a stream has remembered a keyframe, and how long that took.</summary>
    public Action<TimeSpan> Remembered(string stream)
    {
        var label = new KeyValuePair<string, object?>("stream", stream);
        return took => _remembered.Record(took.TotalSeconds, label);
    }

    /// <param name="stage"><c>first_token</c> or <c>total</c>.</param>
    public void Answered(string stream, string stage, TimeSpan took) =>
        _answered.Record(took.TotalSeconds, new KeyValuePair<string, object?>("stream", stream), new KeyValuePair<string, object?>("stage", stage));

    /// <summary>How long an answer became, and how it ended.</summary>
    public void Written(string stream, int tokens, FinishReason finish)
    {
        _written.Record(tokens, new KeyValuePair<string, object?>("stream", stream));
        if (finish != FinishReason.Stop)
            _cut.Add(1, new KeyValuePair<string, object?>("stream", stream), new KeyValuePair<string, object?>("reason", finish.ToString().ToLowerInvariant()));
    }

    /// <summary>What the prompt of an answer cost.</summary>
    public void Prompted(string stream, AnswerUsage usage)
    {
        Add("read", usage.PromptTokens - usage.CachedTokens);
        Add("cached", usage.CachedTokens);

        void Add(string outcome, int tokens) =>
            _prompted.Add(tokens, new KeyValuePair<string, object?>("stream", stream), new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Frames(StreamObservation s) =>
        [Of(s, s.Account.Decoded, ("stage", "decoded")), Of(s, s.Account.Sampled, ("stage", "sampled")), Of(s, s.Account.Kept, ("stage", "kept"))];

    private static IEnumerable<Measurement<long>> Encodes(StreamObservation s) =>
        [Of(s, s.Account.Kept - s.Account.Reused, ("outcome", "encoded")), Of(s, s.Account.Reused, ("outcome", "reused"))];

    private static IEnumerable<Measurement<long>> Dropped(StreamObservation s) =>
    [
        Of(s, s.Account.Dropped, ("stage", "select"), ("reason", "late")),
        Of(s, s.Account.Lost, ("stage", "encode"), ("reason", "model")),
        Of(s, s.Account.Thinned, ("stage", "decode"), ("reason", "lowered_rate")),
    ];

    /// <summary>Also those that never were: a rate needs the zero before the first.</summary>
    private static IEnumerable<Measurement<long>> Failures(IReadOnlyList<InferenceFaultCount> faults) =>
        from inferenceClass in Enum.GetValues<InferenceClass>()
        from fault in Enum.GetValues<InferenceFault>()
        select new Measurement<long>(
            faults.Where(count => (count.Class, count.Fault) == (inferenceClass, fault)).Sum(count => count.Count),
            new KeyValuePair<string, object?>("stage", $"{inferenceClass}".ToLowerInvariant()), new KeyValuePair<string, object?>("reason", $"{fault}".ToLowerInvariant()));

    private static Func<StreamObservation, IEnumerable<Measurement<long>>> Things(Func<ClassTotal, long> value) => s =>
        s.Perception is { } perception ? perception.Notes.Totals.Values.Select(total => Of(s, value(total), ("class", total.Label))) : [];

    private static IEnumerable<Measurement<long>> Perceived(StreamObservation s) => s.Perception?.Account is var (looked, detected, dropped)
        ? [Of(s, looked, ("stage", "looked")), Of(s, detected, ("stage", "detected")), Of(s, dropped, ("stage", "dropped"))]
        : [];

    private static IEnumerable<Measurement<long>> Tokens(StreamObservation s) =>
        [Of(s, s.Account.TokensIn, ("stage", "in")), Of(s, s.Account.TokensKept, ("stage", "kept"))];

    private static Measurement<long> Of(StreamObservation s, long value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var all = new KeyValuePair<string, object?>[labels.Length + 1];
        all[0] = new("stream", s.Stream);
        for (int i = 0; i < labels.Length; i++)
            all[i + 1] = new(labels[i].Name, labels[i].Value);
        return new Measurement<long>(value, all);
    }

    private void Count(string name, string description, Func<StreamObservation, IEnumerable<Measurement<long>>> values) =>
        _meter.CreateObservableCounter(name, () => _streams().SelectMany(values), null, description);

    private void Gauge(string name, string unit, string description, Func<StreamObservation, double?> value) => _meter.CreateObservableGauge(
        name, () => from s in _streams() let now = value(s) where now is not null select new Measurement<double>(now.Value, new KeyValuePair<string, object?>("stream", s.Stream)),
        unit, description);
}
