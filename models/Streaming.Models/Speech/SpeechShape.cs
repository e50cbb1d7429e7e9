namespace Streaming.Models.Speech;

/// <summary>How a speech recogniser listens: feature_size, sampling_rate, n_fft, hop_length and n_samples of preprocessor_config.json.</summary>
/// <param name="Bands">Rows of its input_features.</param>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="WindowSamples">Of one column of input_features.</param>
/// <param name="HopSamples">From one column to the next.</param>
/// <param name="Samples">What it listens to at a time.</param>
public sealed record SpeechShape(int Bands, int SampleRate, int WindowSamples, int HopSamples, int Samples)
{
    /// <summary>Columns of its input_features.</summary>
    public int Frames => Samples / HopSamples;

    /// <summary>What it listens to at a time.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds((double)Samples / SampleRate);
}
