namespace Streaming.Compression.Codec;

/// <summary>
/// Listens to what the codec says about all frames of a source, looked at or not, and knows since when nothing has changed. Sizes are
/// compared with those of the same type, on a logarithmic scale, over the last minutes: an intra picture is always large.
/// One thread observes; any may ask.
/// </summary>
public sealed class CodecWatch(CodecWatchOptions options)
{
    /// <summary>Sizes that differ by a twentieth, and motion by a five-thousandth of the picture's diagonal, are alike.</summary>
    private const double LeastSize = 0.05, LeastMotion = 2e-4;

    private readonly Lock _gate = new();
    private readonly RunningSpread _predicted = new(options.Baseline, LeastSize), _intra = new(options.Baseline, LeastSize);
    private readonly RunningSpread _motion = new(options.Baseline, LeastMotion);
    private int _silent;
    private TimeSpan _lastChange = TimeSpan.MaxValue;

    public CodecEvidence Evidence
    {
        get
        {
            lock (_gate)
                return Judge();
        }
    }

    /// <summary>The next frame.</summary>
    /// <param name="codec">About the span since the frame before.</param>
    /// <param name="time">Later than all before.</param>
    /// <returns>What is new in it, next to those before.</returns>
    public CodecNews Observe(CodecSignals codec, TimeSpan time)
    {
        lock (_gate)
        {
            bool isFirst = _lastChange == TimeSpan.MaxValue, isQuiet = IsQuiet(codec);
            CodecNews news = Compare(codec);
            Learn(codec);
            if (isFirst || !isQuiet)
                _lastChange = time;
            return news;
        }
    }

    /// <summary>Whether the codec vouches that nothing has changed since then.</summary>
    public bool NothingChangedSince(TimeSpan time)
    {
        lock (_gate)
            return Judge() is CodecEvidence.MotionVectors or CodecEvidence.PacketSizes && _lastChange <= time;
    }

    /// <summary>Another source begins: what the one before was like tells nothing of it.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _predicted.Clear();
            _intra.Clear();
            _motion.Clear();
            (_silent, _lastChange) = (0, TimeSpan.MaxValue);
        }
    }

    private CodecEvidence Judge() => this switch
    {
        _ when _motion.Count >= options.WarmUp => CodecEvidence.MotionVectors,
        _ when _silent >= options.WarmUp => CodecEvidence.Features,
        _ when _predicted.Count < options.WarmUp || _intra.Count == 0 => CodecEvidence.Unknown,
        _ => SizesTell() ? CodecEvidence.PacketSizes : CodecEvidence.Features,
    };

    private bool SizesTell() => _predicted.Count >= options.WarmUp && _intra.Count > 0 && _predicted.Median() - _intra.Median() <= Math.Log(options.MostPredicted);

    /// <summary>Sizes of the span's predicted pictures; where there are none, of its intra pictures.</summary>
    private CodecNews Compare(CodecSignals codec)
    {
        var news = new CodecNews(codec.IsIntra, Motion: codec.Motion, IntraFraction: codec.IntraFraction);
        bool isPredicted = codec.PredictedBytes is > 0;
        if (!SizesTell() || (isPredicted ? codec.PredictedBytes : codec.IntraBytes) is not (> 0 and var bytes))
            return news;
        RunningSpread alike = isPredicted ? _predicted : _intra;
        double size = Math.Log(bytes), deviations = alike.DeviationsOf(size);
        return news with { Size = (float)(size - alike.Median()), Deviations = (float)Math.Clamp(deviations, -CodecNews.MostDeviations, CodecNews.MostDeviations) };
    }

    private bool IsQuiet(CodecSignals codec)
    {
        if (codec.PredictedBytes is not > 0)
            return false;
        double most = options.MostDeviations;
        return (_predicted.Count == 0 || _predicted.DeviationsOf(Math.Log(codec.PredictedBytes.Value)) <= most)
            && (codec.IntraBytes is not > 0 || _intra.Count == 0 || _intra.DeviationsOf(Math.Log(codec.IntraBytes.Value)) <= most)
            && (Activity(codec) is not { } motion || _motion.Count == 0 || _motion.DeviationsOf(motion) <= most);
    }

    private void Learn(CodecSignals codec)
    {
        if (codec.IntraBytes is > 0)
            _intra.Add(Math.Log(codec.IntraBytes.Value));
        _silent = codec.PredictedBytes is > 0 ? 0 : _silent + 1;
        if (codec.PredictedBytes is > 0)
            _predicted.Add(Math.Log(codec.PredictedBytes.Value));
        if (Activity(codec) is { } motion)
            _motion.Add(motion);
    }

    private static double? Activity(CodecSignals codec) => codec.Motion + codec.IntraFraction;
}
