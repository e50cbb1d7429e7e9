using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>Runs networks for one generation, adds up the time inside them, and can end them from any thread.</summary>
internal sealed class TimedRuns(TimeProvider clock) : IDisposable
{
    private readonly RunOptions _options = new();

    public TimeSpan Elapsed { get; private set; }

    public void Run(InferenceSession session, OrtIoBinding binding)
    {
        long start = clock.GetTimestamp();
        session.RunWithBinding(_options, binding);
        Elapsed += clock.GetElapsedTime(start);
    }

    /// <summary>Makes the run in progress, if any, and all later ones fail at once.</summary>
    public void Terminate() => _options.Terminate = true;

    public void Dispose() => _options.Dispose();
}
