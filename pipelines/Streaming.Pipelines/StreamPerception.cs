using System.Collections.Immutable;
using Streaming.Perception;

namespace Streaming.Pipelines;

/// <summary>
/// What a stream's pictures show, beside what the language model will be asked: things, what they do, and how many. Sessions run one
/// after another; numbers and counts go on from one to the next. A failure here ends perception for the session and nothing else.
/// </summary>
/// <param name="zones">The zones of the stream's settings; asked at the beginning of each session.</param>
/// <param name="past">What to go on after; null: nothing.</param>
/// <param name="reader">Null: nothing is read.</param>
public sealed class StreamPerception(
    DetectionLine detector, PerceptionOptions options, Func<ImmutableArray<Zone>> zones, NotebookSnapshot? past = null, ReadingLine? reader = null)
{
    private readonly Notebook _notebook = new(options.Notebook, past);
    private long _dropped, _looked, _detected;
    private volatile string? _problem;

    /// <summary>The side of the square that holds a picture of the size which perception wants: small print is lost below 960 pixels,
    /// while the detector's own input has 512.</summary>
    public int PictureSide => reader is null ? 512 : 960;

    public PerceptionOptions Options => options;

    /// <summary>The reading half: what is noted so far. Safe to read while the stream runs.</summary>
    public NotebookSnapshot Notes => _notebook.Snapshot;

    /// <summary>Takes notes of others. Any thread may.</summary>
    public void Write(IReadOnlyList<Note> notes) => _notebook.Write(notes);

    public HeatMap Heat { get; } = new();

    /// <summary>Why the session is not perceived, in words; null if it is.</summary>
    public string? Problem => _problem;

    /// <summary>Pictures that were looked at, that a detector looked at, and that had to be left out because it was busy.</summary>
    public (long Looked, long Detected, long Dropped) Account => (Interlocked.Read(ref _looked), Interlocked.Read(ref _detected), Interlocked.Read(ref _dropped));

    /// <param name="isLossy">The world does not wait: pictures that cannot be looked at in time are left out.</param>
    internal PerceptionRun Begin(bool isLossy)
    {
        _problem = null;
        return new PerceptionRun(this, detector, reader, new ScenePerceiver(options, zones(), _notebook, Heat), isLossy);
    }

    internal void Drop() => Interlocked.Increment(ref _dropped);

    internal void Look(bool isDetected)
    {
        Interlocked.Increment(ref _looked);
        if (isDetected)
            Interlocked.Increment(ref _detected);
    }

    internal void Fail(Exception why) => _problem = $"perception failed and is off until the stream reconnects: {why.GetType().Name}: {why.Message}";
}
