using System.Diagnostics;
using System.Threading.Channels;
using Streaming.Compression;
using Streaming.Compression.Codec;
using Streaming.Compression.Ladder;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>
/// The writing half of a stream: source -> decoder -> frames -> keyframe selector -> vision encoder -> reducer -> memory, and beside it
/// frames -> perception -> notebook.
/// Sessions run one after another; numbering, memory and counts go on from one to the next.
/// </summary>
public sealed class VideoStream
{
    private readonly Decoder _decoder;
    private readonly FrameEncoder _encoder;
    private readonly VideoStreamOptions _options;
    private readonly IVideoStreamObserver? _observer;
    private readonly TimeProvider _clock;
    private readonly Action<TimeSpan>? _remembered;
    private readonly StreamPerception? _perception;
    private readonly StreamSpeech? _speech;
    private readonly KeyframeSelector _selector;
    private readonly StreamMemory _memory;
    private readonly StreamCounts _counts;
    private readonly MemoryHorizon _horizon = new();
    private readonly GapLog _gaps;
    private readonly ClosedClips _closed = new();

    /// <summary>The counts as of each keyframe that is not final yet.</summary>
    private readonly Queue<DecodeProgress> _open = new();
    private readonly TokenReuse _reuse;
    private IStreamReducer _reducer;
    private ReducerOptions _reducedBy;
    private TimeSpan _reduceTime;
    private DecodeSession? _newest;
    private volatile bool _intraOnly;

    /// <param name="observer">Told what is kept.</param>
    /// <param name="past">What to go on after; null: nothing.</param>
    /// <param name="remembered">Told of each keyframe how long it took from its arrival into memory.</param>
    /// <param name="perception">Looks at all frames, not only at keyframes; null: nobody does.</param>
    /// <param name="speech">Writes down what is said, where the decoder is asked for sound; null: nobody does.</param>
    public VideoStream(
        Decoder decoder, FrameEncoder encoder, VideoStreamOptions options, IVideoStreamObserver? observer = null, StreamPast? past = null, TimeProvider? clock = null,
        Action<TimeSpan>? remembered = null, StreamPerception? perception = null, StreamSpeech? speech = null)
    {
        past ??= StreamPast.None;
        (_perception, _speech) = (perception, speech);
        _remembered = remembered;
        (_decoder, _encoder, _options, _observer, _clock) = (decoder, encoder, options, observer, clock ?? TimeProvider.System);
        Live = new LivePicture(_clock);
        _selector = new KeyframeSelector(options.Keyframes, past.Keyframes);
        _reuse = new TokenReuse(options.Codec);
        (_reducedBy, _reducer) = (options.Reducer, Reducers.ForStream(options.Reducer));
        _memory = new StreamMemory(options.Memory, past.Memory);
        foreach (MemoryEntry entry in past.Memory.Entries)
            _reducer.Resume(entry.Tokens);
        _counts = new StreamCounts(past.Account, _clock);
        _gaps = new GapLog(past.Gaps, past.End);
    }

    /// <summary>The reading half: what is remembered so far. Safe to read while the stream runs.</summary>
    public MemorySnapshot Memory => _memory.Snapshot;

    /// <summary>What of it is final, to be stored.</summary>
    public MemorySnapshot Written => _memory.Written;

    /// <summary>What was not seen so far; of a film that is read as fast as can be, nothing. The same object until there is more.</summary>
    public IReadOnlyList<Gap> Gaps => _gaps.Gaps;

    /// <summary>Told each clip of the memory when it is closed, and the memory; set once, before the stream runs.</summary>
    public Action<MemoryClip, MemorySnapshot>? ClipClosed { get; set; }

    /// <summary>Counts so far.</summary>
    public StreamAccount Account => _counts.Account;

    /// <summary>Of the newest session that showed a picture; null before.</summary>
    public VideoFacts? Facts => _counts.Facts;

    /// <summary>What the codec of the newest session tells of change.</summary>
    public CodecEvidence Evidence => _reuse.Evidence;

