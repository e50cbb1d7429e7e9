namespace Streaming.Models.Speech;

/// <summary>
/// Sound of any rate -> 16 kHz, piece by piece, by a windowed sinc that lets through what lies below half of the lower rate. The pieces together
/// give what the whole would. Not for several threads.
/// </summary>
public sealed class SoundResampler
{
    /// <summary>Zero crossings on each side: with a Hann window neighbours of the band are 40 dB down.</summary>
    private const int Crossings = 16;

    /// <summary>Places between two samples that a filter is made for: errors of time are below 60 dB.</summary>
    private const int Phases = 256;

    private readonly double _step;
    private readonly int _reach;
    private readonly float[][]? _filters;
    private readonly List<float> _held = [];
    private double _at;

    /// <param name="rate">Samples a second of what comes in.</param>
    /// <param name="target">Samples a second of what goes out.</param>
    public SoundResampler(int rate, int target)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        _step = (double)rate / target;
        double cut = Math.Min(1, 1 / _step);
        _reach = (int)Math.Ceiling(Crossings / cut);
        if (rate == target)
            return;
        _filters = [.. Enumerable.Range(0, Phases + 1).Select(phase => Filter((double)phase / Phases, cut))];
        _held.AddRange(new float[_reach]);
        _at = _reach;
    }

    /// <returns>What can be made of all samples so far and was not given before.</returns>
    public float[] Add(ReadOnlySpan<float> samples)
    {
        if (_filters is null)
            return samples.ToArray();
        _held.AddRange(samples);
        var made = new List<float>((int)(samples.Length / _step) + 1);
        for (; (int)_at + _reach + 1 < _held.Count; _at += _step)
        {
            int whole = (int)_at;
            float[] filter = _filters[(int)Math.Round((_at - whole) * Phases)];
            float sum = 0;
            for (int i = 0; i < filter.Length; i++)
                sum += filter[i] * _held[whole - _reach + 1 + i];
            made.Add(sum);
        }
        int done = (int)_at - _reach;
        _held.RemoveRange(0, done);
        _at -= done;
        return [.. made];
    }

    /// <summary>Weights of the samples around a place that lies between two of them.</summary>
    private float[] Filter(double fraction, double cut)
    {
        double[] weights = [.. Enumerable.Range(0, 2 * _reach).Select(i =>
        {
            double distance = i - _reach + 1 - fraction, x = Math.PI * distance * cut;
            double window = Math.Abs(distance) < _reach ? 0.5 + (0.5 * Math.Cos(Math.PI * distance / _reach)) : 0;
            return window * (Math.Abs(x) < 1e-9 ? 1 : Math.Sin(x) / x);
        })];
        double sum = weights.Sum(); // Silence and loudness stay what they are.
        return [.. weights.Select(weight => (float)(weight / sum))];
    }
}
