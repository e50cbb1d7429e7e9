using Streaming.Compression.HoliTom;
using Streaming.Models;

namespace Streaming.Compression.Codec;

/// <summary>
/// Which frames of a clip are keyframes, and how new everything is next to what they and the frames before them showed. Keyframes are the
/// first frame, intra frames and cuts that bring something new, and compensation frames, evenly spaced, wherever a gap would be too long.
/// </summary>
/// <remarks>Frames need not be whole: each place is compared with what a keyframe last showed there, or with what was first seen of it.</remarks>
internal sealed class ClipNews
{
    private readonly VisualTokens _tokens;
    private readonly CodecBudgetOptions _options;
    private readonly Dictionary<(short Row, short Column), int> _shown = [];
    private readonly bool[] _isKey;
    private readonly float[] _novelty;
    private readonly double[] _change;

    /// <param name="keyframes">What is known of the frames, in order; of some or none.</param>
    public ClipNews(VisualTokens tokens, IReadOnlyList<Keyframe> keyframes, CodecBudgetOptions options)
    {
        (_tokens, _options, Frames) = (tokens, options, TokenFrames.Of(tokens));
        (_isKey, _novelty, _change) = (new bool[Frames.Length], new float[tokens.Count], new double[Frames.Length]);
        Codec = TellingOf(keyframes);
        Look(frame => frame == 0 || BringsSomethingNew(frame));
        CloseGaps();
        Look(frame => _isKey[frame]);
    }

    /// <summary>First token and number of tokens of each frame.</summary>
    public (int Start, int Count)[] Frames { get; }

    /// <summary>What the codec told of each frame; of one without a keyframe nothing.</summary>
    public CodecNews[] Codec { get; }

    /// <summary>[frames].</summary>
    public ReadOnlySpan<bool> IsKey => _isKey;

    /// <summary>The mean novelty of each frame's tokens, [frames].</summary>
    public ReadOnlySpan<double> Change => _change;

    /// <summary>One minus the cosine with what was shown before at the token's place, 1 where nothing was, [tokens].</summary>
    public ReadOnlySpan<float> Novelty => _novelty;

    public TimeSpan TimeOf(int frame) => _tokens.Origins.Span[Frames[frame].Start].Time;

    private CodecNews[] TellingOf(IReadOnlyList<Keyframe> keyframes)
    {
        var news = new CodecNews[Frames.Length];
        for (int frame = 0, known = 0; frame < news.Length; frame++)
        {
            while (known < keyframes.Count && keyframes[known].Time < TimeOf(frame))
                known++;
            if (known < keyframes.Count && keyframes[known].Time == TimeOf(frame))
                news[frame] = keyframes[known].Codec ?? default;
        }
        return news;
    }

    private void Look(Func<int, bool> isKey)
    {
        _shown.Clear();
        for (int frame = 0; frame < Frames.Length; frame++)
        {
            Compare(frame);
            _isKey[frame] = isKey(frame);
            Show(frame);
        }
    }

    private void Compare(int frame)
    {
        (int start, int count) = Frames[frame];
        double sum = 0;
        for (int token = start; token < start + count; token++)
            sum += _novelty[token] = _shown.TryGetValue(PlaceOf(token), out int shown) ? 1 - TokenVolume.LikenessOf(_tokens[token], _tokens[shown]) : 1;
        _change[frame] = sum / count;
    }

    private void Show(int frame)
    {
        (int start, int count) = Frames[frame];
        for (int token = start; token < start + count; token++)
        {
            if (_isKey[frame] || !_shown.ContainsKey(PlaceOf(token)))
                _shown[PlaceOf(token)] = token;
        }
    }

    private bool BringsSomethingNew(int frame) => Codec[frame] switch
    {
        { IsIntra: true } => _change[frame] > _options.IntraChange,
        { Deviations: { } deviations } codec => deviations > _options.CutDeviations && (_change[frame] > _options.CutChange || codec.IntraFraction > _options.CutIntraFraction),
        _ => _change[frame] > _options.CutChange,
    };

    private void CloseGaps()
    {
        int last = Frames.Length - 1;
        TimeSpan share = (TimeOf(last) - TimeOf(0)) * _options.LongestGapShare, longest = share > _options.LongestGap ? share : _options.LongestGap;
        for (int from = 0, to; from < last; from = to)
        {
            for (to = from + 1; to < last && !_isKey[to]; to++)
            {
            }
            CloseGap(from, to, longest);
        }
    }

    /// <summary>Puts as many keyframes as it takes, evenly, between two frames; the earliest of them first.</summary>
    private void CloseGap(int from, int to, TimeSpan longest)
    {
        while (to - from > 1 && TimeOf(to) - TimeOf(from) > longest)
        {
            TimeSpan gap = TimeOf(to) - TimeOf(from), wanted = TimeOf(from) + gap / (Math.Floor(gap / longest) + 1);
            int nearest = Enumerable.Range(from + 1, to - from - 1).MinBy(frame => (TimeOf(frame) - wanted).Duration());
            _isKey[nearest] = true;
            CloseGap(from, nearest, longest);
            from = nearest;
        }
    }

    private (short, short) PlaceOf(int token) => (_tokens.Origins.Span[token].Row, _tokens.Origins.Span[token].Column);
}