    /// <summary>How long ago the newest frame came; null before the first.</summary>
    public TimeSpan? FrameAge => _counts.FrameAge;

    /// <summary>How old the newest remembered frame was when it was remembered; null before the first.</summary>
    public TimeSpan? Lag => _counts.Lag;

    /// <summary>Time of the newest frame in its own session: how far a film has been played; null before the first.</summary>
    public TimeSpan? SessionTime => _counts.SessionTime;

    /// <summary>The moment up to which memory speaks for the stream; null before the first frame of this run.</summary>
    public TimeSpan? SeenUntil => _horizon.SeenUntil;

    /// <summary>Frames of the newest session that are not disposed yet: between two stages or in one. None once it has ended.</summary>
    public int FramesInUse => Volatile.Read(ref _newest)?.FramesInUse ?? 0;

    /// <summary>Decode nothing but intra frames, whatever was asked for: the decoder cannot keep up.</summary>
    public bool IntraOnly
    {
        get => _intraOnly;
        set
        {
            if (_intraOnly == value)
                return;
            _intraOnly = value;
            _counts.Session?.DecodeIntraOnly(value);
        }
    }

    /// <summary>The newest picture that was looked at.</summary>
    public LivePicture Live { get; }

    /// <summary>Which share of the frames is looked at.</summary>
    public FrameShare Share { get; } = new();

    /// <summary>Goes on with another policy. Between two sessions only, when nothing is open.</summary>
    public void ReduceBy(ReducerOptions options)
    {
        if (options == _reducedBy)
            return;
        (_reducedBy, _reducer) = (options, Reducers.ForStream(options));
        foreach (MemoryEntry entry in _memory.Snapshot.Entries)
            _reducer.Resume(entry.Tokens);
    }

    /// <summary>Runs until the source ends or fails. How it ended stands in the report; bugs and cancellation throw.</summary>
    /// <exception cref="InferenceException">The model did not encode a frame of a film, which loses nothing.</exception>
    public Task<StreamReport> RunAsync(VideoSource source, CancellationToken cancellation = default) =>
        RunAsync(new SourceRun(source, _options.Decode), cancellation);

    /// <inheritdoc cref="RunAsync(VideoSource, CancellationToken)"/>
    public async Task<StreamReport> RunAsync(SourceRun run, CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        run.Timeline?.BeginSession();
        _gaps.BeginSession();
        await using DecodeSession session = _decoder.Open(run.Source, run.Decode, stop.Token);
        Volatile.Write(ref _newest, session);
        _counts.Begin(session);
        _reuse.Begin();
        if (_intraOnly)
            session.DecodeIntraOnly(true);
        PerceptionRun? perception = _perception?.Begin(run.IsLossy);
        Channel<Arrival> frames = FramesOf(run);
        Channel<Candidate> keyframes = Channel.CreateBounded<Candidate>(new BoundedChannelOptions(_options.EncoderBatch) { SingleReader = true, SingleWriter = true });
        try
        {
            await Stages.Run(
                cancellation,
                token => Decode(run, session, stop, frames.Writer, perception, token),
                token => perception?.RunAsync(token) ?? Task.CompletedTask,
                token => _speech?.RunAsync(session.Sounds(token), run.TimeOf, token) ?? Task.CompletedTask,
                token => Select(session, frames.Reader, keyframes.Writer, token),
                token => EncodeReduceRemember(run, keyframes.Reader, token)).ConfigureAwait(false);
        }
        finally
        {
            Drain(frames.Reader, keyframes.Reader);
            Settle(_reducer.End(), []);
            _horizon.End();
            _counts.End();
        }
        DecodeReport decoded = await session.Completion.ConfigureAwait(false);
        StreamAccount account = _counts.Account;
        return new StreamReport(decoded, account.Dropped, (int)account.Kept, account.TokensIn, account.TokensKept, _encoder.Elapsed, _reduceTime, Evidence);
    }

    /// <summary>A frame on its way to the selector, which disposes it or passes it on.</summary>
    /// <param name="Time">In its own session.</param>
    private readonly record struct Arrival(Frame Frame, long Timestamp, TimeSpan Time, CodecNews Codec);

