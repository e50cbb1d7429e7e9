using Streaming.Compression;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server.Archive;
using Streaming.Server.Films;
using Streaming.Video;

namespace Streaming.Server.Files;

/// <summary>One reading of a film, from where the last one stood: frames into memory, and into notes where perception is on.</summary>
/// <remarks>The tracker begins anew where a reading goes on: what was in view then is noted as being there once more. After a kill the
/// notes of at most 20 seconds of film are missing.</remarks>
internal sealed class Reading : IVideoStreamObserver
{
    /// <summary>A decoder process takes a second to start on a busy machine: before this, the speed so far tells nothing.</summary>
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(3);

    private readonly LocalSystem _system;
    private readonly TimeSpan _from;
    private readonly NotebookFile _notebook;
    private readonly StreamPerception? _perception;
    private long _started;

    internal Reading(LocalSystem system, FilmDraft draft)
    {
        (_system, Draft) = (system, draft);
        _notebook = new NotebookFile(draft.Folder, system.Warn);
        _perception = system.FilmDetector is not { } detector ? null : new StreamPerception(detector, new PerceptionOptions(), () => [], _notebook.Read(), system.Reader);
        if (_perception is not null)
            _notebook.ReadHeat(_perception.Heat);
        Stream = new VideoStream(
            system.Decoder, system.Model.EncoderFor(InferenceClass.Film), system.Streams, this, draft.Past(system.Streams.Memory), system.Clock, perception: _perception);
        _from = draft.Last is { } last ? NextSample(last.Keyframe.Time) : TimeSpan.Zero;
    }

    internal FilmDraft Draft { get; }

    internal VideoStream Stream { get; }

    /// <summary>What is noted so far; null while perception is off.</summary>
    internal NotebookSnapshot? Notes => _perception?.Notes;

    /// <summary>How far it was looked at.</summary>
    internal TimeSpan Reached => Stream.SessionTime ?? Draft.Last?.Keyframe.Time ?? TimeSpan.Zero;

    /// <summary>How far its memory goes, which is behind what was looked at while keyframes wait for the encoder.</summary>
    internal TimeSpan SeenUntil => Stream.SeenUntil ?? Draft.Last?.Keyframe.Time ?? TimeSpan.Zero;

    internal async Task<StreamReport> RunAsync(string path, CancellationToken cancellation)
    {
        _started = _system.Clock.GetTimestamp();
        try
        {
            DecodeRequest decode = _system.Streams.Decode with { From = _from };
            return await Stream.RunAsync(SourceRun.OfFilm(new FileSource(path), decode, _perception), cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (_perception is not null)
                _notebook.Write(_perception, isLast: true);
        }
    }

    void IVideoStreamObserver.Progressed(DecodeProgress progress, VideoFacts? facts) => Draft.Progressed(progress, facts);

    void IVideoStreamObserver.Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress) => Draft.Seen(keyframe, jpeg, encoded, progress);

    void IVideoStreamObserver.Kept(MemoryEntry entry, DecodeProgress progress)
    {
        Draft.Kept(entry, progress);
        if (_perception is not null)
            _notebook.Write(_perception);
    }

    /// <summary>How long the rest will take at the speed so far; null while that cannot be told.</summary>
    internal TimeSpan? Left(TimeSpan duration)
    {
        TimeSpan done = Reached - _from, took = _system.Clock.GetElapsedTime(_started);
        return took >= Telling && done > TimeSpan.Zero && duration > Reached ? took * ((duration - Reached) / done) : null;
    }

    /// <summary>The facts of a film that was read to its end.</summary>
    internal FilmFacts FactsOf(StreamReport report, FileFacts filed)
    {
        FilmFacts facts = FilmFacts.Of(report, Stream.Account, _system.TokensPerFrame, _system.Streams.Decode.FramesPerSecond);
        // A reading that goes on after the last picture finds none: all had been looked at.
        bool wasAtEnd = _from > TimeSpan.Zero && report.Decode.Failure?.Kind == SourceFailureKind.EndOfStream;
        return facts with
        {
            DurationSeconds = Math.Max(facts.DurationSeconds, Reached.TotalSeconds),
            Codec = filed.Codec,
            Width = filed.Width,
            Height = filed.Height,
            Problem = wasAtEnd ? null : facts.Problem,
        };
    }

    /// <summary>The sampling tick after the one that a frame was taken for.</summary>
    private TimeSpan NextSample(TimeSpan time)
    {
        double rate = _system.Streams.Decode.FramesPerSecond;
        const double rounding = 0.001; // Containers round times to milliseconds.
        return TimeSpan.FromSeconds((Math.Floor((time.TotalSeconds + rounding) * rate) + 1) / rate);
    }
}
