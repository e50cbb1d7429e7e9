using System.Numerics;

namespace Streaming.Compression.HoliTom;

/// <summary>
/// Cuts a sequence of frames into windows so that merging, within each window, the places that stand still through all of it removes the
/// most tokens (HoliTom, section 3.1): a dynamic programme over P(p,q) = |places still from p to q| * (q - p).
/// </summary>
/// <remarks>Ties go to the single frame, else to the shortest last window, as in the authors' code. Keeps its memory from call to call.</remarks>
public sealed class TemporalSegmentation
{
    private int[] _saved = [], _lastStart = [], _starts = [];
    private ulong[] _still = [];
    private int _windows;

    /// <summary>The first frame of each window, in order.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, _windows);

    /// <summary>Tokens that merging removes.</summary>
    public int Saved { get; private set; }

    /// <param name="still">Bits of the places that do not change from each frame to the next, [frames - 1, words].</param>
    /// <param name="words">Words of 64 places a frame.</param>
    /// <param name="longest">Most frames in a window.</param>
    public void Cut(ReadOnlySpan<ulong> still, int frames, int words, int longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(still.Length, (frames - 1) * words, nameof(still));
        Grow(frames, words);
        _saved[0] = 0;
        for (int last = 0; last < frames; last++)
            Extend(still, last, words, longest);
        Saved = _saved[frames];
        Trace(frames);
    }

    /// <summary>The best cut of the frames up to <paramref name="last"/> from the best cuts of all shorter beginnings.</summary>
    private void Extend(ReadOnlySpan<ulong> still, int last, int words, int longest)
    {
        (int best, int start) = (_saved[last], last);
        Span<ulong> through = _still.AsSpan(0, words);
        through.Fill(ulong.MaxValue);
        for (int first = last - 1; first >= 0 && last - first < longest; first--)
        {
            int places = 0;
            for (int word = 0; word < words; word++)
                places += BitOperations.PopCount(through[word] &= still[first * words + word]);
            if (places == 0)
                break; // nothing stands still from here back, and a longer beginning never saves less
            int saved = _saved[first] + places * (last - first);
            if (saved > best)
                (best, start) = (saved, first);
        }
        (_saved[last + 1], _lastStart[last]) = (best, start);
    }

    private void Trace(int frames)
    {
        _windows = 0;
        for (int last = frames - 1; last >= 0; last = _lastStart[last] - 1)
            _starts[_windows++] = _lastStart[last];
        _starts.AsSpan(0, _windows).Reverse();
    }

    private void Grow(int frames, int words)
    {
        if (_starts.Length < frames)
            (_saved, _lastStart, _starts) = (new int[frames + 1], new int[frames], new int[frames]);
        if (_still.Length < words)
            _still = new ulong[words];
    }
}
