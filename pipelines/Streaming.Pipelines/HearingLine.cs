using Streaming.Models;
using Streaming.Models.Speech;

namespace Streaming.Pipelines;

/// <summary>The one line in front of the speech recogniser: one stretch of sound at a time. Each stream waits for its own before it sends the next.</summary>
/// <param name="recognizer">Disposed with this, when nobody waits any more.</param>
public sealed class HearingLine(ISpeechRecognizer recognizer) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>How the recogniser listens.</summary>
    public SpeechShape Sound => recognizer.Sound;

    /// <summary>What is said in a stretch of sound.</summary>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<Transcript> HearAsync(float[] samples, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => recognizer.Transcribe(samples, cancellation), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        recognizer.Dispose();
        _turn.Dispose();
    }
}
