using System.Numerics;

namespace Streaming.Compression.HoliTom;

/// <summary>
/// What HoliTom keeps of each window: how many merged tokens of the places that stand still through it, and how many of each frame's
/// others (section 3.2 and the code's rounding). Keeps its memory from call to call.
/// </summary>
internal sealed class WindowPlan
{
    private readonly TemporalSegmentation _segmentation = new();
    private ulong[] _still = [], _through = [];
    private int[] _sizes = [], _least = [], _shares = [];
    private double[] _weights = [];
    private int _frames, _places, _words;

    public ReadOnlySpan<int> Starts => _segmentation.Starts;

    public int Saved => _segmentation.Saved;

    /// <summary>Share of what temporal merging leaves that is kept.</summary>
    public double Ratio { get; private set; }

    /// <summary>Tokens that the plan keeps in all.</summary>
    public int Kept { get; private set; }

    public int Last(int window) => (window + 1 < Starts.Length ? Starts[window + 1] : _frames) - 1;

    public bool StandsStill(int window, int place) => (_through[window * _words + (place >> 6)] >> place & 1) != 0;

    public int StillPlaces(int window) => _sizes[window];

    /// <summary>Merged tokens to keep of a window.</summary>
    public int StillBudget(int window) => _shares[window];

    /// <summary>Tokens to keep of a frame's places that do not stand still.</summary>
    public int FrameBudget(int frame) => _shares[Starts.Length + frame];

    /// <param name="budget">The most tokens to keep; the published form rounds by itself and ignores it.</param>
    public void Make(TokenVolume volume, HoliTomOptions options, int budget)
    {
        (_frames, _places, _words) = (volume.Frames, volume.Places, (volume.Places + 63) / 64);
        Grow();
        MarkStill(volume, (float)options.Threshold);
        _segmentation.Cut(_still.AsSpan(0, (_frames - 1) * _words), _frames, _words, options.LongestWindow);
        MarkThrough();
        double merged = (double)volume.Tokens - Saved;
        // The authors' order of operations: rounding differs otherwise.
        Ratio = Math.Min(options.RetainRatio / (merged / volume.Tokens), 1);
        if (options.Published)
            RoundEach();
        else
            TokenBudget.Share(budget, Groups(_least), Groups(_sizes), Groups(_weights), Groups(_shares));
        Kept = 0;
        foreach (int share in Groups(_shares))
            Kept += share;
    }

    private void MarkStill(TokenVolume volume, float threshold)
    {
        _still.AsSpan(0, (_frames - 1) * _words).Clear();
        // From the end, so that what is merged next, from the beginning, is still in the cache.
        for (int frame = _frames - 2; frame >= 0; frame--)
        {
            for (int place = 0; place < _places; place++)
            {
                if (volume.Likeness(frame, place) > threshold)
                    _still[frame * _words + (place >> 6)] |= 1ul << place;
            }
        }
    }

    /// <summary>What stands still through each window, and the sizes of the groups that share the budget: windows first, then frames.</summary>
    private void MarkThrough()
    {
        for (int window = 0; window < Starts.Length; window++)
        {
            (int first, int last) = (Starts[window], Last(window));
            Span<ulong> through = _through.AsSpan(window * _words, _words);
            through.Fill(first < last ? ulong.MaxValue : 0);
            for (int frame = first; frame < last; frame++)
            {
                for (int word = 0; word < _words; word++)
                    through[word] &= _still[frame * _words + word];
            }
            int still = 0;
            foreach (ulong word in through)
                still += BitOperations.PopCount(word);
            SetGroup(window, still, least: 1);
            for (int frame = first; frame <= last; frame++)
                SetGroup(Starts.Length + frame, _places - still, least: 0);
        }
    }

    private void SetGroup(int group, int size, int least) => (_sizes[group], _weights[group], _least[group]) = (size, size, least);

    /// <summary>The authors' rounding: what stands still to the nearest even, each frame's others up.</summary>
    private void RoundEach()
    {
        for (int group = 0; group < Groups(_shares).Length; group++)
        {
            double exact = _sizes[group] * Ratio;
            _shares[group] = (int)(group < Starts.Length ? Math.Round(exact, MidpointRounding.ToEven) : Math.Ceiling(exact));
        }
    }

    private Span<T> Groups<T>(T[] all) => all.AsSpan(0, Starts.Length + _frames);

    private void Grow()
    {
        if (_still.Length < _frames * _words)
            (_still, _through) = (new ulong[_frames * _words], new ulong[_frames * _words]);
        if (_sizes.Length < 2 * _frames)
            (_sizes, _least, _shares, _weights) = (new int[2 * _frames], new int[2 * _frames], new int[2 * _frames], new double[2 * _frames]);
    }
}