    /// <summary>A kept frame on its way to the encoder, which disposes it.</summary>
    /// <param name="SameAs">The number of the keyframe whose tokens it can take over; null: none.</param>
    private readonly record struct Candidate(Frame Frame, Keyframe Keyframe, byte[] Jpeg, long Arrived, DecodeProgress Progress, int? SameAs);

    /// <summary>The one lossy edge: a camera does not wait, so the oldest frame that nobody took is dropped, counted and disposed.</summary>
    private Channel<Arrival> FramesOf(SourceRun run) => Channel.CreateBounded<Arrival>(
        new BoundedChannelOptions(_options.QueuedFrames)
        {
            FullMode = run.IsLossy ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait,
            SingleReader = true,
            SingleWriter = true,
        },
        late =>
        {
            _counts.Drop();
            _gaps.Miss(late.Frame.Time, GapReason.Dropped);
            late.Frame.Dispose();
        });

    /// <param name="stop">Ends the decoder when another stage fails: it may be waiting for a camera that says nothing.</param>
    private async Task Decode(
        SourceRun run, DecodeSession session, CancellationTokenSource stop, ChannelWriter<Arrival> frames, PerceptionRun? perception, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration ending = cancellation.Register(stop.Cancel);
        RealTimePace? pace = run.InRealTime ? new RealTimePace(_clock) : null;
        var sampler = new FrameSampler(run.Sampling ?? DecodeRequest.MaxFramesPerSecond, run.Decode.From, to: null);
        bool isFirst = true;
        try
        {
            await foreach (Frame frame in session.Frames().ConfigureAwait(false))
            {
                Frame arriving = frame;
                try
                {
                    if (pace is not null)
                        await pace.WaitFor(frame.Time, cancellation).ConfigureAwait(false);
                    long arrived = _counts.Arrive(frame);
                    TimeSpan time = frame.Time;
                    CodecNews codec = _reuse.Observe(frame);
                    bool isSampled = run.Sampling is null || sampler.IsWanted(frame.Time), isAdmitted = isSampled && Share.Admits();
                    if (isSampled && !isAdmitted)
                        _counts.Thin();
                    if (!isAdmitted && perception is null)
                        continue;
                    if (run.Timeline is { } timeline)
                    {
                        arriving = frame.At(timeline.Place(frame.Time));
                        _gaps.Arrive(arriving.Time);
                    }
                    pace?.Passed(time);
                    if (isFirst)
                        run.OnFirstFrame?.Invoke();
                    isFirst = false;
                    if (perception is not null && !(frame.Time <= run.NotedUntil))
                        await perception.OfferAsync(arriving, cancellation).ConfigureAwait(false);
                    if (!isAdmitted)
                        continue;
                    await frames.WriteAsync(new Arrival(arriving, arrived, time, codec), cancellation).ConfigureAwait(false);
                    arriving = null!;
                }
                finally
                {
                    arriving?.Dispose();
                }
            }
        }
        finally
        {
            frames.Complete();
            perception?.Complete();
        }
    }

    private async Task Select(DecodeSession session, ChannelReader<Arrival> frames, ChannelWriter<Candidate> keyframes, CancellationToken cancellation)
    {
        using var jpeg = new JpegEncoder();
        try
        {
            await foreach ((Frame frame, long arrived, TimeSpan time, CodecNews codec) in frames.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                bool handedOver = false;
                try
                {
                    DecodeProgress progress = _counts.Look(frame);
                    _observer?.Progressed(progress, session.Facts);
                    Keyframe? selected = _selector.Select(frame);
                    _horizon.Look(frame.Time, selected is not null);
                    byte[]? picture = selected is not null || Live.IsWatched ? jpeg.Encode(frame) : null;
                    if (picture is not null)
                        Live.Show(picture);
                    if (selected is not null)
                    {
                        Keyframe keyframe = selected with { Codec = codec };
                        var candidate = new Candidate(frame, keyframe, picture!, arrived, progress, _reuse.SameAs(keyframe, time));
                        await keyframes.WriteAsync(candidate, cancellation).ConfigureAwait(false);
                        handedOver = true;
                    }
                }
                finally
                {
                    if (!handedOver)
                        frame.Dispose();
                }
            }
        }
        finally
        {
            keyframes.Complete();
        }
    }

