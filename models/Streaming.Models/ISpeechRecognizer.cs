using Streaming.Models.Speech;

namespace Streaming.Models;

/// <summary>Writes down what is said. One call at a time.</summary>
public interface ISpeechRecognizer : IDisposable
{
    /// <summary>The name that transcripts carry.</summary>
    string Name { get; }

    /// <summary>How it listens.</summary>
    SpeechShape Sound { get; }

    /// <param name="sound">At the rate of <see cref="Sound"/>, -1..1, no longer than it listens at a time.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    Transcript Transcribe(ReadOnlySpan<float> sound, CancellationToken cancellation = default);
}

/// <param name="Language">Such as "en".</param>
/// <param name="TokenIds">With the timestamps, without the end token.</param>
/// <param name="LogProbability">Mean natural logarithm of the tokens' probabilities, the end token's included: 0 is sure.</param>
public sealed record Transcript(string Language, IReadOnlyList<SpokenLine> Lines, IReadOnlyList<int> TokenIds, double LogProbability);
