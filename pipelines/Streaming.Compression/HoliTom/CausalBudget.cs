namespace Streaming.Compression.HoliTom;

/// <summary>
/// How many tokens each part of a chunk may keep: what stands still in each window, what moves in each frame, and what has stood still in
/// the open window until now. Together exactly what the chunk's frames add and the open window has set aside, as far as there is as much.
/// </summary>
internal sealed class CausalBudget
{
    private readonly CausalHoliTomOptions _options;
    private readonly int _places, _words;
    private readonly ulong[] _through, _fallen;
    private readonly int[] _lengths, _sizes, _least, _shares;
    private readonly double[] _weights;
    private int _windows;

    public CausalBudget(CausalHoliTomOptions options, int places)
    {
        int most = options.Chunk + 1;
        (_options, _places, _words) = (options, places, PlaceSet.Words(places));
        (_through, _fallen, _lengths) = (new ulong[most * _words], new ulong[_words], new int[most]);
        (_sizes, _least, _shares, _weights) = (new int[2 * most], new int[2 * most], new int[2 * most], new double[2 * most]);
    }

    /// <summary>Frames of a window, with those of the open one that it begins with.</summary>
    public int Length(int window) => _lengths[window];

    /// <summary>Through a window of one frame nothing does.</summary>
    public bool StandsStill(int window, int place) => PlaceSet.Has(_through.AsSpan(window * _words, _words), place);

    /// <summary>Whether it stood still in the open window and does not in the window that begins with it.</summary>
    public bool HasFallen(int place) => PlaceSet.Has(_fallen, place);

    /// <summary>Tokens for what stands still through a window.</summary>
    public int OfStill(int window) => _shares[window];

    /// <summary>Tokens for what moves in a frame of the chunk; in number 0, for what has fallen.</summary>
    public int OfFrame(int frame) => _shares[_windows + frame];

    /// <param name="decided">Frames before the chunk.</param>
    public void Share(CausalSegmentation cut, OpenWindow open, int decided)
    {
        _windows = cut.Starts.Length;
        int groups = _windows + cut.Last + 1;
        SetGroup(_windows, 0, 0); // number 0 has no part where there is no open window
        for (int window = 0; window < _windows; window++)
            Measure(cut, open, window);
        int total = (int)(Allowance(decided + cut.Last) - Allowance(decided)) + (open.Length > 0 ? open.Reserve : 0);
        TokenBudget.Share(total, _least.AsSpan(0, groups), _sizes.AsSpan(0, groups), _weights.AsSpan(0, groups), _shares.AsSpan(0, groups));
    }

    private void Measure(CausalSegmentation cut, OpenWindow open, int window)
    {
        (int start, int end) = (cut.Starts[window], cut.End(window));
        _lengths[window] = (start == 0 ? open.Length : 1) + end - start;
        Span<ulong> through = _through.AsSpan(window * _words, _words);
        through.Clear();
        if (_lengths[window] > 1)
            cut.Still(start, end).CopyTo(through);
        int still = PlaceSet.Count(through);
        SetGroup(window, still, least: 1);
        for (int frame = Math.Max(start, 1); frame <= end; frame++)
            SetGroup(_windows + frame, _places - still, least: 0);
        if (start > 0)
            return;
        for (int word = 0; word < _words; word++)
            _fallen[word] = open.Still[word] & ~through[word];
        SetGroup(_windows, PlaceSet.Count(_fallen), least: open.Length > 1 ? 1 : 0);
    }

    private void SetGroup(int group, int size, int least) => (_sizes[group], _weights[group], _least[group]) = (size, size, least);

    /// <summary>The most tokens of so many frames.</summary>
    private long Allowance(int frames) => (long)Math.Round((double)frames * _places * _options.HoliTom.RetainRatio, MidpointRounding.ToEven);
}
