using System.Numerics.Tensors;
using Streaming.Compression.HoliTom;

namespace Streaming.Compression.Tests.HoliTom;

/// <summary>The causal cut by trying all cuts, with every window measured anew from all its frames.</summary>
internal sealed class TextbookCut(CausalHoliTomOptions options, int places, int hidden)
{
    /// <summary>The open window's frames, and which places stood still through it.</summary>
    private List<float[]> _open = [];

    /// <param name="chunk">Frames, each [places, hidden].</param>
    public int MostSaved(IEnumerable<float[]> chunk)
    {
        float[][] frames = [.. chunk];
        int first = _open.Count > 0 ? 0 : 1;
        return Enumerable.Range(0, 1 << (frames.Length - first)).Max(cuts =>
            SavedBy([first, .. Enumerable.Range(first + 1, frames.Length - first).Where(i => (cuts >> (i - first - 1) & 1) != 0)], frames));
    }

    /// <summary>Tokens that these windows save beyond what the open one has saved already; -1 where one of them is too long.</summary>
    /// <param name="starts">0 stands for the open window, i for the i-th frame.</param>
    public int SavedBy(int[] starts, IEnumerable<float[]> chunk)
    {
        float[][] frames = [.. chunk];
        int saved = 0;
        for (int window = 0; window < starts.Length; window++)
        {
            int start = starts[window], end = window + 1 < starts.Length ? starts[window + 1] - 1 : frames.Length;
            List<float[]> whole = Window(start, end, frames);
            if (end > start && whole.Count > options.HoliTom.LongestWindow)
                return -1;
            saved += Enumerable.Range(0, places).Count(place => StandsStill(whole, place)) * (end - start);
        }
        return saved;
    }

    /// <summary>The window that begins there goes on.</summary>
    public void LeaveOpen(int start, IEnumerable<float[]> chunk)
    {
        float[][] frames = [.. chunk];
        _open = Window(start, frames.Length, frames);
    }

    private List<float[]> Window(int start, int end, float[][] frames) =>
        [.. start == 0 ? _open : [], .. frames.Skip(Math.Max(start, 1) - 1).Take(end - Math.Max(start, 1) + 1)];

    private bool StandsStill(List<float[]> window, int place)
    {
        var sum = new float[hidden];
        for (int frame = 0; frame < window.Count; frame++)
        {
            ReadOnlySpan<float> now = Token(window[frame], place);
            if (frame > 0 && !(TensorPrimitives.CosineSimilarity(Token(window[frame - 1], place), now) > (float)options.HoliTom.Threshold
                && TensorPrimitives.CosineSimilarity(sum, now) > (float)(options.HoliTom.Threshold - options.Drift)))
                return false;
            TensorPrimitives.Add(sum, now, sum);
        }
        return true;
    }

    private ReadOnlySpan<float> Token(float[] frame, int place) => frame.AsSpan(place * hidden, hidden);
}
