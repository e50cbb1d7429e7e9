using Streaming.Pipelines.Tests;

namespace Streaming.Server.Tests;

/// <summary>An encoder that stops after so many frames until it is let go on, or nobody wants them any more.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _open = new();
    private int _encoded;

    public Gate(int closesAfter) => Encoder = new MeanColourEncoder((frames, cancellation) =>
    {
        if (Volatile.Read(ref _encoded) >= closesAfter)
        {
            _closed.TrySetResult();
            _open.Wait(cancellation);
        }
        Interlocked.Add(ref _encoded, frames);
    });

    public MeanColourEncoder Encoder { get; }

    /// <summary>Completes when a frame waits.</summary>
    public Task Closed => _closed.Task;

    public int Encoded => Volatile.Read(ref _encoded);

    public void Open() => _open.Set();
}
