using System.Numerics.Tensors;

namespace Streaming.Models.Speech;

/// <summary>
/// Sound -> input_features as Whisper reads it (arXiv 2212.04356, section 2.2): the power of 25 ms windows every 10 ms in bands that are as wide as
/// hearing has them (Slaney's mel scale and norm), as decimal logarithms of which none is more than eight below the loudest, scaled to about -1..1.
/// </summary>
public sealed class LogMel
{
    // Slaney's scale (Auditory Toolbox): linear up to 1 kHz, 15 mels; from there 27 mels for each factor of 6.4.
    private const double LinearStep = 200.0 / 3, LogFrom = 1000, LogFromMels = 15, MelsPerFactor = 27, Factor = 6.4;

    // Whisper's: powers below this count as this; at most so many decades below the loudest; (x + 4) / 4.
    private const float Floor = 1e-10f, Decades = 8, Shift = 4;

    private const double HighestHertz = 8000;

    private readonly SpeechShape _shape;
    private readonly double[] _window;
    private readonly double[][] _cosines, _sines;
    private readonly (int First, float[] Weights)[] _bands;

    public LogMel(SpeechShape shape)
    {
        _shape = shape;
        int length = shape.WindowSamples, bins = (length / 2) + 1;
        _window = [.. Enumerable.Range(0, length).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / length)))]; // Hann, periodic
        _cosines = Table(bins, length, Math.Cos);
        _sines = Table(bins, length, Math.Sin);
        _bands = [.. Bands(shape, bins)];
    }

    /// <param name="sound">At <see cref="SpeechShape.SampleRate"/>, -1..1; silence follows where it is shorter than the model listens, and more is not heard.</param>
    /// <returns>[bands, frames].</returns>
    public float[] Features(ReadOnlySpan<float> sound)
    {
        int frames = _shape.Frames, bins = _cosines.Length;
        double[] padded = Reflected(sound);
        var features = new float[_bands.Length * frames];
        var framed = new double[_window.Length];
        var powers = new float[bins];
        for (int frame = 0; frame < frames; frame++)
        {
            TensorPrimitives.Multiply(padded.AsSpan(frame * _shape.HopSamples, framed.Length), _window, framed);
            for (int bin = 0; bin < bins; bin++)
            {
                double real = TensorPrimitives.Dot<double>(framed, _cosines[bin]), imaginary = TensorPrimitives.Dot<double>(framed, _sines[bin]);
                powers[bin] = (float)((real * real) + (imaginary * imaginary));
            }
            for (int band = 0; band < _bands.Length; band++)
            {
                var (first, weights) = _bands[band];
                features[(band * frames) + frame] = Math.Max(Floor, TensorPrimitives.Dot(powers.AsSpan(first, weights.Length), weights));
            }
        }
        TensorPrimitives.Log10(features, features);
        float least = TensorPrimitives.Max(features) - Decades;
        for (int i = 0; i < features.Length; i++)
            features[i] = (Math.Max(features[i], least) + Shift) / Shift;
        return features;
    }

    /// <summary>The sound in its full length, mirrored at both ends by half a window.</summary>
    private double[] Reflected(ReadOnlySpan<float> sound)
    {
        int half = _window.Length / 2, length = _shape.Samples;
        var padded = new double[length + (2 * half)];
        for (int i = 0; i < Math.Min(sound.Length, length); i++)
            padded[half + i] = sound[i];
        for (int i = 1; i <= half; i++)
        {
            padded[half - i] = padded[half + i];
            padded[half + length - 1 + i] = padded[half + length - 1 - i];
        }
        return padded;
    }

    private static double[][] Table(int bins, int length, Func<double, double> wave) =>
        [.. Enumerable.Range(0, bins).Select(bin => Enumerable.Range(0, length).Select(i => wave(2 * Math.PI * (bin * i % length) / length)).ToArray())];

    /// <summary>Triangles between the neighbours' centres, each of the same area; without the zeros at both ends.</summary>
    private static IEnumerable<(int First, float[] Weights)> Bands(SpeechShape shape, int bins)
    {
        double highest = Mels(HighestHertz), binWidth = shape.SampleRate / 2.0 / (bins - 1);
        double[] centres = [.. Enumerable.Range(0, shape.Bands + 2).Select(i => Hertz(highest * i / (shape.Bands + 1)))];
        for (int band = 0; band < shape.Bands; band++)
        {
            double left = centres[band], centre = centres[band + 1], right = centres[band + 2];
            float[] weights = [.. Enumerable.Range(0, bins).Select(bin => bin * binWidth).Select(hertz =>
                (float)(Math.Max(0, Math.Min((hertz - left) / (centre - left), (right - hertz) / (right - centre))) * 2 / (right - left)))];
            int first = Math.Max(0, Array.FindIndex(weights, weight => weight > 0)), last = Array.FindLastIndex(weights, weight => weight > 0);
            yield return (first, last < first ? [] : weights[first..(last + 1)]);
        }
    }

    private static double Mels(double hertz) => hertz < LogFrom ? hertz / LinearStep : LogFromMels + (Math.Log(hertz / LogFrom) * MelsPerFactor / Math.Log(Factor));

    private static double Hertz(double mels) => mels < LogFromMels ? mels * LinearStep : LogFrom * Math.Exp((mels - LogFromMels) * Math.Log(Factor) / MelsPerFactor);
}
