namespace Streaming.Compression.HoliTom;

/// <summary>
/// The cut of an open window, number 0, and the frames of a chunk after it, from 1 on, into windows that saves most tokens: every place that
/// stands still through w of them needs one token instead of w. A dynamic programme, exact; ties go to the shorter last window.
/// </summary>
/// <remarks>A place stands still through a window while its cosine with the frame before exceeds the threshold and its cosine with the
/// window's mean so far the threshold less the drift.</remarks>
internal sealed class CausalSegmentation
{
    private readonly CausalHoliTomOptions _options;
    private readonly int _places, _words, _most;
    private readonly ulong[] _steady, _still;
    private readonly float[] _sums;
    private readonly int[] _saved, _lastStart, _starts;
    private int _windows;

    public CausalSegmentation(CausalHoliTomOptions options, int places, int hidden)
    {
        (_options, _places, _words, _most) = (options, places, PlaceSet.Words(places), options.Chunk + 1);
        (_steady, _still, _sums) = (new ulong[_most * _words], new ulong[_most * _most * _words], new float[places * hidden]);
        (_saved, _lastStart, _starts) = (new int[_most + 1], new int[_most], new int[_most]);
    }

    /// <summary>0 where there was an open window, else 1.</summary>
    public int First { get; private set; }

    public int Last { get; private set; }

    /// <summary>The first number of each window, in order.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, _windows);

    /// <summary>The last number of a window.</summary>
    public int End(int window) => window + 1 < _windows ? Starts[window + 1] - 1 : Last;

    /// <summary>Tokens that this cut saves.</summary>
    public int Saved => _saved[Last + 1];

    /// <summary>What stands still from one number to another, as far as that was looked at; of one alone everything.</summary>
    public Span<ulong> Still(int start, int last) => _still.AsSpan((start * _most + last) * _words, _words);

    public void Cut(FrameChunk chunk, OpenWindow open)
    {
        (First, Last) = (open.Length > 0 ? 0 : 1, chunk.Count);
        MarkSteady(chunk);
        _saved.AsSpan().Fill(-1);
        _saved[First] = 0;
        for (int start = First; start <= Last; start++)
            Extend(chunk, open, start);
        _windows = 0;
        for (int last = Last; last >= First; last = _lastStart[last] - 1)
            _starts[_windows++] = _lastStart[last];
        _starts.AsSpan(0, _windows).Reverse();
    }

    private void MarkSteady(FrameChunk chunk)
    {
        _steady.AsSpan().Clear();
        for (int frame = First; frame < Last; frame++)
        {
            for (int place = 0; place < _places; place++)
            {
                if (TokenVolume.LikenessOf(chunk[frame, place], chunk[frame + 1, place]) > (float)_options.HoliTom.Threshold)
                    PlaceSet.Add(_steady.AsSpan(frame * _words, _words), place);
            }
        }
    }

    /// <summary>Tries all windows that begin with <paramref name="start"/>.</summary>
    private void Extend(FrameChunk chunk, OpenWindow open, int start)
    {
        (start == 0 ? open.Sums : chunk[start]).CopyTo(_sums);
        Span<ulong> still = Still(start, start);
        if (start == 0)
            open.Still.CopyTo(still);
        else
            PlaceSet.Fill(still, _places);
        int length = start == 0 ? open.Length : 1;
        Offer(start, start, 0);
        for (int last = start + 1; last <= Last && length + last - start <= _options.HoliTom.LongestWindow; last++)
        {
            still.CopyTo(Still(start, last));
            still = Still(start, last);
            int places = Narrow(chunk, last, still);
            if (places == 0)
                return;
            Offer(start, last, places * (last - start));
        }
    }

    /// <summary>Takes out of <paramref name="still"/> what moves in a frame, and its features into the sums of the rest.</summary>
    /// <returns>How many places are left.</returns>
    private int Narrow(FrameChunk chunk, int frame, Span<ulong> still)
    {
        float least = (float)(_options.HoliTom.Threshold - _options.Drift);
        ReadOnlySpan<ulong> steady = _steady.AsSpan((frame - 1) * _words, _words);
        for (int place = 0; place < _places; place++)
        {
            if (!PlaceSet.Has(still, place))
                continue;
            Span<float> sum = _sums.AsSpan(place * chunk.Hidden, chunk.Hidden);
            if (PlaceSet.Has(steady, place) && TokenVolume.LikenessOf(sum, chunk[frame, place]) > least)
                System.Numerics.Tensors.TensorPrimitives.Add(sum, chunk[frame, place], sum);
            else
                PlaceSet.Remove(still, place);
        }
        return PlaceSet.Count(still);
    }

    /// <summary>A window that is as good as those tried before is better: it begins later.</summary>
    private void Offer(int start, int last, int gain)
    {
        if (_saved[start] + gain >= _saved[last + 1])
            (_saved[last + 1], _lastStart[last]) = (_saved[start] + gain, start);
    }
}
