namespace Streaming.Pipelines;

/// <summary>How long the line in front of a device is patient.</summary>
public sealed record InferenceLimits
{
    /// <summary>So many answers run side by side: as many as the model writes together.</summary>
    public int AnswersAtOnce { get; init; } = 1;

    /// <summary>A question waits this long for its turn at most: as long as the answer of the one before it may take.</summary>
    public TimeSpan QuestionWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this an inference is told to end. An answer ends by itself after 30 s, a batch of frames takes less.</summary>
    public TimeSpan Run { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// An inference that goes on for this long after it was told to end hangs. ONNX Runtime looks between two nodes of a graph whether
    /// it shall end; no node of a model that a CPU can serve takes a second.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so many failures one after another the model counts as out of order, until it succeeds again.</summary>
    public int FailuresInARow { get; init; } = 3;
}