    private async Task EncodeReduceRemember(SourceRun run, ChannelReader<Candidate> keyframes, CancellationToken cancellation)
    {
        var batch = new List<Candidate>(_options.EncoderBatch);
        try
        {
            while (await keyframes.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                while (batch.Count < _options.EncoderBatch && keyframes.TryRead(out Candidate candidate))
                    batch.Add(candidate);
                try
                {
                    await EncodeReduceRemember(batch, cancellation).ConfigureAwait(false);
                }
                catch (InferenceException) when (run.IsLossy)
                {
                    Lose(batch);
                }
                Release(batch);
            }
        }
        finally
        {
            Release(batch);
        }
    }

    /// <summary>A keyframe that looks like another takes over its tokens, unless that one was lost.</summary>
    private async Task EncodeReduceRemember(List<Candidate> batch, CancellationToken cancellation)
    {
        bool IsEncoded(Candidate c) => c.SameAs is not { } number || !(_reuse.Has(number) || batch.Exists(other => other.Keyframe.Number == number));
        bool[] isEncoded = [.. batch.Select(IsEncoded)];
        Frame[] frames = [.. batch.Where((_, i) => isEncoded[i]).Select(c => c.Frame)];
        var encoded = new Queue<VisualTokens>(frames.Length > 0 ? await _encoder.EncodeAsync(frames, cancellation).ConfigureAwait(false) : []);
        foreach ((int i, Candidate candidate) in batch.Index())
        {
            if (isEncoded[i])
                _reuse.Encoded(candidate.Keyframe, encoded.Dequeue());
            Remember(candidate, _reuse.TokensOf(candidate.Keyframe), isEncoded[i]);
        }
    }

    private void Remember(Candidate candidate, VisualTokens tokens, bool isEncoded)
    {
        _observer?.Seen(candidate.Keyframe, candidate.Jpeg, tokens, candidate.Progress);
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<MemoryEntry> final = _reducer.Add(candidate.Keyframe, tokens), open = _reducer.Open;
        _reduceTime += Stopwatch.GetElapsedTime(start);
        _open.Enqueue(candidate.Progress);
        TimeSpan lag = isEncoded ? _counts.Keep(candidate.Arrived, tokens.Count) : _counts.Reuse(candidate.Arrived);
        Settle(final, open);
        _horizon.Remember(candidate.Keyframe.Time);
        _remembered?.Invoke(lag);
    }

    /// <summary>What is final goes into memory for good, what is open until more is known.</summary>
    private void Settle(IReadOnlyList<MemoryEntry> final, IReadOnlyList<MemoryEntry> open)
    {
        _memory.Write(final, open);
        foreach (MemoryEntry entry in final)
        {
            _counts.Reduce(entry.Tokens.Count);
            _observer?.Kept(entry, _open.Dequeue());
        }
        MemorySnapshot written = _memory.Written;
        foreach (MemoryClip clip in _closed.In(written))
            ClipClosed?.Invoke(clip, written);
    }

    /// <summary>The world does not wait until the model is well again: the stream goes on without these keyframes.</summary>
    private void Lose(List<Candidate> keyframes)
    {
        _counts.Lose(keyframes.Count);
        foreach (Candidate lost in keyframes)
        {
            _horizon.Lose();
            _gaps.Miss(lost.Keyframe.Time, GapReason.Lost);
        }
    }

    private static void Release(List<Candidate> batch)
    {
        foreach (Candidate candidate in batch)
            candidate.Frame.Dispose();
        batch.Clear();
    }

    private static void Drain(ChannelReader<Arrival> frames, ChannelReader<Candidate> keyframes)
    {
        while (frames.TryRead(out Arrival arrival))
            arrival.Frame.Dispose();
        while (keyframes.TryRead(out Candidate candidate))
            candidate.Frame.Dispose();
    }
}
